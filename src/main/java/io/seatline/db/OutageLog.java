package io.seatline.db;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells once that nothing can be written, and why, and once that it can be again, however many requests find out
 * meanwhile. It looks for itself while that lasts, and not otherwise. What is over within a second is not worth a line,
 * nor is what {@link EmbeddedServer} tells.
 */
final class OutageLog implements AutoCloseable {
    private static final Logger LOG = System.getLogger(OutageLog.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Database database;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Instant silentSince = Instant.MAX;
    private volatile boolean closed;

    OutageLog(Database database) {
        this.database = database;
    }

    /** Something failed, perhaps for a reason that others fail for too. */
    void suspect() {
        if (!closed && looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("outage").start(this::look);
        }
    }

    private void look() {
        try {
            var told = false;
            var over = false;
            while (!over && !closed) {
                Thread.sleep(LOOK_EVERY);
                if (!database.isDown()) {
                    var why = database.tryToWrite();
                    silentSince = why.filter(Database.SILENT::equals)
                            .map(_ -> earlier(silentSince, Instant.now()))
                            .orElse(Instant.MAX);
                    if (why.isPresent() && !told && !closed) {
                        LOG.log(Level.WARNING, "Nothing can be written now: {0}", why.get());
                        told = true;
                    }
                    over = why.isEmpty() && database.hasConnections();
                }
            }
            if (told && !closed) {
                LOG.log(Level.INFO, "The database can be written to again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            looking.set(false);
        }
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Since when the database has not answered; {@link Instant#MAX} when it does. */
    Instant silentSince() {
        return silentSince;
    }

    @Override
    public void close() {
        closed = true;
    }
}
