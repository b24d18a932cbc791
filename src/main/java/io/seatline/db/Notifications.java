package io.seatline.db;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;

/**
 * Hears of changes that other nodes and commands make, by PostgreSQL's LISTEN and NOTIFY. Deaf while its connection is down:
 * {@link #connected} tells, and {@code onChange} runs after each gap, since what was missed is not known.
 */
public final class Notifications implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Notifications.class.getName());

    /** How long a connection that hears nothing is believed before it is asked for a sign of life. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Database database;
    private final String channel;
    private final Runnable onChange;
    private final Thread thread;
    private volatile boolean connected;
    private volatile boolean closing;

    /** Listens on {@code channel} until closed. */
    public Notifications(Database database, String channel, Runnable onChange) {
        this.database = database;
        this.channel = channel;
        this.onChange = onChange;
        this.thread = Thread.ofVirtual().name("notifications").start(this::listen);
    }

    /** Whether every change made so far has been heard of, or will be at once. */
    public boolean connected() {
        return connected;
    }

    private void listen() {
        while (!closing) {
            try (var connection = database.connect();
                    var statement = connection.createStatement()) {
                statement.execute("LISTEN " + channel);
                onChange.run();
                connected = true;
                var notifications = connection.unwrap(PGConnection.class);
                while (!closing) {
                    var heard = notifications.getNotifications((int) SILENCE.toMillis());
                    if (heard == null || heard.length == 0) {
                        statement.execute("SELECT 1");
                    } else {
                        onChange.run();
                    }
                }
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "notifications are down", e);
            } finally {
                connected = false;
            }
            try {
                Thread.sleep(RETRY);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
