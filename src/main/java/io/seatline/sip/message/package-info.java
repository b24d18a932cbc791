/**
 * SIP messages as bytes: reads requests, cuts streams into messages and writes answers (RFC 3261 and what a registrar
 * needs of RFC 3581, 5626 and 7616). Pure: no sockets, no clock, nothing of registration.
 */
@NullMarked
package io.seatline.sip.message;

import org.jspecify.annotations.NullMarked;
