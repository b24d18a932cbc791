package io.seatline.sip.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.sip.message.DigestCredentials;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
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

        private MessageDigest digest() {
            try {
                return MessageDigest.getInstance(wireName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has " + wireName, e);
            }
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
            var text = (username + ":" + realm + ":" + password).getBytes(UTF_8);
            return new Ha1(
                    Algorithm.SHA_256.digest().digest(text),
                    Algorithm.MD5.digest().digest(text));
        }

        private byte[] of(Algorithm algorithm) {
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

    /**
     * A client's answer to a challenge, of which everything is there that is needed to check it.
     *
     * @param realm one of ours
     * @param count the nonce count; 1 from a client that does not count (RFC 2069), whose nonces are good once
     */
    public record Proof(
            String username,
            String realm,
            String nonce,
            Algorithm algorithm,
            String uri,
            String response,
            @Nullable String qop,
            String nc,
            String cnonce,
            long count) {
        /** The proofs among {@code credentials} that are for this realm, with an algorithm and a qop that we take. */
        public static List<Proof> of(List<DigestCredentials> credentials, String realm, List<Algorithm> taken) {
            return credentials.stream()
                    .filter(one -> realm.equals(one.realm()))
                    .flatMap(one -> of(one, realm).stream())
                    .filter(proof -> taken.contains(proof.algorithm()))
                    .toList();
        }

        private static Optional<Proof> of(DigestCredentials from, String realm) {
            var algorithm = Algorithm.of(from.algorithm());
            var username = from.username();
            var nonce = from.nonce();
            var uri = from.uri();
            var response = from.response();
            if (algorithm.isEmpty() || (username == null) || (nonce == null) || (uri == null) || (response == null)) {
                return Optional.empty();
            }
            var qop = from.qop();
            if (qop == null) {
                return Optional.of(new Proof(username, realm, nonce, algorithm.get(), uri, response, null, "", "", 1));
            }
            var nc = from.nc();
            var cnonce = from.cnonce();
            if (!qop.equalsIgnoreCase("auth") || (nc == null) || (cnonce == null) || !isCount(nc)) {
                return Optional.empty();
            }
            return Optional.of(new Proof(
                    username, realm, nonce, algorithm.get(), uri, response, qop, nc, cnonce, Long.parseLong(nc, 16)));
        }

        /** Eight hexadecimal digits. */
        private static boolean isCount(String nc) {
            return nc.length() == 8 && nc.chars().allMatch(HexFormat::isHexDigit);
        }

        /** Whether it was made by one who knows {@code ha1}; takes the same time either way. */
        public boolean isMadeWith(Ha1 ha1, String method) {
            var ha2 = HEX.formatHex(algorithm.digest().digest((method + ":" + uri).getBytes(UTF_8)));
            var text = HEX.formatHex(ha1.of(algorithm)) + ":" + nonce + ":"
                    + (qop == null ? "" : nc + ":" + cnonce + ":" + qop + ":") + ha2;
            var expected = HEX.formatHex(algorithm.digest().digest(text.getBytes(UTF_8)));
            return MessageDigest.isEqual(
                    expected.getBytes(ISO_8859_1),
                    response.toLowerCase(Locale.ROOT).getBytes(UTF_8));
        }
    }

    /** A challenge's header value. */
    public static String challenge(String realm, String nonce, Algorithm algorithm, boolean stale) {
        return "Digest realm=\"" + realm + "\", nonce=\"" + nonce + "\", algorithm=" + algorithm.wireName()
                + ", qop=\"auth\"" + (stale ? ", stale=true" : "");
    }
}
