package io.seatline.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one secret of an installation, 32 bytes: from {@code secret.key} (base64), or made at the first start and kept in
 * a file that only its owner can read. Every use has a key of its own, derived by HKDF with SHA-256 (RFC 5869).
 */
public final class SecretKey {
    private static final int BYTES = 32;
    private static final String HINT = "it must be 32 bytes in base64, such as `openssl rand -base64 32` prints";

    private final byte[] bytes;

    private SecretKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The configured key or, without one, the one in {@code file}, made when there is none.
     *
     * @throws IllegalStateException when the key can't be used; the message is for the person who starts the server
     */
    public static SecretKey load(Optional<Secret> configured, Path file) {
        if (configured.isPresent()) {
            return new SecretKey(decode(configured.get().value(), "secret.key"));
        }
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            var others = Set.of(
                    PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
            if (Files.getPosixFilePermissions(file).stream().anyMatch(others::contains)) {
                throw new IllegalStateException(
                        "The key file " + file + " is open to others: `chmod 600 " + file + "` mends it.");
            }
            return new SecretKey(decode(Files.readString(file).strip(), file.toString()));
        } catch (IOException e) {
            throw new IllegalStateException("The key file " + file + " can't be read or made: " + e.getMessage(), e);
        }
    }

    private static void create(Path file) throws IOException {
        var fresh = new byte[BYTES];
        new SecureRandom().nextBytes(fresh);
        // Written aside and linked into place: of several processes that start at once, all read the same whole file.
        var own = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                "secret",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(own, Base64.getEncoder().encodeToString(fresh) + "\n", StandardOpenOption.WRITE);
            Files.createLink(file, own);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            // Another process was first: its key is the key.
        } finally {
            Files.delete(own);
        }
    }

    private static byte[] decode(String text, String origin) {
        try {
            var decoded = Base64.getDecoder().decode(text);
            if (decoded.length == BYTES) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // refused below, like one of another length
        }
        throw new IllegalStateException("The key in " + origin + " can't be used: " + HINT + ".");
    }

    /** The 32-byte key for one use. */
    public byte[] derive(String use) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(new SecretKeySpec(bytes, "HKDF"))
                            .thenExpand(("seatline " + use).getBytes(UTF_8), BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HKDF-SHA256", e);
        }
    }
}
