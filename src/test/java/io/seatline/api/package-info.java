/** The Operator API on the wire, as the contract's clients speak it. */
@NullMarked
package io.seatline.api;

import org.jspecify.annotations.NullMarked;
