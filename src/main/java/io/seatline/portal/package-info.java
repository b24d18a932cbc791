/**
 * The customers' face of the web interface: their SIP accounts, and what their phones are told and do.
 */
@NullMarked
package io.seatline.portal;

import org.jspecify.annotations.NullMarked;
