package io.seatline.registration;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.seatline.db.Failures;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;

/**
 * Ends the bindings that were registered over a connection when the connection ends, for operators who want that: the
 * phone can't be reached any more. Many in one commit, soon after; while the database is away, when it is back. A
 * process that is killed leaves them until they expire.
 */
public final class ConnectionBindings implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ConnectionBindings.class.getName());
    private static final int MAX_GROUP = 500;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final Jdbi jdbi;

    /** The accounts that have registered by connection, and when they last did. */
    private final Map<Connection, Map<UUID, Long>> open = new ConcurrentHashMap<>();

    private final LinkedBlockingQueue<Ended> queue = new LinkedBlockingQueue<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("connection-bindings").factory());

    /**
     * One phone's, or that of a proxy with many behind it.
     *
     * @param number tells it from another of the same other end, such as one that a phone opens at once in its place
     * @param source its other end
     */
    public record Connection(long number, InetSocketAddress source, String transport) {}

    /**
     * What was registered with the account over the connection is to end.
     *
     * @param last when it last was, by the database's clock: microseconds since 1970
     */
    record Ended(UUID accountId, Connection connection, long last) {}

    /** Ends them in the database behind {@code jdbi}. */
    public ConnectionBindings(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A REGISTER has come over it. */
    public void opened(Connection connection) {
        open.computeIfAbsent(connection, _ -> new ConcurrentHashMap<>());
    }

    /**
     * The account has bindings that were registered over it, which may have ended meanwhile.
     *
     * @param at when, by the database's clock: microseconds since 1970
     */
    public void registered(UUID accountId, Connection connection, long at) {
        var accounts = open.computeIfPresent(connection, (_, before) -> {
            before.merge(accountId, at, Math::max);
            return before;
        });
        if (accounts == null) {
            add(new Ended(accountId, connection, at));
        }
    }

    /** It has ended, and its bindings with it. */
    public void ended(Connection connection) {
        var accounts = open.remove(connection);
        if (accounts != null) {
            accounts.forEach((accountId, last) -> add(new Ended(accountId, connection, last)));
        }
    }

    private void add(Ended ended) {
        queue.add(ended);
        try {
            worker.execute(this::endQueued);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "a connection ended after all others", e);
        }
    }

    private void endQueued() {
        var group = new ArrayList<Ended>();
        queue.drainTo(group, MAX_GROUP);
        while (!group.isEmpty() && !end(group)) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** False when it must be tried again. */
    private boolean end(List<Ended> group) {
        try {
            jdbi.useTransaction(handle -> {
                Bindings.enterGate(handle);
                Bindings.endConnections(handle, group);
            });
            return true;
        } catch (RuntimeException e) {
            var comesBack = Failures.isAway(e) && !worker.isShutdown();
            LOG.log(comesBack ? Level.DEBUG : Level.WARNING, "bindings of ended connections are not ended", e);
            return !comesBack;
        }
    }

    /** Ends those of all connections, which must have ended. */
    @Override
    public void close() {
        open.keySet().forEach(this::ended);
        worker.shutdown();
        try {
            var _ = worker.awaitTermination(CLOSING.toMillis(), MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
