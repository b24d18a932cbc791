/** {@code customer}: the customers of an operator. */
@NullMarked
package io.seatline.cli.customer;

import org.jspecify.annotations.NullMarked;
