package io.seatline.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Texts encrypted at rest with AES-256-GCM: a random 12-byte nonce, then the ciphertext and its 16-byte tag (NIST SP 800-38D).
 * Each is bound to the record it belongs to, so that one copied to another record does not open.
 */
public final class SealedText {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /** Seals with a key of {@code secret} for this {@code use}. */
    public SealedText(SecretKey secret, String use) {
        this.key = new SecretKeySpec(secret.derive(use), "AES");
    }

    /** Encrypts {@code text} for the record {@code owner}. */
    public byte[] seal(String text, UUID owner) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, 0, owner).doFinal(text.getBytes(UTF_8));
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
            var cipher = cipher(Cipher.DECRYPT_MODE, sealed, 0, owner);
            return new String(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES), UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "a sealed text of " + owner + " does not open: is secret.key the one it was stored with?", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, int offset, UUID owner) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce, offset, NONCE_BYTES));
        cipher.updateAAD(ByteBuffer.allocate(16)
                .putLong(owner.getMostSignificantBits())
                .putLong(owner.getLeastSignificantBits())
                .array());
        return cipher;
    }
}
