package io.seatline.sip.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whence a message came, as the transport knows it: the one address that is trusted, and the one that answers go to
 * (RFC 3581).
 *
 * @param address the peer; without a zone, and an IPv4 address mapped into IPv6 is IPv4 here
 * @param connection the number of the connection, which tells it from a later one of the same address; 0 where there is
 *     none
 */
public record RemoteAddress(InetSocketAddress address, Transport transport, long connection) {
    private static final AtomicLong CONNECTIONS = new AtomicLong();
    private static final int NETWORK_BYTES = 8;

    /** Takes the zone away: an allow-list has none. */
    public RemoteAddress {
        if (address.getAddress() instanceof java.net.Inet6Address scoped && scoped.getScopeId() != 0) {
            try {
                address = new InetSocketAddress(InetAddress.getByAddress(scoped.getAddress()), address.getPort());
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address has 16 bytes", e);
            }
        }
    }

    /** Without a connection: a datagram's, or what an edge tells. */
    public RemoteAddress(InetSocketAddress address, Transport transport) {
        this(address, transport, 0);
    }

    /** Of a new connection. */
    public static RemoteAddress ofConnection(InetSocketAddress address, Transport transport) {
        return new RemoteAddress(address, transport, CONNECTIONS.incrementAndGet());
    }

    /** What one customer has, and is counted as one: the IPv4 address, or the IPv6 network of /64. */
    public ByteBuffer network() {
        var bytes = address.getAddress().getAddress();
        return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES)).slice();
    }
}
