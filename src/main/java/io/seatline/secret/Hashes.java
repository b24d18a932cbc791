package io.seatline.secret;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes without a key. */
public final class Hashes {
    private Hashes() {}

    /** SHA-256 (FIPS 180-4): 32 bytes. */
    public static byte[] sha256(byte[] bytes) {
        return hash("SHA-256", bytes);
    }

    /**
     * The first {@code length} bytes of the SHA-256 in hexadecimal digits: tells one from another, and proves nothing.
     */
    public static String mark(byte[] bytes, int length) {
        return HexFormat.of().formatHex(sha256(bytes), 0, length);
    }

    /** MD5 (RFC 1321), 16 bytes, for phones that know no better. */
    public static byte[] md5(byte[] bytes) {
        return hash("MD5", bytes);
    }

    private static byte[] hash(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
