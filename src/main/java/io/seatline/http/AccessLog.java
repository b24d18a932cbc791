package io.seatline.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file of lines, or the standard output, written in blocks: a line is on its way after at most a quarter of a second.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AccessLog.class.getName());
    private static final Duration DELAY = Duration.ofMillis(250);
    private static final int BLOCK = 64 * 1024;

    private final OutputStream out;
    private final ByteArrayOutputStream block = new ByteArrayOutputStream(BLOCK);
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread flusher;
    private boolean failing;

    /** Opens the file {@code target}, or the standard output when it is {@code -}. */
    public AccessLog(String target) throws IOException {
        out = target.equals("-") ? new FileOutputStream(FileDescriptor.out) : new FileOutputStream(target, true);
        flusher = Thread.ofVirtual().name("access-log").start(this::flush);
    }

    void write(String line) {
        var bytes = line.getBytes(UTF_8);
        lock.lock();
        try {
            if (block.size() + bytes.length > BLOCK) {
                writeBlock();
            }
            block.writeBytes(bytes);
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
            writeBlock();
        } finally {
            lock.unlock();
        }
    }

    /** A block that can't be written is given up: how much of it was written nobody knows, and its memory is needed. */
    private void writeBlock() {
        if (block.size() <= (failing ? 1 : 0)) {
            return;
        }
        try {
            block.writeTo(out);
            if (failing) {
                LOG.log(Level.INFO, "The access log is written again");
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.log(Level.WARNING, "The access log can''t be written, and loses lines: {0}", e.getMessage());
            }
            failing = true;
        } finally {
            block.reset();
            if (failing) {
                // what was written may have ended within a line
                block.write('\n');
            }
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
