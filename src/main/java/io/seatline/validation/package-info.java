/**
 * What is the same of the rules for values whatever they are values of. Knows no feature and no wire format.
 */
@NullMarked
package io.seatline.validation;

import org.jspecify.annotations.NullMarked;
