/**
 * The database: its embedded server, pool, migrations, notifications and failures.
 */
@NullMarked
package io.seatline.db;

import org.jspecify.annotations.NullMarked;
