package io.seatline.sip.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.seatline.registration.BlockedSources;
import io.seatline.registration.BlockedSources.Blocked;
import java.net.InetAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what fails, and blocks a source for one account when that is too often. Only failures that carried a nonce of
 * ours are told to it: their source has received something at its address, and is not forged.
 */
public final class BruteForceGuard {
    public static final int MAX_FAILURES = 10;
    public static final Duration WITHIN = Duration.ofMinutes(10);
    public static final Duration BLOCKED_FOR = Duration.ofMinutes(15);

    private final BlockedSources blocked;
    private final Cache<Blocked, AtomicInteger> failures =
            Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(WITHIN).build();

    public BruteForceGuard(BlockedSources blocked) {
        this.blocked = blocked;
    }

    /** Whether the source is blocked, or will be as soon as that is stored; fails as the database did. */
    public CompletableFuture<Boolean> isBlocked(UUID accountId, InetAddress source) {
        var complete = blocked.isComplete();
        if (complete && blocked.isEmpty() && failures.asMap().isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        var who = Blocked.of(accountId, source);
        var here = isBlockedHere(who);
        return complete || here
                ? CompletableFuture.completedFuture(here)
                // it may have failed too often in the meantime
                : blocked.find(who).thenApply(found -> found || isBlockedHere(who));
    }

    /** In this order: what is counted no more is blocked by then. */
    private boolean isBlockedHere(Blocked who) {
        var count = failures.getIfPresent(who);
        return (count != null && count.get() >= MAX_FAILURES) || blocked.contains(who);
    }

    /**
     * Counts a failure, at once: guesses that come together are counted together. True when the source is to be blocked
     * now.
     */
    public boolean failed(UUID accountId, InetAddress source) {
        return failures.get(Blocked.of(accountId, source), key -> new AtomicInteger())
                        .incrementAndGet()
                == MAX_FAILURES;
    }

    /** Stores the block, and begins to count anew. */
    public void block(UUID accountId, InetAddress source) {
        var who = Blocked.of(accountId, source);
        blocked.add(who, BLOCKED_FOR);
        failures.invalidate(who);
    }

    /** Forgets the failures of one who has got it right. */
    public void succeeded(UUID accountId, InetAddress source) {
        if (!failures.asMap().isEmpty()) {
            failures.invalidate(Blocked.of(accountId, source));
        }
    }
}
