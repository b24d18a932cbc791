package io.seatline.sip;

import static io.seatline.support.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.PhoneSecret;
import io.seatline.account.PhoneSecret.Ha1;
import io.seatline.account.SipAccounts;
import io.seatline.audit.Actor;
import io.seatline.support.Await;
import io.seatline.support.ExternalProgram;
import io.seatline.support.ExternalProgram.Tool;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.SipAnswer;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts that came from another server with the MD5 of username:realm:password, and without the password. */
@Tag("slow")
final class MovedAccountsTest {
    private static final String DOMAIN = "Old.example";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty(Map.of("sip.realms", DOMAIN, "sip.sha256.agents", Phone.AGENT + ", linphone"));
        server.customer("test", "123", null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static PhoneAccount moved(String username, String realm) {
        var account = PhoneAccount.create(server, username);
        secret(account, Ha1.of(username, realm, PhoneAccount.PASSWORD));
        return account;
    }

    private static void secret(PhoneAccount account, PhoneSecret secret) {
        try (SipAccounts accounts = server.accounts()) {
            var _ = accounts.update(
                            server.operatorId("test"),
                            UUID.fromString(account.id()),
                            false,
                            Actor.commandLine(),
                            before -> before.settings().withSecret(secret))
                    .orElseThrow();
        }
    }

    private static SipAnswer challenged(Phone phone, String to) {
        return phone.register().with("To", to).send();
    }

    private static SipAnswer answered(Phone phone, String to, SipAnswer challenge, String algorithm) {
        return phone.register()
                .with("To", to)
                .answering(challenge, algorithm, 1)
                .send();
    }

    private static String realm(SipAnswer challenge) {
        return SipAnswer.parameter(challenge.challenge("MD5").orElseThrow(), "realm");
    }

    @Test
    void phone_thatRegistersToItsOldDomain_isAskedForThatRealm_andRegisters() {
        var account = moved("moved.domain", DOMAIN);
        try (var phone = Phone.at(server, account.username(), PhoneAccount.PASSWORD)) {
            var to = "<sip:moved.domain@old.EXAMPLE>";
            var challenge = challenged(phone, to);
            assertThat(realm(challenge)).isEqualTo(DOMAIN);
            assertThat(answered(phone, to, challenge, "MD5").status()).isEqualTo(200);
            assertThat(account.isOnline()).isTrue();
        }
    }

    @Test
    void phone_thatRegistersElsewhere_registersWhereTheRealmIsTheServers() {
        var account = moved("moved.usual", Phone.REALM);
        try (var phone = Phone.at(server, account.username(), PhoneAccount.PASSWORD)) {
            assertThat(phone.registers("MD5").status()).isEqualTo(200);
        }
        var other = moved("moved.elsewhere", DOMAIN);
        try (var phone = Phone.at(server, other.username(), PhoneAccount.PASSWORD)) {
            assertThat(phone.registers("MD5").status()).isEqualTo(401);
        }
        Await.until(() -> other.lastRefusal().equals("wrong_password"));
    }

    @Test
    void account_withAPassword_registersInEachRealm() {
        var account = PhoneAccount.create(server, "moved.plain");
        try (var phone = Phone.at(server, account.username(), PhoneAccount.PASSWORD)) {
            var to = "<sip:moved.plain@old.example>";
            assertThat(answered(phone, to, challenged(phone, to), "SHA-256").status())
                    .isEqualTo(200);
            assertThat(phone.registers().status()).isEqualTo(200);
        }
    }

    @Test
    void wrongPassword_isRefused_andSoIsAnotherSpelling() {
        var account = moved("moved.wrong", DOMAIN);
        var to = "<sip:moved.wrong@old.example>";
        try (var guesser = Phone.at(server, account.username(), "wrong-horse-battery");
                var phone = Phone.at(server, account.username(), PhoneAccount.PASSWORD)) {
            assertThat(answered(guesser, to, challenged(guesser, to), "MD5").status())
                    .isEqualTo(401);
            var withDomain = phone.register()
                    .with("To", to)
                    .answering(challenged(phone, to), "MD5", 1, "moved.wrong@old.example", PhoneAccount.PASSWORD);
            assertThat(withDomain.send().status()).isEqualTo(401);
        }
        assertThat(account.isOnline()).isFalse();
    }

    /**
     * Nobody knows the hash that it would take; who is asked again is asked for MD5 alone, as everybody is who failed
     * with SHA-256.
     */
    @Test
    void phone_thatAnswersWithSha256_isAskedForMd5() {
        var account = moved("moved.sha256", DOMAIN);
        var to = "<sip:moved.sha256@old.example>";
        try (var phone = Phone.at(server, account.username(), PhoneAccount.PASSWORD)) {
            var again = answered(phone, to, challenged(phone, to), "SHA-256");
            assertThat(again.status()).isEqualTo(401);
            assertThat(again.challenge("SHA-256")).isEmpty();
            assertThat(answered(phone, to, again, "MD5").status()).isEqualTo(200);
        }
    }

    @Test
    void linphone_whichIsKnownToDoSha256_registers(@TempDir Path directory) throws IOException {
        var account = moved("moved.linphone", Phone.REALM);
        var config = directory.resolve("linphonerc");
        Files.writeString(
                config, """
                [sip]
                default_proxy=0
                [proxy_0]
                reg_proxy=<sip:127.0.0.1:%1$d>
                reg_identity=<sip:%2$s@127.0.0.1:%1$d>
                reg_sendregister=1
                reg_expires=600
                [auth_info_0]
                username=%2$s
                passwd=%3$s
                realm=%4$s
                """.formatted(server.sipPort(), account.username(), PhoneAccount.PASSWORD, Phone.REALM));
        Files.createDirectories(directory.resolve(".local/share/linphone"));
        try (var linphone = ExternalProgram.start(Tool.LINPHONE_DAEMON, directory, "--config", config.toString())) {
            linphone.until(account::isOnline);
            assertThat(account.lastRefusal()).isEmpty();
        }
    }

    @Test
    void password_isNullInTheApi_untilANewOneIsSet() {
        var account = moved("moved.api", DOMAIN);
        var path = "/sip_device_routes/" + account.id();
        assertThat(json(server.get(path)).at("/data/attributes/password").isNull())
                .isTrue();
        account.allowOnly("127.0.0.0/8");
        assertThat(json(server.get(path)).at("/data/attributes/password").isNull())
                .isTrue();
        var sha256 = server.patch(path, """
                {"data": {"type": "sip_device_routes", "id": "%s", "attributes": {"require_sha256": true}}}
                """.formatted(account.id()));
        assertThat(sha256.statusCode()).isEqualTo(422);
        assertThat(sha256.body())
                .contains("needs a password: only its MD5 hash is known", "/data/attributes/require_sha256");

        secret(account, new PhoneSecret.Password("another-horse-battery"));
        assertThat(json(server.get(path)).at("/data/attributes/password").asString())
                .isEqualTo("another-horse-battery");
        try (var phone = Phone.at(server, account.username(), "another-horse-battery")) {
            assertThat(phone.registers("SHA-256").status()).isEqualTo(200);
        }
    }
}
