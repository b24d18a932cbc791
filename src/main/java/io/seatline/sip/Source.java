package io.seatline.sip;

import java.net.InetSocketAddress;

/**
 * Whence a message came, as the transport knows it: the one address that is trusted, and the one that answers go to (RFC 3581).
 *
 * @param address the peer; an IPv4 address mapped into IPv6 is IPv4 here
 */
public record Source(InetSocketAddress address, Transport transport) {}
