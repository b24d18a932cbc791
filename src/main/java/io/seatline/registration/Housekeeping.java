package io.seatline.registration;

import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * Deletes what nobody asks for any more. What has ended is not shown long before; this keeps the tables from growing.
 *
 * <p>No index helps: one would have to be written at each refresh, which costs more than reading the tables now and
 * then.
 */
public final class Housekeeping {
    /** How often is often enough. */
    public static final Duration EVERY = Duration.ofMinutes(10);

    /** Each leaves alone what a registration holds just now: they must not wait for each other. */
    private static final List<String> DELETIONS = List.of("""
            DELETE FROM bindings WHERE ctid IN (
                SELECT ctid FROM bindings WHERE expires_at < now() LIMIT 20000 FOR UPDATE SKIP LOCKED)
            """, """
            DELETE FROM used_nonces WHERE ctid IN (
                SELECT ctid FROM used_nonces WHERE nonce < (extract(epoch FROM now()) - 3600) * 1000000
                LIMIT 20000 FOR UPDATE SKIP LOCKED)
            """, """
            DELETE FROM refusals WHERE ctid IN (
                SELECT ctid FROM refusals WHERE last_seen_at < now() - interval '30 days' LIMIT 20000 FOR UPDATE SKIP LOCKED)
            """, """
            DELETE FROM blocked_sources WHERE ctid IN (
                SELECT ctid FROM blocked_sources WHERE expires_at < now() LIMIT 20000 FOR UPDATE SKIP LOCKED)
            """, """
            DELETE FROM provisioning_links WHERE token_hash IN (
                SELECT token_hash FROM provisioning_links WHERE expires_at < now() LIMIT 20000 FOR UPDATE SKIP LOCKED)
            """, """
            DELETE FROM refusal_counts WHERE ctid IN (
                SELECT ctid FROM refusal_counts WHERE at < now() - interval '8 days' LIMIT 20000 FOR UPDATE SKIP LOCKED)
            """, """
            DELETE FROM phone_counts WHERE ctid IN (
                SELECT ctid FROM phone_counts WHERE at < now() - interval '8 days' LIMIT 20000 FOR UPDATE SKIP LOCKED)
            """);

    private Housekeeping() {}

    /** Deletes it now. */
    public static void clean(Jdbi jdbi) {
        for (var deletion : DELETIONS) {
            int deleted;
            do {
                deleted = jdbi.withHandle(handle -> handle.execute(deletion));
            } while (deleted > 0);
        }
    }
}
