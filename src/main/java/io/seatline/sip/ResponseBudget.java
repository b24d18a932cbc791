package io.seatline.sip;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.seatline.sip.transport.RemoteAddress;
import io.seatline.sip.transport.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * How many answers a source of datagrams may have that has not shown to be where it says: an answer is longer than its
 * request, and whoever forges a source could have somebody flooded. A source has some to begin with and a few each
 * second, and earns more with each request that brings a nonce of ours, since that one did receive something. So a site
 * of many phones has as many as it needs.
 */
final class ResponseBudget {
    static final int TO_BEGIN_WITH = 500;
    private static final int PER_SECOND = 50;
    private static final int EARNED = 5;
    private static final int MAX = 20_000;
    private static final long NANOS_PER_ANSWER = Duration.ofSeconds(1).toNanos() / PER_SECOND;

    /** Whoever is forgotten begins anew, with {@link #TO_BEGIN_WITH}. */
    private final Cache<ByteBuffer, Budget> budgets = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofMinutes(10))
            .build();

    private static final class Budget {
        private int answers = TO_BEGIN_WITH;
        private long since = System.nanoTime();

        synchronized boolean spend() {
            if (answers < TO_BEGIN_WITH) {
                var more = (System.nanoTime() - since) / NANOS_PER_ANSWER;
                since += more * NANOS_PER_ANSWER;
                answers = (int) Math.min(TO_BEGIN_WITH, answers + more);
            } else {
                since = System.nanoTime();
            }
            if (answers == 0) {
                return false;
            }
            answers--;
            return true;
        }

        synchronized void earn() {
            answers = Math.min(MAX, answers + EARNED);
        }
    }

    /** Whether the source may be answered, which is one answer less for it. */
    boolean spend(RemoteAddress source) {
        return source.transport() != Transport.UDP || budget(source).spend();
    }

    /** The source has received something. */
    void earn(RemoteAddress source) {
        if (source.transport() == Transport.UDP) {
            budget(source).earn();
        }
    }

    private Budget budget(RemoteAddress source) {
        return budgets.get(source.network(), network -> new Budget());
    }
}
