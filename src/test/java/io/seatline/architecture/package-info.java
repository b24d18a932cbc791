/** The rules of the house. */
@NullMarked
package io.seatline.architecture;

import org.jspecify.annotations.NullMarked;
