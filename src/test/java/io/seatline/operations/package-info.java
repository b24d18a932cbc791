/** What those who run the server meet: its configuration, its start and stop, its database, its health. */
@NullMarked
package io.seatline.operations;

import org.jspecify.annotations.NullMarked;
