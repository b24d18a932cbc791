package io.seatline.http;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where a request comes from: the connection's other end or, when that is one of the trusted proxies, the nearest address in
 * {@code X-Forwarded-For} that is none. An IPv4 address mapped into IPv6 is the IPv4 address.
 */
final class ClientAddress {
    private static final HeaderName FORWARDED_FOR = HeaderNames.X_FORWARDED_FOR;
    private static final IPAddressGenerator GENERATOR = new IPAddressGenerator();

    private final List<IPAddress> trusted;

    ClientAddress(List<IPAddress> trusted) {
        this.trusted = trusted;
    }

    IPAddress of(ServerRequest request) {
        var peer =
                plain(GENERATOR.from(((InetSocketAddress) request.remotePeer().address()).getAddress()));
        if (trusted.isEmpty() || !isTrusted(peer) || !request.headers().contains(FORWARDED_FOR)) {
            return peer;
        }
        var hops =
                String.join(",", request.headers().all(FORWARDED_FOR, List::of)).split(",", -1);
        for (var i = hops.length - 1; i >= 0; i--) {
            var hop = new IPAddressString(hops[i].strip()).getAddress();
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
        return address.isIPv6() && address.toIPv6().isIPv4Mapped()
                ? address.toIPv6().getEmbeddedIPv4Address()
                : address.withoutPrefixLength();
    }
}
