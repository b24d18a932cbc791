/**
 * The command line: the command of all commands, and what they stand on. A folder for each group of commands; they do not know each
 * other. Commands call storage, and nothing calls them.
 */
@NullMarked
package io.seatline.cli;

import org.jspecify.annotations.NullMarked;
