package io.seatline.sip;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.seatline.sip.message.SipRequest;
import io.seatline.sip.transport.RemoteAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Server transactions over UDP (RFC 3261 17.2.2): a request that comes again is not carried out again, and has the same
 * bytes as answer. Only requests with a nonce of ours are remembered; a flood of others needs no memory, and those are
 * challenged anew.
 */
final class Transactions {
    /** Timer J: 64 times T1. */
    static final Duration LIFETIME = Duration.ofSeconds(32);

    private static final long MAX_BYTES = 24 << 20;

    /** What a remembered request costs beside its answer, about. */
    private static final int OVERHEAD = 400;

    private final Cache<Key, Transaction> remembered = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((Key key, Transaction transaction) -> OVERHEAD + key.length() + transaction.size())
            .expireAfterWrite(LIFETIME)
            .build();

    /** RFC 3261 17.2.3, and what makes a request of an RFC 2543 client its own. */
    private record Key(
            InetSocketAddress source,
            String sentBy,
            int port,
            @Nullable String branch,
            String callId,
            long sequence,
            String method) {
        private int length() {
            return sentBy.length() + (branch == null ? 0 : branch.length()) + callId.length();
        }
    }

    /** One request's answers. */
    final class Transaction {
        private final Key key;
        private volatile byte @Nullable [] answer;

        private Transaction(Key key) {
            this.key = key;
        }

        private int size() {
            return answer == null ? 0 : answer.length;
        }

        /** Remembers the answer. */
        void answered(byte[] bytes) {
            answer = bytes;
            remembered.put(key, this);
        }

        /** As if the request had not come: it may come again, and be carried out then. */
        void forget() {
            remembered.invalidate(key);
        }
    }

    /** A new transaction; empty for a request that has come before, which is answered again if it has been answered. */
    Optional<Transaction> begin(SipRequest request, RemoteAddress source, Consumer<byte[]> reply) {
        var via = request.via();
        var key = new Key(
                source.address(),
                via.host(),
                via.port(),
                via.branch(),
                request.callId(),
                request.sequence(),
                request.method());
        var fresh = new Transaction(key);
        var before = remembered.asMap().putIfAbsent(key, fresh);
        if (before == null) {
            return Optional.of(fresh);
        }
        var answer = before.answer;
        if (answer != null) {
            reply.accept(answer);
        }
        return Optional.empty();
    }
}
