/**
 * The command line: the command of all commands. A package for each group of them, which do not know each other; what
 * they stand on is in {@code command}. Commands call storage, and nothing calls them.
 */
@NullMarked
package io.seatline.cli;

import org.jspecify.annotations.NullMarked;
