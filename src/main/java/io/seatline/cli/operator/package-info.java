/** {@code operator}: tenants, and the credentials their systems log in with. */
@NullMarked
package io.seatline.cli.operator;

import org.jspecify.annotations.NullMarked;
