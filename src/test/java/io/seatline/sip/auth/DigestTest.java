package io.seatline.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.sip.auth.Digest.Algorithm;
import io.seatline.sip.auth.Digest.Ha1;
import io.seatline.sip.message.DigestCredentials;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Digest authentication by the examples of its RFCs: 7616 section 3.9.1, 2617 section 3.5, 2069 section 2.4; and what
 * RFC 8760 adds.
 */
@Tag("pure")
class DigestTest {
    private static final List<Algorithm> BOTH = List.of(Algorithm.SHA_256, Algorithm.MD5);
    private static final String REALM = "http-auth@example.org";
    private static final String SHA_256 = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
    private static final String MD5 = "8ca523f5e9506fed4657c9700eebdbec";
    private static final String NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private static final String CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    private static final Ha1 MUFASA = Ha1.of("Mufasa", REALM, "Circle of Life");

    private static DigestCredentials rfc7616(@Nullable String algorithm, String response) {
        return credentials(algorithm, response, "auth", "00000001", CNONCE);
    }

    private static DigestCredentials credentials(
            @Nullable String algorithm,
            String response,
            @Nullable String qop,
            @Nullable String nc,
            @Nullable String cnonce) {
        return new DigestCredentials(
                "Mufasa", REALM, NONCE, "/dir/index.html", response, algorithm, cnonce, null, qop, nc);
    }

    private static Optional<DigestResponse> proof(DigestCredentials credentials) {
        return DigestResponse.of(List.of(credentials), REALM, BOTH).stream().findFirst();
    }

    private static boolean isMade(DigestCredentials credentials) {
        return proof(credentials).orElseThrow().isMadeWith(MUFASA, "GET");
    }

    // RFC 7616 section 3.9.1

    @ParameterizedTest
    @CsvSource({"SHA-256, " + SHA_256, "MD5, " + MD5})
    void response_ofTheExample_isRight(String algorithm, String response) {
        assertThat(isMade(rfc7616(algorithm, response))).isTrue();
        assertThat(proof(rfc7616(algorithm, response)).orElseThrow().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"SHA-256, " + SHA_256, "MD5, " + MD5})
    void response_toAnotherQuestion_isWrong(String algorithm, String response) {
        var right = proof(rfc7616(algorithm, response)).orElseThrow();
        assertThat(right.isMadeWith(MUFASA, "REGISTER")).isFalse();
        assertThat(right.isMadeWith(Ha1.of("Mufasa", REALM, "Circle Of Life"), "GET"))
                .isFalse();
        assertThat(right.isMadeWith(Ha1.of("Mufasa", "other@example.org", "Circle of Life"), "GET"))
                .isFalse();
        assertThat(right.isMadeWith(Ha1.of("Scar", REALM, "Circle of Life"), "GET"))
                .isFalse();
        assertThat(isMade(credentials(algorithm, response, "auth", "00000002", CNONCE)))
                .isFalse();
        assertThat(isMade(credentials(algorithm, response, "auth", "00000001", CNONCE + "x")))
                .isFalse();
        assertThat(isMade(credentials(algorithm, response, null, null, null))).isFalse();
        for (var other : List.of("", response.substring(1), response + "0", response.replace('5', '6'))) {
            assertThat(isMade(rfc7616(algorithm, other))).as(other).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"MD5, " + SHA_256, "SHA-256, " + MD5})
    void response_ofAnotherAlgorithm_isWrong(String algorithm, String response) {
        assertThat(isMade(rfc7616(algorithm, response))).isFalse();
    }

    // RFC 2617 section 3.5, whose password has a capital O, and RFC 2069 section 2.4 as erratum 749 corrects it

    @ParameterizedTest
    @CsvSource({
        "auth, Circle Of Life, 6629fae49393a05397450978507c4ef1",
        ", Circle Of Life, 670fd8c2df070c60b045671b8b24ff02",
        ", CircleOfLife, 1949323746fe6a43ef61f9606e7febea"
    })
    void response_ofAnOlderClient_isRight(@Nullable String qop, String password, String response) {
        var realm = "testrealm@host.com";
        var credentials = new DigestCredentials(
                "Mufasa",
                realm,
                "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                "/dir/index.html",
                response,
                null,
                qop == null ? null : "0a4f113b",
                "5ccc069c403ebaf9f0171e9517f40e41",
                qop,
                qop == null ? null : "00000001");
        var proof = DigestResponse.of(List.of(credentials), realm, BOTH).getFirst();
        assertThat(proof.isMadeWith(Ha1.of("Mufasa", realm, password), "GET")).isTrue();
        assertThat(proof.isMadeWith(Ha1.of("Mufasa", realm, password + "!"), "GET"))
                .isFalse();
        assertThat(proof.count()).isEqualTo(1);
    }

