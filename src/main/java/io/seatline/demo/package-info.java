/**
 * The data that a new server shows until it has its own. It may import the features whose records it makes, and
 * {@code environment}.
 */
@NullMarked
package io.seatline.demo;

import org.jspecify.annotations.NullMarked;
