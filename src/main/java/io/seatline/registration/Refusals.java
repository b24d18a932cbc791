package io.seatline.registration;

import static java.util.stream.Collectors.groupingBy;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Records why registrations were refused, for the operator. Aside of the answers, which must not tell by their time that there is
 * something to record; what comes faster than it can be stored is let go.
 */
public final class Refusals implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Refusals.class.getName());
    private static final int MOST = 500;

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
                queue.drainTo(group, MOST - 1);
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
                        INSERT INTO refusals AS kept (account_id, reason, source, source_port, transport, user_agent, times)
                        SELECT id, :reason, :source::inet, :port, :transport, :agent, :times
                        FROM sip_accounts WHERE id = :account
                        ON CONFLICT (account_id, reason, source) DO UPDATE SET source_port = excluded.source_port,
                            transport = excluded.transport, user_agent = excluded.user_agent,
                            times = kept.times + excluded.times, last_seen_at = now()
                        """);
                // In one order everywhere: two nodes that store the same rows must not wait for each other.
                group.stream().collect(groupingBy(Refused::key)).values().stream()
                        .sorted((a, b) ->
                                a.getLast().accountId().compareTo(b.getLast().accountId()))
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
            });
        } catch (JdbiException e) {
            LOG.log(Level.DEBUG, "refusals are not recorded", e);
        }
    }

    @Override
    public void close() {
        worker.interrupt();
    }
}
