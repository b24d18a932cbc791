package io.seatline.secret;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 (RFC 2104) under one key. */
public final class KeyedHash {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /** Those not in use, which have the key already. */
    private final ArrayBlockingQueue<Mac> macs = new ArrayBlockingQueue<>(16);

    private KeyedHash(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Under the key of {@code secret} for this {@code use}: the same on every node. */
    public KeyedHash(SecretKey secret, String use) {
        this(secret.derive(use));
    }

    /** Under a key that only this process has. */
    public static KeyedHash ofThisProcess() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new KeyedHash(key);
    }

    /** The 32 bytes for {@code parts}, one after the other. */
    public byte[] of(byte[]... parts) {
        try {
            var mac = macs.poll();
            if (mac == null) {
                mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
            }
            for (var part : parts) {
                mac.update(part);
            }
            var hash = mac.doFinal();
            macs.offer(mac);
            return hash;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
