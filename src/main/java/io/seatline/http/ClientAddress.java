package io.seatline.http;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where a request comes from: the connection's other end or, when that is one of the trusted proxies, the nearest address in
 * {@code X-Forwarded-For} that is none. An IPv4 address mapped into IPv6 is the IPv4 address.
 */
public final class ClientAddress {
    private static final HeaderName FORWARDED_FOR = HeaderNames.X_FORWARDED_FOR;
    private static final int LONGEST = 45;
    private static final IPAddressStringParameters PLAIN = new IPAddressStringParameters.Builder()
            .allowPrefix(false)
            .allowMask(false)
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .getParentBuilder()
            .toParams();
    private static final IPAddressGenerator GENERATOR = new IPAddressGenerator();

    private final List<IPAddress> trusted;

    /** Believes these proxies. */
    public ClientAddress(List<IPAddress> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /** Where a request comes from. */
    public IPAddress of(ServerRequest request) {
        return of(request.remotePeer(), request.headers());
    }

    /** Where what came with {@code headers} over the connection with {@code other} comes from. */
    public IPAddress of(PeerInfo other, Headers headers) {
        var peer = plain(GENERATOR.from(((InetSocketAddress) other.address()).getAddress()));
        if (trusted.isEmpty() || !isTrusted(peer) || !headers.contains(FORWARDED_FOR)) {
            return peer;
        }
        var hops = String.join(",", headers.all(FORWARDED_FOR, List::of)).split(",", -1);
        for (var i = hops.length - 1; i >= 0; i--) {
            var text = hops[i].strip();
            var hop = text.length() > LONGEST ? null : new IPAddressString(text, PLAIN).getAddress();
            if (hop == null || hop.isMultiple()) {
                break;
            }
            peer = plain(hop);
            if (!isTrusted(peer)) {
                break;
            }
        }
        return peer;
    }

    private boolean isTrusted(IPAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    private static IPAddress plain(IPAddress address) {
        if (!address.isIPv6()) {
            return address.withoutPrefixLength();
        }
        // a zone is the receiving machine's name for a link, and no part of an address that is compared or stored
        var v6 = address.toIPv6().removeZone();
        return v6.isIPv4Mapped() ? v6.getEmbeddedIPv4Address() : v6.withoutPrefixLength();
    }
}
