package io.seatline.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.Promptness;
import io.seatline.support.TestServer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Two nodes share a database: what is set or used at one counts at the other, within a tenth of a second. */
@Tag("slow")
@Isolated("promises a tenth of a second")
class TwoNodesTest {
    private static final Duration SOON = Duration.ofMillis(100);

    @SuppressWarnings("NullAway.Init")
    private static TestServer one;

    @SuppressWarnings("NullAway.Init")
    private static TestServer other;

    private final String username = AccountSettings.generateUsername();
    private final UUID account = UUID.randomUUID();

    @BeforeAll
    static void start() {
        one = TestServer.empty();
        one.customer("test", "123", null);
        other = one.another();
    }

    @AfterAll
    static void stop() {
        other.stop();
        one.close();
    }

    @BeforeEach
    void account() {
        assertThat(one.account("test", TestServer.plain(account.toString(), "123", username)))
                .isNotNull();
    }

    private Phone phoneAt(TestServer node) {
        return Phone.at(node, username, PhoneAccount.PASSWORD);
    }

    private boolean online(TestServer node) {
        return TestServer.json(node.get("/sip_device_routes/" + account))
                .at("/data/attributes/is_online")
                .asBoolean();
    }

    private static void patch(TestServer node, UUID account, String attributes) {
        assertThat(node.patch(
                                "/sip_device_routes/" + account,
                                "{\"data\":{\"type\":\"sip_device_routes\",\"id\":\"" + account + "\",\"attributes\":"
                                        + attributes + "}}")
                        .statusCode())
                .isEqualTo(200);
    }

    /** A tenth of a second after the change, a phone's REGISTER is answered so. */
    private static void statusSoon(Phone phone, int status, String what, Runnable change) throws InterruptedException {
        // the nonce is fetched before: the first answer that counts is the first one asked for
        var challenge = new AtomicReference<>(phone.register().send());
        Promptness.inForce(what, SOON, change, () -> {
            var answer = phone.answered(challenge.get(), "SHA-256");
            if (answer.status() != status) {
                challenge.set(phone.register().send());
            }
            return answer.status() == status;
        });
    }

    private void statusSoon(TestServer node, int status, String what, Runnable change) throws InterruptedException {
        try (var phone = phoneAt(node)) {
            statusSoon(phone, status, what, change);
        }
    }

    @Test
    void registration_atOneNode_isSeenAtBoth() {
        try (var phone = phoneAt(other)) {
            assertThat(phone.registers().status()).isEqualTo(200);
            assertThat(online(one)).isTrue();
            assertThat(online(other)).isTrue();
        }
    }

