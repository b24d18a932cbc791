package io.seatline.support;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what is about to be so. */
public final class Await {
    /**
     * How long the end of a connection is waited for, in milliseconds: less than what any server of the tests gives an
     * idle one (20 s over HTTP), so that it is never mistaken for the end that was meant.
     */
    public static final int CLOSE = 15_000;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Await() {}

    public static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not so within " + LIMIT.toSeconds() + " s");
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
