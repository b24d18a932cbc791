/**
 * SIP accounts, called sip_device_routes on the wire.
 */
@NullMarked
package io.seatline.account;

import org.jspecify.annotations.NullMarked;
