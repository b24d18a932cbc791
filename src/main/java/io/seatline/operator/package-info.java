/**
 * Operators, the tenants, and the credentials their systems log in with.
 */
@NullMarked
package io.seatline.operator;

import org.jspecify.annotations.NullMarked;
