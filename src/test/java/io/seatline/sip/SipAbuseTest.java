package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.support.Await;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What guessing, scanning and floods come to. */
@Tag("slow")
class SipAbuseTest {
    private static final String WRONG = "wrong-horse-battery";

    @SuppressWarnings("NullAway.Init")
    private static TestServer server;

    private final String username = AccountSettings.generateUsername();
    private final UUID account = UUID.randomUUID();

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
        assertThat(server.account("test", TestServer.plain(account.toString(), "123", username)))
                .isNotNull();
    }

    private void guess(String from, int times) {
        try (var guesser = Phone.from(from, server, username, WRONG)) {
            for (var i = 0; i < times; i++) {
                assertThat(guesser.registers().status()).isEqualTo(401);
            }
        }
    }

    private int status(String from) {
        try (var phone = Phone.from(from, server, username, PhoneAccount.PASSWORD)) {
            return phone.registers().status();
        }
    }

    private String blocked() {
        return server.text(
                "SELECT string_agg(source::text, ' ') FROM blocked_sources WHERE account_id = '" + account + "'");
    }

    // the guard

    @Test
    void tenWrongPasswords_blockThatSourceForThatAccount_andNobodyElse() {
        guess("127.0.0.7", 9);
        assertThat(blocked()).isEmpty();
        guess("127.0.0.7", 1);
        assertThat(blocked()).isEqualTo("127.0.0.7/32");
        assertThat(status("127.0.0.7"))
                .as("the right password, from the blocked source")
                .isEqualTo(401);
        assertThat(status("127.0.0.8")).as("another source").isEqualTo(200);
        var neighbour = AccountSettings.generateUsername();
        server.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", neighbour));
        try (var phone = Phone.from("127.0.0.7", server, neighbour, PhoneAccount.PASSWORD)) {
            assertThat(phone.registers().status()).as("another account").isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void guessesThatComeTogether_areTenAndNoMore(boolean nodeHearsOfChanges) {
        try (var guesser = Phone.from("127.0.0.7", server, username, WRONG)) {
            var challenge = guesser.register().send();
            if (!nodeHearsOfChanges) {
                server.database()
                        .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND application_name = 'seatline notifications'");
            }
            for (var i = 0; i < 40; i++) {
                guesser.sendOnly(
                        guesser.register().answering(challenge, "SHA-256", 1).text());
            }
            Await.until(() -> refusals().equals("blocked 30, wrong_password 10"));
        }
        assertThat(status("127.0.0.7")).isEqualTo(401);
    }

    private String refusals() {
        return server.text("SELECT string_agg(reason || ' ' || times, ', ' ORDER BY reason) FROM refusals"
                + " WHERE account_id = '" + account + "'");
    }

    @Test
    void block_isForgottenWhenItIsCleared() {
        guess("127.0.0.7", 10);
        assertThat(status("127.0.0.7")).isEqualTo(401);
        server.database().run("DELETE FROM blocked_sources WHERE account_id = '" + account + "'");
        Await.until(() -> status("127.0.0.7") == 200);
    }

    @Test
    void block_ends() {
        guess("127.0.0.7", 10);
        server.database()
                .run("UPDATE blocked_sources SET expires_at = now() - interval '1 s' WHERE account_id = '" + account
                        + "'");
        Await.until(() -> status("127.0.0.7") == 200);
    }

    @Test
    void block_atOneNode_countsAtTheOther_andAfterARestart() {
        guess("127.0.0.7", 10);
        var node = server.another();
        try (var phone = Phone.from("127.0.0.7", node, username, PhoneAccount.PASSWORD)) {
            Await.until(() -> node.management("/health/ready").statusCode() == 200);
            assertThat(phone.registers().status()).isEqualTo(401);
        } finally {
            node.stop();
        }
    }

    @Test
    void block_leavesThePhoneThatIsRegisteredThereAlone_andLetsNoOtherIn() {
        try (var phone = Phone.from("127.0.0.7", server, username, PhoneAccount.PASSWORD)) {
            assertThat(phone.registers().status()).isEqualTo(200);
            guess("127.0.0.7", 12);
            assertThat(blocked()).isEqualTo("127.0.0.7/32");
            assertThat(status("127.0.0.7")).as("the right password, guessed").isEqualTo(401);
            try (var guesser = Phone.from("127.0.0.7", server, username, PhoneAccount.PASSWORD)) {
                var challenge = guesser.register().send();
                for (var i = 0; i < 2; i++) {
                    assertThat(guesser.answered(challenge, "MD5")
                                    .challenge("MD5")
                                    .orElseThrow())
                            .as("a right guess with a used nonce")
                            .doesNotContain("stale");
                }
            }
            assertThat(phone.registers().status()).as("a refresh").isEqualTo(200);
            assertThat(phone.unregisters().status()).isEqualTo(200);
            assertThat(phone.registers().status()).as("anew").isEqualTo(401);
        }
    }

    @Test
    void wrongAddress_withTheRightPassword_isNotCounted() {
        server.database()
                .run("UPDATE sip_accounts SET use_allowed_ips = true, version = new_version() WHERE id = '" + account
                        + "'");
        for (var i = 0; i < 12; i++) {
            assertThat(status("127.0.0.7")).isEqualTo(401);
        }
        assertThat(blocked()).isEmpty();
    }

    @Test
    void challengesAndStaleNonces_areNotCounted() {
        try (var phone = Phone.from("127.0.0.7", server, username, WRONG);
                var elsewhere = Phone.from("127.0.0.8", server, username, WRONG)) {
            var foreign = elsewhere.register().send();
            for (var i = 0; i < 20; i++) {
                assertThat(phone.register().send().status()).isEqualTo(401);
                assertThat(phone.answered(foreign, "SHA-256")
                                .challenge("SHA-256")
                                .orElseThrow())
                        .contains("stale=true");
            }
        }
        assertThat(blocked()).isEmpty();
        assertThat(status("127.0.0.7")).isEqualTo(200);
    }

    @Test
    void refusals_areKeptWithTheirTrueReason() {
        guess("127.0.0.7", 2);
        server.database()
                .run("UPDATE sip_accounts SET use_allowed_ips = true, version = new_version() WHERE id = '" + account
                        + "'");
        status("127.0.0.9");
        Await.until(() -> server.text("""
                        SELECT string_agg(reason || ' ' || host(source) || ' ' || times || ' ' || user_agent, ', ' ORDER BY reason)
                        FROM refusals WHERE account_id = '%s'
                        """.formatted(account))
                .equals("address_not_allowed 127.0.0.9 1 Phone of the tests, "
                        + "wrong_password 127.0.0.7 2 Phone of the tests"));
        assertThat(server.management("/metrics").body())
                .contains("seatline_sip_refusals_total{reason=\"wrong_password\"}")
                .contains("seatline_sip_refusals_total{reason=\"address_not_allowed\"}");
    }

    // overload

    @Test
    void moreThanCanBeCarriedOut_isToldToComeLater_atOnce_andTheRestGoesOn() throws SQLException {
        var floods = Stream.of("127.0.0.13", "127.0.0.15", "127.0.0.16", "127.0.0.17")
                .map(address -> Phone.from(address, server, username, PhoneAccount.PASSWORD))
                .toList();
        try (var newcomer = Phone.from("127.0.0.14", server, username, PhoneAccount.PASSWORD);
                var connection = server.database().connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE sip_accounts IN ACCESS EXCLUSIVE MODE");
            for (var flood : floods) {
                assertThat(newcomer.register().send().status())
                        .as("one source has a share, and others theirs")
                        .isEqualTo(401);
                assertThat(shed(flood))
                        .as("answered with 503 while nothing can be looked up")
                        .isBetween(30, 51);
            }
            var early = newcomer.register().send();
            assertThat(early.status()).isEqualTo(503);
            assertThat(Integer.parseInt(early.header("Retry-After").orElseThrow()))
                    .isBetween(1, 30);
            assertThat(newcomer.message("OPTIONS").send().status()).isEqualTo(200);
            connection.rollback();
            assertThat(server.management("/metrics").body()).containsPattern("seatline_sip_shed_total [1-9]");
            Await.until(() -> newcomer.registers().status() == 200);
        } finally {
            floods.forEach(Phone::close);
        }
    }

    /** How many of 550 registrations that can't be looked up are refused. */
    private static int shed(Phone flood) {
        var challenge = flood.register().send();
        var shed = 0;
        for (var i = 0; i < 550; i++) {
            flood.sendOnly(flood.register()
                    .answering(challenge, "SHA-256", 1, AccountSettings.generateUsername(), WRONG)
                    .text());
            if (i % 50 == 49) {
                shed += drain(flood, 503);
            }
        }
        for (var waited = 0; shed < 30 && waited < 300; waited++) {
            shed += drain(flood, 503);
        }
        return shed;
    }

    /**
     * Refusals wait for their time. What waits is an answer, and takes no place from those who have the right password.
     */
    @Test
    void refusalsOfOneSource_keepNobodyOut_howeverManyComeAtOnce() {
        try (var flood = Phone.from("127.0.0.13", server, username, PhoneAccount.PASSWORD);
                var newcomer = Phone.from("127.0.0.14", server, username, PhoneAccount.PASSWORD)) {
            var challenge = flood.register().send();
            for (var i = 0; i < 6_000; i++) {
                flood.sendOnly(flood.register()
                        .answering(challenge, "SHA-256", i + 1, username, WRONG)
                        .text());
                if (i % 1_000 == 999) {
                    assertThat(newcomer.registers().status()).isEqualTo(200);
                }
            }
        }
    }

    private static int drain(Phone phone, int status) {
        var count = 0;
        for (var answer = phone.receive(60); answer.isPresent(); answer = phone.receive(60)) {
            assertThat(answer.get().status()).isEqualTo(status);
            count++;
        }
        return count;
    }

    @Test
    void floodWithoutCredentials_leavesNothingBehind() {
        try (var flood = Phone.from("127.0.0.13", server, username, PhoneAccount.PASSWORD)) {
            for (var i = 0; i < 3000; i++) {
                flood.sendOnly(flood.register().text());
            }
            while (flood.receive(200).isPresent()) {
                // challenges
            }
        }
        assertThat(server.text("SELECT count(*) FROM used_nonces WHERE account_id = '" + account + "'"))
                .isEqualTo("0");
        assertThat(status("127.0.0.13")).isEqualTo(200);
    }
}
