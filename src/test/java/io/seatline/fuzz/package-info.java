/** The parsers against inputs that nobody thought of. */
@NullMarked
package io.seatline.fuzz;

import org.jspecify.annotations.NullMarked;
