package io.seatline.validation;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.Optional;

/**
 * One IP address as programs write it to each other: in full and in decimal, so that none reads another address than
 * the next.
 */
public final class Addresses {
    private static final int MAX = 53;

    private static final IPAddressStringParameters PLAIN = new IPAddressStringParameters.Builder()
            .allowPrefix(false)
            .allowMask(false)
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .getParentBuilder()
            .toParams();

    private Addresses() {}

    /** Reads one; empty for a block, a name or anything else. */
    public static Optional<IPAddress> parse(String text) {
        return Optional.ofNullable(text.length() > MAX ? null : new IPAddressString(text, PLAIN).getAddress())
                .filter(address -> !address.isMultiple())
                .map(Addresses::plain);
    }

    /** Without a prefix or zone; an IPv4 address mapped into IPv6 is the IPv4 address. */
    public static IPAddress plain(IPAddress address) {
        if (!address.isIPv6()) {
            return address.withoutPrefixLength();
        }
        // a zone is the receiving machine's name for a link, and no part of an address that is compared or stored
        var v6 = address.toIPv6().removeZone();
        return v6.isIPv4Mapped() ? v6.getEmbeddedIPv4Address() : v6.withoutPrefixLength();
    }
}
