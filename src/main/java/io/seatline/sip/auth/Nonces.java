package io.seatline.sip.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.secret.KeyedHash;
import io.seatline.secret.SecretKey;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Nonces that nobody has to remember (RFC 7616 section 5.4): the time, and an HMAC-SHA-256 of it with the source and
 * the realm. Every node has the key, so each knows the others' nonces. No two of a node are of the same microsecond.
 */
public final class Nonces {
    public static final Duration LIFETIME = Duration.ofMinutes(5);

    /** So far the clocks of two nodes may differ. */
    private static final Duration AHEAD = Duration.ofSeconds(60);

    private static final int MAC_BYTES = 16;
    private static final int BYTES = Long.BYTES + MAC_BYTES;
    private static final int LENGTH = BYTES * 4 / 3;

    private final KeyedHash macs;
    private final byte[] realm;
    private final Clock clock;
    private final AtomicLong last = new AtomicLong();

    public Nonces(SecretKey secret, String realm, Clock clock) {
        this.macs = new KeyedHash(secret, "sip nonces");
        this.realm = realm.getBytes(UTF_8);
        this.clock = clock;
    }

    /** A new nonce for what comes from {@code source}. */
    public String create(InetAddress source) {
        var now = micros();
        // A clock that was ahead and was set right must not make nonces of the future, which nobody accepts.
        var time = last.updateAndGet(before -> before < now + AHEAD.toNanos() / 2000 ? Math.max(now, before + 1) : now);
        return Base64.getUrlEncoder()
                .encodeToString(ByteBuffer.allocate(BYTES)
                        .putLong(time)
                        .put(mac(time, source), 0, MAC_BYTES)
                        .array());
    }

    /**
     * When the nonce was made, in microseconds since 1970; empty unless it is one of ours for this source, and still
     * good.
     */
    public Optional<Long> time(String nonce, InetAddress source) {
        if (nonce.length() != LENGTH) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(nonce);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        var read = ByteBuffer.wrap(bytes);
        var time = read.getLong();
        var age = micros() - time;
        if (age > LIFETIME.toNanos() / 1000 || age < -AHEAD.toNanos() / 1000) {
            return Optional.empty();
        }
        var theirs = new byte[MAC_BYTES];
        read.get(theirs);
        var ours = java.util.Arrays.copyOf(mac(time, source), MAC_BYTES);
        return MessageDigest.isEqual(theirs, ours) ? Optional.of(time) : Optional.empty();
    }

    private long micros() {
        var now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    private byte[] mac(long time, InetAddress source) {
        return macs.of(ByteBuffer.allocate(Long.BYTES).putLong(time).array(), source.getAddress(), realm);
    }
}
