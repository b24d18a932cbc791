package io.seatline.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * The topmost Via (RFC 3261 section 20.42).
 *
 * @param transport as sent, such as UDP
 * @param host of the sent-by, as sent; an IPv6 address in its brackets
 * @param port of the sent-by, -1 when absent
 * @param branch null when absent, as RFC 2543 clients may have it
 * @param rport whether there is an {@code rport} parameter (RFC 3581), with a value or without
 */
public record Via(
        String transport, String host, int port, @Nullable String branch, boolean rport) {}
