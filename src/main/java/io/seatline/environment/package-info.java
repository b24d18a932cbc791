/**
 * What the server and every command run in: the settings, where they come from, the database and the key of its
 * secrets. It may import {@code db} and {@code secret}, and the records of {@code account} and {@code registration}
 * whose values can be set.
 */
@NullMarked
package io.seatline.environment;

import org.jspecify.annotations.NullMarked;
