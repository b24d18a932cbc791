/** Registrations: the bindings of accounts to phones, what was refused, and which sources are blocked. */
@NullMarked
package io.seatline.registration;

import org.jspecify.annotations.NullMarked;
