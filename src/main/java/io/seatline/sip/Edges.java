package io.seatline.sip;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.seatline.sip.message.EdgeSource;
import io.seatline.sip.message.SipRequest;
import io.seatline.sip.transport.RemoteAddress;
import io.seatline.sip.transport.Transport;
import io.seatline.validation.Addresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The edges that phones may come by: proxies of the operator's, who say where a phone is, and what leads back to it.
 */
final class Edges {
    private final List<IPAddress> addresses;

    /**
     * Where a request comes from.
     *
     * @param phone its source, by which it is judged
     * @param peer who sent it, and gets the answer
     * @param path what leads back to the phone (RFC 3327); only an edge is believed
     */
    record Origin(RemoteAddress phone, RemoteAddress peer, Optional<String> path) {}

    Edges(List<IPAddress> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    /** Empty for a request that pretends to come by an edge, and for one whose edge does not name an address. */
    Optional<Origin> origin(SipRequest request, RemoteAddress peer) {
        var said = request.edgeSource();
        if (!isEdge(peer.address().getAddress())) {
            return said == null ? Optional.of(new Origin(peer, peer, Optional.empty())) : Optional.empty();
        }
        var phone = said == null ? Optional.of(peer) : source(said);
        return phone.map(source -> new Origin(source, peer, Optional.ofNullable(request.path())));
    }

    private boolean isEdge(InetAddress peer) {
        if (addresses.isEmpty()) {
            return false;
        }
        var address = new IPAddressString(peer.getHostAddress()).getAddress();
        return addresses.stream().anyMatch(block -> block.contains(address));
    }

    private static Optional<RemoteAddress> source(EdgeSource said) {
        var transport = Arrays.stream(Transport.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(said.transport()))
                .findFirst();
        return Addresses.parse(said.host())
                .flatMap(address -> transport.map(
                        one -> new RemoteAddress(new InetSocketAddress(address.toInetAddress(), said.port()), one)));
    }
}
