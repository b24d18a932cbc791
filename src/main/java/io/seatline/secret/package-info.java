/**
 * The server's key and what is derived from it.
 */
@NullMarked
package io.seatline.secret;

import org.jspecify.annotations.NullMarked;
