package io.seatline.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** A file of lines, or the standard output, written in blocks: a line is on its way after at most a quarter of a second. */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AccessLog.class.getName());
    private static final Duration DELAY = Duration.ofMillis(250);

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread flusher;

    /** Opens the file {@code target}, or the standard output when it is {@code -}. */
    public AccessLog(String target) throws IOException {
        out = new BufferedOutputStream(
                target.equals("-") ? new FileOutputStream(FileDescriptor.out) : new FileOutputStream(target, true),
                64 * 1024);
        flusher = Thread.ofVirtual().name("access-log").start(this::flush);
    }

    void write(String line) {
        var bytes = line.getBytes(UTF_8);
        lock.lock();
        try {
            out.write(bytes);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The access log can''t be written: {0}", e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void flush() {
        try {
            while (true) {
                Thread.sleep(DELAY);
                flushNow();
            }
        } catch (InterruptedException e) {
            flushNow();
        }
    }

    private void flushNow() {
        lock.lock();
        try {
            out.flush();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The access log can''t be written: {0}", e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        flusher.interrupt();
        try {
            flusher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
