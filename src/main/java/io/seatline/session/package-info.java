/**
 * Links that let a customer, or an operator's staff on the customer's behalf, into the web interface.
 */
@NullMarked
package io.seatline.session;

import org.jspecify.annotations.NullMarked;
