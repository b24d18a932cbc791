package io.seatline.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Promises in milliseconds, judged beside how late the machine itself is: a thread that does nothing but sleep measures
 * meanwhile by how much it is woken too late. What is promised passes through several threads and processes, each of
 * which may be as late.
 */
public final class Promptness implements AutoCloseable {
    /**
     * Threads and processes that have to be woken on the longest way: client, server, database, another node, and all
     * the way back.
     */
    private static final int WAKINGS = 10;

    private static final AtomicLong JUDGED = new AtomicLong();
    private static final AtomicReference<@Nullable String> LATEST = new AtomicReference<>();
    private static final AtomicLong MAX_LATE = new AtomicLong(Long.MIN_VALUE);

    private final AtomicLong machineLate = new AtomicLong();
    private final Thread probe = Thread.ofPlatform().daemon().start(this::measure);

    private Promptness() {}

    private void measure() {
        try {
            while (true) {
                var slept = System.nanoTime();
                Thread.sleep(1);
                var late = System.nanoTime() - slept - 1_000_000;
                machineLate.accumulateAndGet(late, Math::max);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Makes a change, which must count for everything that begins so much later or after: {@code kept} then tells
     * whether it does.
     */
    public static void inForce(String what, Duration promise, Runnable change, BooleanSupplier kept)
            throws InterruptedException {
        try (var promptness = new Promptness()) {
            change.run();
            Thread.sleep(promise);
            var due = System.nanoTime();
            var asked = new AtomicLong();
            Await.until(() -> {
                asked.set(System.nanoTime());
                return kept.getAsBoolean();
            });
            promptness.judge(what, promise, Duration.ofNanos(asked.get() - due));
        }
    }

    /** Does something that must be over by then. */
    public static <X extends Throwable> void within(String what, Duration promise, Action<X> action) throws X {
        try (var promptness = new Promptness()) {
            var began = System.nanoTime();
            action.run();
            promptness.judge(
                    what, promise, Duration.ofNanos(System.nanoTime() - began).minus(promise));
        }
    }

    /** What is to be over in time, and may fail. */
    @FunctionalInterface
    public interface Action<X extends Throwable> {
        void run() throws X;
    }

    private void judge(String what, Duration promise, Duration late) {
        var machine = Duration.ofNanos(machineLate.get());
        var seen = "%s: promised within %d ms, %d ms %s, the machine itself up to %d ms late"
                .formatted(
                        what,
                        promise.toMillis(),
                        late.abs().toMillis(),
                        late.isPositive() ? "late" : "early",
                        machine.toMillis());
        System.out.println(seen);
        JUDGED.incrementAndGet();
        if (MAX_LATE.accumulateAndGet(late.toNanos(), Math::max) == late.toNanos()) {
            LATEST.set(seen);
        }
        assertThat(late).as(seen).isLessThanOrEqualTo(machine.multipliedBy(WAKINGS));
    }

    /** What was seen in this run, in a line. */
    static String summary() {
        return LATEST.get() == null
                ? ""
                : "Promises in time judged: " + JUDGED + ". The latest: " + LATEST.get() + "\n";
    }

    @Override
    public void close() {
        probe.interrupt();
    }
}
