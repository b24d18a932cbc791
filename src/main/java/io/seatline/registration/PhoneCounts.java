package io.seatline.registration;

import java.time.Duration;
import org.jdbi.v3.core.Jdbi;

/**
 * Counts the phones that are registered, for the console: by transport and user agent now, and all of them in steps of
 * ten minutes. Each node has a turn, one at a time.
 *
 * <p>It only reads the bindings: a registration has nothing more to write for it, and waits for nothing.
 */
public final class PhoneCounts {
    /** How often to ask whether it is due. */
    public static final Duration EVERY = Duration.ofSeconds(5);

    /**
     * Whoever has the turn counts; the others find the row locked or not due, and read no binding. It is due again
     * after a hundred times as long as it took, so that it never takes more than a hundredth of the database's time.
     *
     * <p>Phones say what they are called: beyond the most frequent names of an operator all others are one, and the
     * table stays small.
     */
    private static final String COUNT = """
            WITH turn AS (
                SELECT only_row FROM phones_counted WHERE next_at <= now() FOR UPDATE SKIP LOCKED
            ), found AS (
                SELECT s.operator_id, b.transport, coalesce(b.user_agent, 'unknown') AS user_agent, count(*) AS phones
                FROM bindings b JOIN sip_accounts s ON s.id = b.account_id
                WHERE b.expires_at > now() AND (SELECT only_row FROM turn)
                GROUP BY 1, 2, 3
            ), frequent AS (
                SELECT operator_id, user_agent,
                    row_number() OVER (PARTITION BY operator_id ORDER BY sum(phones) DESC, user_agent) AS place
                FROM found GROUP BY 1, 2
            ), counted AS (
                SELECT f.operator_id, f.transport,
                    CASE WHEN q.place > 20 THEN 'other' ELSE f.user_agent END AS user_agent, sum(f.phones) AS phones
                FROM found f JOIN frequent q USING (operator_id, user_agent)
                GROUP BY 1, 2, 3
            ), now_written AS (
                INSERT INTO phones_now (operator_id, transport, user_agent, phones) SELECT * FROM counted
                ON CONFLICT (operator_id, transport, user_agent) DO UPDATE SET phones = excluded.phones
            ), gone AS (
                DELETE FROM phones_now n USING turn WHERE NOT EXISTS (
                    SELECT FROM counted c
                    WHERE (c.operator_id, c.transport, c.user_agent) = (n.operator_id, n.transport, n.user_agent))
            ), step_written AS (
                INSERT INTO phone_counts (operator_id, at, phones)
                SELECT o.id, date_bin('10 minutes', now(), 'epoch'), coalesce(sum(c.phones), 0)
                FROM turn, operators o LEFT JOIN counted c ON c.operator_id = o.id
                GROUP BY 1
                ON CONFLICT (operator_id, at) DO UPDATE SET phones = excluded.phones
            )
            UPDATE phones_counted p SET at = now(),
                next_at = clock_timestamp() + greatest(interval '10 s', 100 * (clock_timestamp() - now()))
            FROM turn, (SELECT count(*) FROM counted) AS after_counting
            """;

    private PhoneCounts() {}

    /** Counts when that is due and no other node does; true when it has counted. */
    public static boolean count(Jdbi jdbi) {
        return jdbi.withHandle(handle ->
                // The statement asks too; only to be planned takes it longer than this does.
                handle.createQuery("SELECT next_at <= now() FROM phones_counted")
                                .mapTo(Boolean.class)
                                .one()
                        && handle.execute(COUNT) > 0);
    }
}
