package io.seatline.db;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.PGConnection;

/**
 * Hears of changes that other nodes and commands make, by PostgreSQL's LISTEN and NOTIFY. Deaf while its connection is
 * down: {@link #connected} tells, and each {@link Listener} is told after each gap, since what was missed is not known.
 */
public final class Notifications implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Notifications.class.getName());

    /** How long a connection that hears nothing is believed before it is asked for a sign of life. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Database database;
    private final Map<String, List<Listener>> listeners = new HashMap<>();
    private final Thread thread;
    private volatile boolean connected;
    private volatile boolean closing;

    /** Who wants to know of the changes of one channel. Called by one thread, which hears nothing meanwhile. */
    public interface Listener {
        /** Something changed; {@code payload} says what, in the channel's own form. */
        void onNotification(String payload);

        /** Anything may have changed. */
        void onReconnect();

        /** One that does the same whatever changed. */
        static Listener of(Runnable onChange) {
            return new Listener() {
                @Override
                public void onNotification(String payload) {
                    onChange.run();
                }

                @Override
                public void onReconnect() {
                    onChange.run();
                }
            };
        }
    }

    /** Those of {@code database}; listeners are told from {@link #start} on. */
    public Notifications(Database database) {
        this.database = database;
        this.thread = Thread.ofVirtual().name("notifications").unstarted(this::listen);
    }

    /** Tells this listener too of what comes over the channel. Before the start. */
    public void on(String channel, Listener listener) {
        listeners.computeIfAbsent(channel, _ -> new ArrayList<>()).add(listener);
    }

    /** Listens until closed. */
    public void start() {
        thread.start();
    }

    /** Whether listeners know of every change made so far, or will at once. */
    public boolean connected() {
        return connected;
    }

    private void listen() {
        while (!closing) {
            try (var connection = database.connect();
                    var statement = connection.createStatement()) {
                for (var channel : listeners.keySet()) {
                    statement.execute("LISTEN " + channel);
                }
                listeners.values().forEach(all -> all.forEach(Listener::onReconnect));
                connected = true;
                var notifications = connection.unwrap(PGConnection.class);
                while (!closing) {
                    var heard = notifications.getNotifications((int) SILENCE.toMillis());
                    if (heard == null || heard.length == 0) {
                        statement.execute("SELECT 1");
                    } else {
                        for (var one : heard) {
                            listeners(one.getName()).forEach(listener -> listener.onNotification(one.getParameter()));
                        }
                    }
                }
            } catch (SQLException | JdbiException e) {
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

    private List<Listener> listeners(String channel) {
        return Objects.requireNonNull(listeners.get(channel), channel);
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
