/** The program's entry, and nothing else: it hands over to {@code cli}. */
@org.jspecify.annotations.NullMarked
package io.seatline;
