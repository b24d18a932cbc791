/** Seatline. */
@org.jspecify.annotations.NullMarked
package io.seatline;
