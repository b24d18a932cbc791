package io.seatline.registration;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** What an operator sees of refused registrations as a whole: how many for which reason, of whom and from where. */
public final class RefusalStatistics {
    /** Of the newest refusals so many are looked at: a row is an account, a reason and a source. */
    private static final int LOOKED_AT = 10_000;

    private static final String NEWEST = """
            (SELECT * FROM refusals WHERE operator_id = :operator AND last_seen_at > now() - :seconds * interval '1 second'
                ORDER BY last_seen_at DESC LIMIT %d)""".formatted(LOOKED_AT);

    private final Jdbi jdbi;

    /** The refusals in the database behind {@code jdbi}. */
    public RefusalStatistics(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * An account that was refused lately.
     *
     * @param times how often since {@code firstSeenAt}, all its sources and reasons together
     * @param reason of the most of them
     */
    public record RefusedAccount(
            UUID accountId,
            String username,
            RefusalReason reason,
            long times,
            long sources,
            Instant firstSeenAt,
            Instant lastSeenAt) {}

    /**
     * A source that was refused lately.
     *
     * @param times how often since {@code firstSeenAt}, all accounts and reasons together
     */
    public record RefusedSource(
            String source, RefusalReason reason, long times, long accounts, Instant firstSeenAt, Instant lastSeenAt) {}

    /**
     * How many registrations were refused since a time, by reason, in whole steps of ten minutes: by the beginning of
     * each.
     */
    public Map<Instant, Map<RefusalReason, Long>> steps(int operatorId, Instant since) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT at, reason, times FROM refusal_counts WHERE operator_id = :operator AND at >= :since")
                .bind("operator", operatorId)
                .bind("since", since)
                .reduceRows(new TreeMap<>(), (steps, row) -> {
                    steps.computeIfAbsent(row.getColumn("at", Instant.class), at -> new EnumMap<>(RefusalReason.class))
                            .put(row.getColumn("reason", RefusalReason.class), row.getColumn("times", Long.class));
                    return steps;
                }));
    }

    /** Accounts refused within {@code time}, those first that were refused most often. */
    public List<RefusedAccount> accounts(int operatorId, Duration time, int most) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT r.*, s.username FROM (
                            SELECT account_id, (array_agg(reason ORDER BY times DESC, reason))[1] AS reason,
                                sum(times) AS times, count(DISTINCT source) AS sources, min(first_seen_at) AS first_seen_at,
                                max(last_seen_at) AS last_seen_at
                            FROM %s newest GROUP BY account_id ORDER BY times DESC, account_id LIMIT :most) r
                        JOIN sip_accounts s ON s.id = r.account_id
                        ORDER BY r.times DESC, r.account_id
                        """.formatted(NEWEST))
                .bind("operator", operatorId)
                .bind("seconds", time.toSeconds())
                .bind("most", most)
                .mapTo(RefusedAccount.class)
                .list());
    }

    /** Sources refused within {@code time}, those first that were refused most often. */
    public List<RefusedSource> sources(int operatorId, Duration time, int most) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT host(source) AS source, (array_agg(reason ORDER BY times DESC, reason))[1] AS reason,
                            sum(times) AS times, count(DISTINCT account_id) AS accounts, min(first_seen_at) AS first_seen_at,
                            max(last_seen_at) AS last_seen_at
                        FROM %s newest GROUP BY newest.source ORDER BY times DESC, newest.source LIMIT :most
                        """.formatted(NEWEST))
                .bind("operator", operatorId)
                .bind("seconds", time.toSeconds())
                .bind("most", most)
                .mapTo(RefusedSource.class)
                .list());
    }
}
