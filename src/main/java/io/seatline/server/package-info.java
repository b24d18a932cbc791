/**
 * The running server: its life cycle, its ports, names and certificates, and what a supervisor asks. Everything is put
 * together here, by hand, so this may import every package but {@code cli}, and only {@code cli} imports it.
 */
@NullMarked
package io.seatline.server;

import org.jspecify.annotations.NullMarked;
