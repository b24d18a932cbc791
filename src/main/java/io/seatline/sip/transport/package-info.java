/**
 * How SIP messages come and go: UDP, TCP and TLS (RFC 3261 section 18), their connections, and what these put up with.
 * Knows the parser, and of what is done with a message only {@link io.seatline.sip.transport.MessageHandler}.
 */
@NullMarked
package io.seatline.sip.transport;

import org.jspecify.annotations.NullMarked;
