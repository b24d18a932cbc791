package io.seatline.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Texts encrypted at rest with AES-256-GCM: a random 12-byte nonce, then the ciphertext and its 16-byte tag (NIST SP
 * 800-38D). Each is bound to the record it belongs to, so that one copied to another record does not open.
 */
public final class SealedText {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /** Those not in use: one that had the key before has its schedule still, which is most of the work. */
    private final ArrayBlockingQueue<Cipher> ciphers = new ArrayBlockingQueue<>(16);

    /** Seals with a key of {@code secret} for this {@code use}. */
    public SealedText(SecretKey secret, String use) {
        this.key = new SecretKeySpec(secret.derive(use), "AES");
    }

    /** Encrypts {@code text} for the record {@code owner}. */
    public byte[] seal(String text, UUID owner) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = with(Cipher.ENCRYPT_MODE, nonce, owner, cipher -> cipher.doFinal(text.getBytes(UTF_8)));
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /**
     * Decrypts what {@link #seal} made.
     *
     * @throws IllegalStateException when it was sealed with another key or for another record
     */
    public String open(byte[] sealed, UUID owner) {
        try {
            var opened = with(
                    Cipher.DECRYPT_MODE,
                    sealed,
                    owner,
                    cipher -> cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
            return new String(opened, UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "a sealed text of " + owner + " does not open: is secret.key the one it was stored with?", e);
        }
    }

    /** Uses a cipher that is set to {@code mode}, the nonce that {@code bytes} begin with, and the owner. */
    private byte[] with(int mode, byte[] bytes, UUID owner, Work work) throws GeneralSecurityException {
        var pooled = ciphers.poll();
        var cipher = pooled == null ? Cipher.getInstance("AES/GCM/NoPadding") : pooled;
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, bytes, 0, NONCE_BYTES));
        cipher.updateAAD(ByteBuffer.allocate(16)
                .putLong(owner.getMostSignificantBits())
                .putLong(owner.getLeastSignificantBits())
                .array());
        var result = work.with(cipher);
        ciphers.offer(cipher);
        return result;
    }

    @FunctionalInterface
    private interface Work {
        byte[] with(Cipher cipher) throws GeneralSecurityException;
    }
}
