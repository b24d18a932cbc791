package io.seatline.http;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import io.seatline.validation.Addresses;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a request comes from: the connection's other end or, when that is one of the trusted proxies, the nearest
 * address in {@code X-Forwarded-For} that is none. An IPv4 address mapped into IPv6 is the IPv4 address.
 */
public final class ClientAddress {
    /** Some proxies name the client's port too, and put an IPv6 address into brackets then. */
    private static final Pattern WITH_PORT =
            Pattern.compile("^(?:\\[([0-9A-Fa-f:.]+)](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5})$");

    private static final int IPV6_NETWORK_BITS = 64;
    private static final IPAddressGenerator GENERATOR = new IPAddressGenerator();

    private final List<IPAddress> trusted;

    /** Believes these proxies. */
    public ClientAddress(List<IPAddress> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /**
     * Where a request comes from.
     *
     * @param other the connection's other end
     * @param forwardedFor {@code X-Forwarded-For}, with commas between its values
     */
    public IPAddress of(InetAddress other, Optional<String> forwardedFor) {
        var peer = Addresses.plain(GENERATOR.from(other));
        if (trusted.isEmpty() || !isTrusted(peer) || forwardedFor.isEmpty()) {
            return peer;
        }
        var hops = forwardedFor.get().split(",", -1);
        for (var i = hops.length - 1; i >= 0; i--) {
            var text = WITH_PORT.matcher(hops[i].strip()).replaceFirst("$1$2");
            var hop = Addresses.parse(text);
            if (hop.isEmpty()) {
                break;
            }
            peer = hop.get();
            if (!isTrusted(peer)) {
                break;
            }
        }
        return peer;
    }

    /** Whether it is one of the trusted proxies. */
    boolean isTrusted(IPAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    /** What one subscriber has, and is counted as one: an IPv4 address, or an IPv6 network of /64. */
    public static IPAddress network(IPAddress source) {
        return source.isIPv6() ? source.toPrefixBlock(IPV6_NETWORK_BITS) : source;
    }
}
