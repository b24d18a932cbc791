/**
 * Whether a phone is who it says: digest (RFC 7616, RFC 8760), its nonces, the credentials it is checked with, and the
 * guard against guessing. Knows requests and where they came from, and nothing of what is done with them.
 */
@NullMarked
package io.seatline.sip.auth;

import org.jspecify.annotations.NullMarked;
