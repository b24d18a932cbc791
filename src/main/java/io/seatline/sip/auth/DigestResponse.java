package io.seatline.sip.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.sip.auth.Digest.Algorithm;
import io.seatline.sip.auth.Digest.Ha1;
import io.seatline.sip.message.DigestCredentials;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's response to a challenge, of which everything is there that is needed to check it.
 *
 * @param realm one of ours
 * @param count the nonce count; 1 from a client that does not count (RFC 2069), whose nonces are good once
 */
public record DigestResponse(
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
    private static final HexFormat HEX = HexFormat.of();

    /** The responses among {@code credentials} that are for this realm, with an algorithm and a qop that we take. */
    public static List<DigestResponse> of(List<DigestCredentials> credentials, String realm, List<Algorithm> taken) {
        return credentials.stream()
                .filter(one -> realm.equals(one.realm()))
                .flatMap(one -> of(one, realm).stream())
                .filter(response -> taken.contains(response.algorithm()))
                .toList();
    }

    private static Optional<DigestResponse> of(DigestCredentials from, String realm) {
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
            return Optional.of(
                    new DigestResponse(username, realm, nonce, algorithm.get(), uri, response, null, "", "", 1));
        }
        var nc = from.nc();
        var cnonce = from.cnonce();
        if (!qop.equalsIgnoreCase("auth") || (nc == null) || (cnonce == null) || !isCount(nc)) {
            return Optional.empty();
        }
        return Optional.of(new DigestResponse(
                username, realm, nonce, algorithm.get(), uri, response, qop, nc, cnonce, Long.parseLong(nc, 16)));
    }

    /** Eight hexadecimal digits. */
    private static boolean isCount(String nc) {
        return nc.length() == 8 && nc.chars().allMatch(HexFormat::isHexDigit);
    }

    /** Whether it was made by one who knows {@code ha1}; takes the same time either way. */
    public boolean isMadeWith(Ha1 ha1, String method) {
        var ha2 = HEX.formatHex(algorithm.hash(method + ":" + uri));
        var text = HEX.formatHex(ha1.of(algorithm)) + ":" + nonce + ":"
                + (qop == null ? "" : nc + ":" + cnonce + ":" + qop + ":") + ha2;
        var expected = HEX.formatHex(algorithm.hash(text));
        return MessageDigest.isEqual(
                expected.getBytes(ISO_8859_1), response.toLowerCase(Locale.ROOT).getBytes(UTF_8));
    }
}
