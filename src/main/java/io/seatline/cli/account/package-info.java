/** {@code account}: SIP accounts, a file for each verb. */
@NullMarked
package io.seatline.cli.account;

import org.jspecify.annotations.NullMarked;
