/**
 * A list request as SQL: one statement for the page and the exact count; and whose rows a statement is about.
 */
@NullMarked
package io.seatline.listing;

import org.jspecify.annotations.NullMarked;
