package io.seatline.sip.transport;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of unfinished messages and unread answers, of all transports of a server together: they share one heap. */
final class HeldMemory {
    private static final long MAX = 24L * 1024 * 1024;

    /** What each connection may hold even when all of them hold too much. */
    private static final int OWN_SHARE = 2 * 1024;

    private final AtomicLong held = new AtomicLong();

    /**
     * Counts what one connection holds more, or less, than before.
     *
     * @param its what it holds then
     * @return whether it may
     */
    boolean hold(int more, int its) {
        var all = held.addAndGet(more);
        return more <= 0 || all <= MAX || its <= OWN_SHARE;
    }
}
