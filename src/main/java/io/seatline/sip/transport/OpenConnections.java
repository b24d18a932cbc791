package io.seatline.sip.transport;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The open connections of one transport: how many there may be, whose, what they hold together, and the end of the
 * overdue.
 */
public final class OpenConnections implements AutoCloseable {
    private static final Logger LOG = System.getLogger(OpenConnections.class.getName());
    private static final Duration CHECK_EVERY = Duration.ofMillis(100);
    private static final long WARN_EVERY = Duration.ofMinutes(1).toMillis();

    private final String transport;
    private final ConnectionLimits limits;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger();
    private final Map<ByteBuffer, Integer> placesOfSources = new ConcurrentHashMap<>();
    private final AtomicLong warned = new AtomicLong(now() - WARN_EVERY);
    private final Counter refusedInAll;
    private final Counter refusedOfSource;
    private final Counter cut;
    private final Thread reaper;
    private volatile boolean closed;

    /**
     * @param address what they come to, which tells one listener's from another's
     */
    public OpenConnections(String transport, String address, ConnectionLimits limits, MeterRegistry meters) {
        this.transport = transport;
        this.limits = limits;
        var tags = Tags.of("transport", transport, "address", address);
        Gauge.builder("seatline.sip.connections", open, Set::size)
                .description("Open SIP connections")
                .tags(tags)
                .register(meters);
        refusedInAll = refused(meters, tags, "total");
        refusedOfSource = refused(meters, tags, "source");
        cut = Counter.builder("seatline.sip.connections.cut")
                .description("SIP connections ended because of a time limit or of too much memory")
                .tags(tags)
                .register(meters);
        reaper = Thread.ofVirtual().name("sip-" + transport + "-reaper").start(this::reap);
    }

    private static Counter refused(MeterRegistry meters, Tags tags, String limit) {
        return Counter.builder("seatline.sip.connections.refused")
                .description("SIP connections closed at once because there were too many, in total or of one source")
                .tags(tags)
                .tag("limit", limit)
                .register(meters);
    }

    ConnectionLimits limits() {
        return limits;
    }

    /** A clock for limits, in milliseconds. */
    static long now() {
        return System.nanoTime() / 1_000_000;
    }

    /** Gives the connection a place, which it has until {@link #remove}; false when there is none for it. */
    public boolean add(Connection connection) {
        if (places.incrementAndGet() > limits.connections()) {
            places.decrementAndGet();
            return refuse(refusedInAll, "There are " + limits.connections() + " connections by " + transport);
        }
        var source = connection.source();
        if (placesOfSources.merge(source.network(), 1, Integer::sum) > limits.perSource()) {
            release(source);
            return refuse(
                    refusedOfSource,
                    "There are " + limits.perSource() + " connections by " + transport + " from "
                            + source.address().getAddress().getHostAddress());
        }
        open.add(connection);
        if (closed) {
            remove(connection);
            return false;
        }
        return true;
    }

    private boolean refuse(Counter counter, String why) {
        counter.increment();
        var last = warned.get();
        if (now() - last >= WARN_EVERY && warned.compareAndSet(last, now())) {
            LOG.log(Level.WARNING, why + ", as many as there may be: further ones are closed at once");
        }
        return false;
    }

    void remove(Connection connection) {
        if (open.remove(connection)) {
            release(connection.source());
        }
    }

    private void release(RemoteAddress source) {
        placesOfSources.computeIfPresent(source.network(), (network, count) -> count == 1 ? null : count - 1);
        places.decrementAndGet();
    }

    /**
     * Counts what one connection holds more, or less, than before.
     *
     * @param its what it holds then
     * @return whether it may
     */
    boolean hold(int more, int its) {
        var may = limits.memory().hold(more, its);
        if (!may) {
            cut.increment();
        }
        return may;
    }

    private void reap() {
        while (!closed) {
            try {
                Thread.sleep(CHECK_EVERY);
                var now = now();
                for (var connection : open) {
                    if (connection.isOverdue(now)) {
                        cut.increment();
                        connection.cut();
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.log(Level.WARNING, "Overdue connections were not all ended", e);
            }
        }
    }

    /** Those that are open. */
    public Set<Connection> all() {
        return open;
    }

    @Override
    public void close() {
        closed = true;
        reaper.interrupt();
        open.forEach(Connection::cut);
    }
}
