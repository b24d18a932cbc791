/** {@code registration}: the phones that are registered, and those that are not let in. */
@NullMarked
package io.seatline.cli.registration;

import org.jspecify.annotations.NullMarked;
