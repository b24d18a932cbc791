/**
 * Accounts as other systems keep them: what of them can become a SIP account here, and what can't be kept. Pure: reads,
 * and stores nothing.
 */
@NullMarked
package io.seatline.account.foreign;

import org.jspecify.annotations.NullMarked;
