package io.seatline.sip.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.secret.Hashes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Digest authentication (RFC 7616, RFC 8760), {@code qop=auth}; pure. */
public final class Digest {
    private static final HexFormat HEX = HexFormat.of();

    private Digest() {}

    /** The algorithms that there are. */
    public enum Algorithm {
        /** RFC 8760. */
        SHA_256("SHA-256"),
        /** What older phones know. */
        MD5("MD5");

        private final String wireName;

        Algorithm(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        /** The algorithm of that name; one that says none means MD5 (RFC 7616 3.4). */
        public static Optional<Algorithm> of(@Nullable String name) {
            return name == null
                    ? Optional.of(MD5)
                    : Arrays.stream(values())
                            .filter(algorithm -> algorithm.wireName.equalsIgnoreCase(name))
                            .findFirst();
        }

        byte[] hash(String text) {
            var bytes = text.getBytes(UTF_8);
            return switch (this) {
                case SHA_256 -> Hashes.sha256(bytes);
                case MD5 -> Hashes.md5(bytes);
            };
        }
    }

    /**
     * H(username ":" realm ":" password): all that is needed of a password, and as secret.
     *
     * @param sha256 32 bytes
     * @param md5 16 bytes
     */
    public record Ha1(byte[] sha256, byte[] md5) {
        /** The one that nobody can know. */
        public static Ha1 nobodys() {
            return of("", "", UUID.randomUUID().toString());
        }

        /** Of whom the one of MD5 is known, in hexadecimal digits: nobody knows the other. */
        static Ha1 ofMd5(String hex) {
            return new Ha1(nobodys().sha256(), HEX.parseHex(hex));
        }

        static Ha1 of(String username, String realm, String password) {
            var text = username + ":" + realm + ":" + password;
            return new Ha1(Algorithm.SHA_256.hash(text), Algorithm.MD5.hash(text));
        }

        byte[] of(Algorithm algorithm) {
            return switch (algorithm) {
                case SHA_256 -> sha256;
                case MD5 -> md5;
            };
        }

        @Override
        public String toString() {
            return "Ha1[…]";
        }
    }

    /** A challenge's header value. */
    public static String challenge(String realm, String nonce, Algorithm algorithm, boolean stale) {
        return "Digest realm=\"" + realm + "\", nonce=\"" + nonce + "\", algorithm=" + algorithm.wireName()
                + ", qop=\"auth\"" + (stale ? ", stale=true" : "");
    }
}
