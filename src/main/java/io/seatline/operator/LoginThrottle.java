package io.seatline.operator;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import inet.ipaddr.IPAddress;
import io.seatline.api.Authenticator.Result;
import io.seatline.http.ClientAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Counts failed log-ins: ten within five minutes for one username from one source, and a hundred from one source
 * whatever the username, are answered with 429 until the five minutes are over. IPv6 sources count by their /64, which
 * one subscriber has. Nobody else's failures can lock a username out elsewhere. Both tables are bounded.
 */
final class LoginThrottle {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int PER_LOGIN = 10;
    private static final int PER_SOURCE = 100;

    private final LoadingCache<Key, Failures> byLogin = table(Failures::new);
    private final LoadingCache<IPAddress, Failures> bySource = table(Failures::new);

    private record Key(String username, IPAddress source) {}

    private static final class Failures {
        private final long began = System.nanoTime();
        private final AtomicInteger count = new AtomicInteger();

        Result tooMany() {
            return new Result.TooManyFailures(
                    WINDOW.minusNanos(System.nanoTime() - began).toSeconds() + 1);
        }
    }

    private static <K> LoadingCache<K, Failures> table(Supplier<Failures> fresh) {
        return Caffeine.newBuilder()
                .maximumSize(100_000)
                .expireAfterWrite(WINDOW)
                .build(key -> fresh.get());
    }

    /** The attempts of one username from one source. */
    final class Attempts {
        private final Key key;
        private final Failures ofLogin;
        private final Failures ofSource;

        private Attempts(Key key) {
            this.key = key;
            this.ofLogin = byLogin.get(key);
            this.ofSource = bySource.get(key.source());
        }

        /** What to hold while one attempt is made, so that the next sees its outcome. */
        Object lock() {
            return ofLogin;
        }

        /** Whether this username has failed too often. */
        Optional<Result> blocked() {
            return ofLogin.count.get() >= PER_LOGIN ? Optional.of(ofLogin.tooMany()) : Optional.empty();
        }

        /**
         * Counts an attempt as failed before it is made, so that many at a time count as many; not when there were too
         * many.
         */
        Optional<Result> begin() {
            if (ofSource.count.incrementAndGet() <= PER_SOURCE) {
                return Optional.empty();
            }
            ofSource.count.decrementAndGet();
            return Optional.of(ofSource.tooMany());
        }

        void failed() {
            ofLogin.count.incrementAndGet();
        }

        void succeeded() {
            ofSource.count.decrementAndGet();
            byLogin.invalidate(key);
        }
    }

    Attempts attempts(String username, IPAddress source) {
        return new Attempts(new Key(username.toLowerCase(Locale.ROOT), ClientAddress.network(source)));
    }
}
