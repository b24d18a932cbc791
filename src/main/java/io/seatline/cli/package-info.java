/**
 * The command line.
 */
@NullMarked
package io.seatline.cli;

import org.jspecify.annotations.NullMarked;
