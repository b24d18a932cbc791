/**
 * What every command stands on: where it was started, its operator, the database, what it writes and how it ends. Knows
 * no command.
 */
@NullMarked
package io.seatline.cli.command;

import org.jspecify.annotations.NullMarked;