    @Test
    void nonceOfOneNode_isGoodAtTheOther_once() {
        try (var here = phoneAt(one);
                var there = phoneAt(other)) {
            var challenge = here.register().send();
            assertThat(there.answered(challenge, "MD5").status()).isEqualTo(200);
            assertThat(here.answered(challenge, "MD5").status()).isEqualTo(401);
            assertThat(here.register().answering(challenge, "MD5", 2).send().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void allowList_changedAtOneNode_countsAtBoth_andEndsWhatItForbids() throws InterruptedException {
        try (var phone = phoneAt(other)) {
            assertThat(phone.registers().status()).isEqualTo(200);
        }
        var forbid = "{\"use_allowed_ips\":true,\"allowed_ips\":\"192.0.2.1\"}";
        statusSoon(other, 401, "an address forbidden at the other node", () -> patch(one, account, forbid));
        assertThat(online(other)).isFalse();
        var allow = "{\"allowed_ips\":\"127.0.0.0/8\"}";
        statusSoon(other, 200, "an address allowed at the other node", () -> patch(one, account, allow));
        statusSoon(other, 401, "an address forbidden at the same node", () -> patch(other, account, forbid));
        statusSoon(other, 200, "an address allowed at the same node", () -> patch(other, account, allow));
        statusSoon(one, 401, "an address forbidden at the other node", () -> patch(other, account, forbid));
        statusSoon(
                one,
                200,
                "an allow-list switched off at the other node",
                () -> patch(other, account, "{\"use_allowed_ips\":false}"));
    }

    @Test
    void allowList_thatStillAllows_endsNothing() {
        try (var phone = phoneAt(one)) {
            phone.registers();
        }
        patch(other, account, "{\"use_allowed_ips\":true,\"allowed_ips\":\"127.0.0.1, 192.0.2.1\"}");
        assertThat(online(one)).isTrue();
    }

    @Test
    void password_changed_endsTheBindings_andTheOldOneCountsNowhere() throws InterruptedException {
        try (var phone = phoneAt(other)) {
            assertThat(phone.registers().status()).isEqualTo(200);
        }
        var sealed = one.environment().accountPasswords().seal("another-horse-battery", account);
        statusSoon(
                other,
                401,
                "a new password",
                () -> one.environment()
                        .database()
                        .jdbi()
                        .useHandle(handle -> handle.createUpdate(
                                        "UPDATE sip_accounts SET password = :sealed, version = new_version() WHERE id = :id")
                                .bind("sealed", sealed)
                                .bind("id", account)
                                .execute()));
        assertThat(online(one)).isFalse();
        try (var phone = Phone.at(other, username, "another-horse-battery")) {
            assertThat(phone.registers().status()).isEqualTo(200);
        }
    }

    @Test
    void account_deleted_isUnknownAtBoth() throws InterruptedException {
        try (var phone = phoneAt(other)) {
            assertThat(phone.registers().status()).isEqualTo(200);
        }
        statusSoon(
                other,
                401,
                "an account deleted at the other node",
                () -> one.accounts().delete(one.operatorId("test"), account, TestServer.TEST));
        assertThat(one.text("SELECT count(*) FROM bindings WHERE account_id = '" + account + "'"))
                .isEqualTo("0");
    }

    @Test
    void customer_deleted_takesItsPhonesOffline() throws InterruptedException {
        one.customer("test", "going", null);
        var theirs = AccountSettings.generateUsername();
        one.account("test", TestServer.plain(UUID.randomUUID().toString(), "going", theirs));
        try (var phone = Phone.at(other, theirs, PhoneAccount.PASSWORD)) {
            assertThat(phone.registers().status()).isEqualTo(200);
            statusSoon(
                    phone,
                    401,
                    "a customer deleted at the other node",
                    () -> assertThat(one.delete("/customers/going").statusCode())
                            .isEqualTo(204));
        }
    }

    @Test
    void account_createdAfterItWasAskedFor_isKnownAtBoth() throws InterruptedException {
        var late = AccountSettings.generateUsername();
        for (var node : new TestServer[] {one, other}) {
            try (var early = Phone.at(node, late, PhoneAccount.PASSWORD)) {
                assertThat(early.registers().status()).isEqualTo(401);
            }
        }
        try (var here = Phone.at(one, late, PhoneAccount.PASSWORD);
                var there = Phone.at(other, late, PhoneAccount.PASSWORD)) {
            Promptness.inForce(
                    "an account created at one node",
                    SOON,
                    () -> one.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", late)),
                    () -> here.registers().status() == 200 && there.registers().status() == 200);
        }
    }

    @Test
    void node_thatHearsNothing_asksTheDatabaseEachTime() {
        try (var phone = phoneAt(other)) {
            assertThat(phone.registers().status()).isEqualTo(200);
            other.database()
                    .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE application_name = 'seatline notifications'");
            one.database()
                    .run("UPDATE sip_accounts SET use_allowed_ips = true, version = new_version() WHERE id = '"
                            + account + "'");
            assertThat(phone.registers().status()).isEqualTo(401);
        }
    }

    @Test
    void settings_thatChangeWhilePhonesRegister_neverLeaveAForbiddenBinding() throws Exception {
        var allow = "{\"use_allowed_ips\":false}";
        var forbid = "{\"use_allowed_ips\":true,\"allowed_ips\":\"192.0.2.1\"}";
        var storm = Thread.ofVirtual().start(() -> {
            try (var phone = phoneAt(other)) {
                while (!Thread.currentThread().isInterrupted()) {
                    phone.registers();
                }
            }
        });
        for (var i = 0; i < 30; i++) {
            patch(one, account, allow);
            Thread.sleep(i);
            patch(one, account, forbid);
            assertThat(online(other)).isFalse();
            Thread.sleep(10);
            assertThat(online(other)).isFalse();
        }
        storm.interrupt();
        storm.join();
    }
}
