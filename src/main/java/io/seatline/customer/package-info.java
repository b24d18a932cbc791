/**
 * The customers of an operator.
 */
@NullMarked
package io.seatline.customer;

import org.jspecify.annotations.NullMarked;
