package io.seatline.registration;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Records why registrations were refused, for the operator. Aside of the answers, which must not tell by their time
 * that there is something to record; what comes faster than it can be stored is let go. Of the whole server: the
 * account is the one that the sender claimed to be.
 */
public final class Refusals implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Refusals.class.getName());
    private static final int MAX = 500;

    /** The same on every node. */
    private static final Comparator<Refused> IN_ORDER = comparing(Refused::accountId)
            .thenComparing(Refused::reason)
            .thenComparing(refused -> refused.source().getAddress().getHostAddress());

    private final Jdbi jdbi;
    private final ArrayBlockingQueue<Refused> queue = new ArrayBlockingQueue<>(10_000);
    private final Thread worker;

    /**
     * A registration that was refused.
     *
     * @param accountId the account that the sender claimed to be
     */
    public record Refused(
            UUID accountId,
            RefusalReason reason,
            InetSocketAddress source,
            String transport,
            @Nullable String userAgent) {
        private List<Object> key() {
            return List.of(accountId, reason, source.getAddress());
        }
    }

    /** Records in the database behind {@code jdbi}. */
    public Refusals(Jdbi jdbi) {
        this.jdbi = jdbi;
        this.worker = Thread.ofVirtual().name("refusals").start(this::work);
    }

    /** Records it soon. */
    public void add(Refused refusal) {
        var _ = queue.offer(refusal);
    }

    private void work() {
        var group = new ArrayList<Refused>();
        try {
            while (true) {
                group.add(queue.take());
                queue.drainTo(group, MAX - 1);
                store(group);
                group.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void store(List<Refused> group) {
        try {
            jdbi.useTransaction(handle -> {
                var update = handle.prepareBatch("""
                        INSERT INTO refusals AS kept (
                            account_id, operator_id, reason, source, source_port, transport, user_agent, times)
                        SELECT id, operator_id, :reason, :source::inet, :port, :transport, :agent, :times
                        FROM sip_accounts WHERE id = :account
                        ON CONFLICT (account_id, reason, source) DO UPDATE SET source_port = excluded.source_port,
                            transport = excluded.transport, user_agent = excluded.user_agent,
                            times = kept.times + excluded.times, last_seen_at = now()
                        """);
                // In one order everywhere: two nodes that store the same rows must not wait for each other.
                group.stream().collect(groupingBy(Refused::key)).values().stream()
                        .sorted(comparing(List::getLast, IN_ORDER))
                        .forEach(same -> update.bind("account", same.getLast().accountId())
                                .bind("reason", same.getLast().reason().wireName())
                                .bind(
                                        "source",
                                        same.getLast().source().getAddress().getHostAddress())
                                .bind("port", same.getLast().source().getPort())
                                .bind("transport", same.getLast().transport())
                                .bind("agent", same.getLast().userAgent())
                                .bind("times", same.size())
                                .add());
                update.execute();
                handle.createUpdate("""
                                DELETE FROM refusals r USING (
                                    SELECT account_id, reason, source, row_number() OVER (
                                        PARTITION BY account_id ORDER BY last_seen_at DESC) AS place
                                    FROM refusals WHERE account_id = ANY(:accounts)) ranked
                                WHERE ranked.place > 10 AND (r.account_id, r.reason, r.source)
                                    = (ranked.account_id, ranked.reason, ranked.source)
                                """)
                        .bindArray(
                                "accounts",
                                UUID.class,
                                group.stream()
                                        .map(Refused::accountId)
                                        .distinct()
                                        .toList())
                        .execute();
                count(handle, group);
            });
        } catch (JdbiException e) {
            LOG.log(Level.DEBUG, "refusals are not recorded", e);
        }
    }

    /** Adds to what the console's charts show; last, since all nodes write the same few rows. */
    private static void count(Handle handle, List<Refused> group) {
        handle.createUpdate("""
                        INSERT INTO refusal_counts AS kept (operator_id, at, reason, times)
                        SELECT s.operator_id, date_bin('10 minutes', now(), 'epoch'), r.reason, count(*)
                        FROM unnest(:accounts, :reasons) AS r (account_id, reason)
                        JOIN sip_accounts s ON s.id = r.account_id
                        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                        ON CONFLICT (operator_id, at, reason) DO UPDATE SET times = kept.times + excluded.times
                        """)
                .bindArray(
                        "accounts",
                        UUID.class,
                        group.stream().map(Refused::accountId).toList())
                .bindArray(
                        "reasons",
                        String.class,
                        group.stream()
                                .map(refused -> refused.reason().wireName())
                                .toList())
                .execute();
    }

    @Override
    public void close() {
        worker.interrupt();
    }
}
