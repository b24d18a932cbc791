package io.seatline.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.JdbiException;

/** What is done again and again while the server runs, each in a thread of its own. */
final class BackgroundWork implements AutoCloseable {
    private static final Logger LOG = System.getLogger(BackgroundWork.class.getName());

    private final List<Thread> threads = new ArrayList<>();

    /**
     * Starts {@code work}.
     *
     * @param delay before it is done for the first time
     * @param pause from its end until it is done again
     */
    void start(String name, Duration delay, Duration pause, Runnable work) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                for (Thread.sleep(delay); true; Thread.sleep(pause)) {
                    attempt(name, work);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private static void attempt(String name, Runnable work) {
        try {
            work.run();
        } catch (JdbiException e) {
            LOG.log(Level.DEBUG, name + " waits for the database", e);
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
