package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.support.Await;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.SipAnswer;
import io.seatline.support.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Accounts that forbid MD5. That they do is told to nobody who has not proved the password: what strangers see is
 * {@link RefusalsAlikeTest}'s.
 */
class RequireSha256Test {
    private static final String AGENT = "Not known to do SHA-256";

    @SuppressWarnings("NullAway.Init")
    private static TestServer server;

    @SuppressWarnings("NullAway.Init")
    private PhoneAccount account;

    private String to = "";

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void account() {
        account = PhoneAccount.create(server, AccountSettings.generateUsername());
    }

    private void require(boolean required) {
        server.database()
                .run("UPDATE sip_accounts SET require_sha256 = " + required + ", version = new_version() WHERE id = '"
                        + account.id() + "'");
    }

    private Phone phone() {
        return Phone.at(server, account.username(), PhoneAccount.PASSWORD);
    }

    private Phone.Message register(Phone phone) {
        var message = phone.register().with("User-Agent", AGENT);
        return to.isEmpty() ? message : message.with("To", to);
    }

    private SipAnswer challenged(Phone phone) {
        return register(phone).send();
    }

    private SipAnswer answered(Phone phone, SipAnswer challenge, String algorithm) {
        return register(phone).answering(challenge, algorithm, 1).send();
    }

    /** What becomes of a phone that does MD5 and nothing else: where it is not offered that, it gives up. */
    private int statusOfMd5(Phone phone) {
        var challenge = challenged(phone);
        return challenge.challenge("MD5").isPresent()
                ? answered(phone, challenge, "MD5").status()
                : challenge.status();
    }

    /** A change that is heard of after the refusal makes the server forget it once. */
    private void awaitSha256Alone(Phone phone) {
        Await.until(() -> {
            assertThat(statusOfMd5(phone)).isEqualTo(401);
            return algorithms(challenged(phone)).equals(List.of("SHA-256"));
        });
    }

    private static List<String> algorithms(SipAnswer answer) {
        assertThat(answer.status()).isEqualTo(401);
        return answer.all("WWW-Authenticate").stream()
                .map(challenge -> challenge.replaceFirst(".*algorithm=([^,]+).*", "$1"))
                .toList();
    }

    @Test
    void rightPasswordByMd5_isRefused_andChallengedWithSha256Alone_whichIsTaken() {
        require(true);
        try (var phone = phone()) {
            var first = challenged(phone);
            assertThat(algorithms(first)).as("as for any other account").containsExactly("MD5");
            var refusal = answered(phone, first, "MD5");
            assertThat(algorithms(refusal)).containsExactly("SHA-256");
            assertThat(account.isOnline()).isFalse();
            assertThat(answered(phone, refusal, "SHA-256").status()).isEqualTo(200);
            assertThat(account.isOnline()).isTrue();
        }
        Await.until(() -> account.lastRefusal().equals("weak_digest"));
    }

    /** Linphone is one that gives up at a second challenge; another phone of the same account is asked as before. */
    @Test
    void phoneThatGivesUpAtTheRefusal_andComesBack_isChallengedWithSha256Alone() {
        require(true);
        try (var phone = phone();
                var elsewhere = Phone.from("127.0.0.3", server, account.username(), PhoneAccount.PASSWORD);
                var guesser = Phone.at(server, account.username(), "wrong-horse-battery")) {
            assertThat(answered(guesser, challenged(guesser), "MD5").status()).isEqualTo(401);
            assertThat(algorithms(challenged(guesser))).containsExactly("MD5");
            awaitSha256Alone(phone);
            var challenge = challenged(phone);
            assertThat(algorithms(challenge)).containsExactly("SHA-256");
            assertThat(answered(phone, challenge, "SHA-256").status()).isEqualTo(200);
            assertThat(algorithms(challenged(elsewhere))).containsExactly("MD5");
            assertThat(algorithms(
                            phone.register().with("User-Agent", "Another phone").send()))
                    .containsExactly("MD5");
        }
    }

    @Test
    void phoneThatDoesSha256_isNeverRefused() {
        require(true);
        try (var phone = phone()) {
            var challenge = phone.register().send();
            assertThat(algorithms(challenge)).containsExactly("SHA-256", "MD5");
            assertThat(phone.answered(challenge, "SHA-256").status()).isEqualTo(200);
            assertThat(algorithms(phone.answered(phone.register().send(), "MD5")))
                    .as("though it may still be asked for MD5")
                    .containsExactly("SHA-256");
        }
    }

    @Test
    void md5_asOftenAsItComes_isNoGuess() {
        require(true);
        try (var phone = phone()) {
            var challenge = challenged(phone);
            for (var i = 0; i < 12; i++) {
                assertThat(answered(phone, challenge, "MD5").status()).isEqualTo(401);
            }
            Await.until(() -> server.text(
                            "SELECT reason || ' ' || times FROM refusals WHERE account_id = '" + account.id() + "'")
                    .equals("weak_digest 12"));
            assertThat(server.database().number("SELECT count(*) FROM blocked_sources"))
                    .isZero();
            assertThat(phone.registers("SHA-256").status()).isEqualTo(200);
        }
        assertThat(server.management("/metrics").body())
                .contains("seatline_sip_refusals_total{reason=\"weak_digest\"}");
    }

    @Test
    void switch_countsForTheNextRegister_andLeavesWhatIsRegistered() {
        try (var phone = phone()) {
            assertThat(statusOfMd5(phone)).isEqualTo(200);
            require(true);
            assertThat(statusOfMd5(phone)).isEqualTo(401);
            assertThat(account.bindings()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"37060012345, sip:37060012345@example.com", "37060012346, tel:3706-0012346"})
    void switch_thatIsOffAgain_letsAPhoneInThatDoesMd5Alone(String username, String address) {
        account = PhoneAccount.create(server, username);
        to = "<" + address + ">";
        require(true);
        try (var phone = phone()) {
            awaitSha256Alone(phone);
            require(false);
            Await.until(() -> statusOfMd5(phone) == 200);
        }
    }

    @Test
    void serverThatTakesMd5Alone_letsNobodyIn() {
        require(true);
        var other = server.another(Map.of("sip.digest", "MD5"));
        try (var there = Phone.at(other, account.username(), PhoneAccount.PASSWORD);
                var phone = phone()) {
            assertThat(algorithms(answered(there, challenged(there), "MD5"))).containsExactly("MD5");
            // a nonce of the first server, which the other knows too
            var challenge = phone.register().send();
            assertThat(algorithms(there.answered(challenge, "SHA-256"))).containsExactly("MD5");
            assertThat(account.isOnline()).isFalse();
        } finally {
            other.stop();
        }
    }
}
