/**
 * The operator's face of the web interface: its customers, their accounts, registrations, abuse, and the audit log.
 */
@NullMarked
package io.seatline.console;

import org.jspecify.annotations.NullMarked;
