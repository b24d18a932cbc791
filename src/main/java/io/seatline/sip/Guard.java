package io.seatline.sip;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.seatline.registration.BlockedSources;
import io.seatline.registration.BlockedSources.Blocked;
import java.net.InetAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what fails, and blocks a source for one account when that is too often. Only failures that carried a nonce of ours are
 * told to it: their source has received something at its address, and is not forged.
 */
final class Guard {
    private static final int MOST_FAILURES = 10;
    private static final Duration WITHIN = Duration.ofMinutes(10);
    private static final Duration BLOCKED_FOR = Duration.ofMinutes(15);

    private final BlockedSources blocked;
    private final Cache<Blocked, AtomicInteger> failures =
            Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(WITHIN).build();

    Guard(BlockedSources blocked) {
        this.blocked = blocked;
    }

    boolean isBlocked(UUID accountId, InetAddress source) {
        return !blocked.isEmpty() && blocked.contains(Blocked.of(accountId, source));
    }

    /** Counts a failure, and blocks the source when there are too many. */
    void failed(UUID accountId, InetAddress source) {
        var who = Blocked.of(accountId, source);
        var count = failures.get(who, key -> new AtomicInteger()).incrementAndGet();
        if (count >= MOST_FAILURES) {
            failures.invalidate(who);
            blocked.add(who, BLOCKED_FOR);
        }
    }

    /** Forgets the failures of one who has got it right. */
    void succeeded(UUID accountId, InetAddress source) {
        if (!failures.asMap().isEmpty()) {
            failures.invalidate(Blocked.of(accountId, source));
        }
    }
}
