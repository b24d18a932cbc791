/**
 * What every Operator API request passes: authentication, negotiation, limits, errors, the access log.
 */
@NullMarked
package io.seatline.http;

import org.jspecify.annotations.NullMarked;
