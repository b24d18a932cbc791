/**
 * The SIP edge: transports, digest, abuse guard and the registrar (RFC 3261 section 10). Calls belong to the Kamailio
 * edge.
 */
@NullMarked
package io.seatline.sip;

import org.jspecify.annotations.NullMarked;
