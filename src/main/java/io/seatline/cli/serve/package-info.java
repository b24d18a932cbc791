/** {@code serve} and {@code migrate}: the server, and its tables alone. */
@NullMarked
package io.seatline.cli.serve;

import org.jspecify.annotations.NullMarked;