    // what a proof needs

    @Test
    void algorithm_thatIsNotNamed_isMd5() {
        assertThat(isMade(rfc7616(null, MD5))).isTrue();
        assertThat(isMade(rfc7616(null, SHA_256))).isFalse();
    }

    @Test
    void algorithm_isTheSameInAnyCase() {
        assertThat(isMade(rfc7616("sha-256", SHA_256))).isTrue();
        assertThat(isMade(rfc7616("md5", MD5))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-512-256", "MD5-sess", "SHA-256-sess", "SHA256", "SHA-1", ""})
    void algorithm_thatIsNotOffered_isNoProof(String algorithm) {
        assertThat(proof(rfc7616(algorithm, SHA_256))).isEmpty();
    }

    @Test
    void algorithm_thatIsKnownButNotOffered_isNoProof() {
        assertThat(DigestResponse.of(List.of(rfc7616("SHA-256", SHA_256)), REALM, List.of(Algorithm.MD5)))
                .isEmpty();
    }

    @Test
    void credentials_ofSeveralRealmsAndAlgorithms_thoseThatAreOursCount() {
        var other = new DigestCredentials("a", "elsewhere", "b", "c", "d", "MD5", "e", null, "auth", "00000001");
        var found = DigestResponse.of(
                List.of(other, rfc7616("SHA-512-256", SHA_256), rfc7616("MD5", MD5), rfc7616("SHA-256", SHA_256)),
                REALM,
                BOTH);
        assertThat(found).extracting(DigestResponse::algorithm).containsExactly(Algorithm.MD5, Algorithm.SHA_256);
        assertThat(DigestResponse.of(List.of(other), REALM, BOTH)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "auth-int, 00000001, c",
        "'auth,auth-int', 00000001, c",
        "'', 00000001, c",
        "auth, , c",
        "auth, 00000001, ",
        "auth, 1, c",
        "auth, 000000001, c",
        "auth, 0000000g, c",
        "auth, +0000001, c",
        "auth, -0000001, c"
    })
    void qop_thatIsNotAuthWithACountAndAClientNonce_isNoProof(
            String qop, @Nullable String nc, @Nullable String cnonce) {
        assertThat(proof(credentials("SHA-256", SHA_256, qop, nc, cnonce))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"00000000, 0", "0000000a, 10", "0000000A, 10", "7fffffff, 2147483647", "ffffffff, 4294967295"})
    void count_isHexadecimal(String nc, long count) {
        assertThat(proof(credentials("MD5", MD5, "auth", nc, CNONCE))
                        .orElseThrow()
                        .count())
                .isEqualTo(count);
    }

    // RFC 8760

    @Test
    void algorithms_areOfferedTheStrongestFirst_eachOnce() {
        assertThat(Algorithm.values()).extracting(Algorithm::wireName).containsExactly("SHA-256", "MD5");
    }

    @Test
    void challenge_namesItsAlgorithmAndQop() {
        assertThat(Digest.challenge("seatline", "abc", Algorithm.SHA_256, false))
                .isEqualTo("Digest realm=\"seatline\", nonce=\"abc\", algorithm=SHA-256, qop=\"auth\"");
        assertThat(Digest.challenge("seatline", "abc", Algorithm.MD5, true))
                .isEqualTo("Digest realm=\"seatline\", nonce=\"abc\", algorithm=MD5, qop=\"auth\", stale=true");
    }

    /** The grammar has small letters (RFC 8760 section 2.7); nobody gains anything from refusing large ones. */
    @Test
    void response_inCapitals_isRight() {
        assertThat(isMade(rfc7616("SHA-256", SHA_256.toUpperCase(Locale.ROOT)))).isTrue();
    }

    /** Section 2.2: as long as the algorithm makes it, 64 digits or 32. */
    @Test
    void response_cutToTheLengthOfMd5_isWrong() {
        assertThat(isMade(rfc7616("SHA-256", SHA_256.substring(0, 32)))).isFalse();
        assertThat(isMade(rfc7616("MD5", MD5 + MD5))).isFalse();
    }

    @Test
    void keys_areNotShown() {
        assertThat(MUFASA).asString().isEqualTo("Ha1[…]");
    }
}
