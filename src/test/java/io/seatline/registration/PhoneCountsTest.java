package io.seatline.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.support.Await;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Counting what the console's charts show, at two nodes. */
@Tag("sql")
@Tag("slow")
class PhoneCountsTest {
    private static final String DUE = "UPDATE phones_counted SET next_at = '-infinity'";

    @SuppressWarnings("NullAway.Init")
    private static TestServer one;

    @SuppressWarnings("NullAway.Init")
    private static TestServer other;

    @BeforeAll
    static void start() {
        one = TestServer.empty();
        one.customer("test", "123", null);
        other = one.another();
        Await.until(() -> one.text("SELECT isfinite(at) FROM phones_counted").equals("t"));
        later();
    }

    @AfterAll
    static void stop() {
        other.stop();
        one.close();
    }

    /** The nodes' own workers stay out of it. */
    private static void later() {
        one.database().run("UPDATE phones_counted SET next_at = 'infinity'");
    }

    private static Jdbi jdbi(TestServer node) {
        return node.environment().database().jdbi();
    }

    private static void count() {
        one.database().run(DUE);
        Await.until(() -> {
            var _ = PhoneCounts.count(jdbi(one));
            return one.text("SELECT next_at > now() FROM phones_counted").equals("t");
        });
    }

    private static String account() {
        var username = AccountSettings.generateUsername();
        one.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", username));
        return username;
    }

    private static String now() {
        return one.text("SELECT string_agg(transport || ' ' || user_agent || ' ' || phones, ', '"
                + " ORDER BY phones DESC, user_agent) FROM phones_now");
    }

    @Test
    void phones_areCountedByTransportAndUserAgent_rareAgentsTogether() {
        one.database().run("DELETE FROM bindings");
        for (var i = 1; i <= 23; i++) {
            one.database()
                    .run("INSERT INTO bindings (account_id, contact, user_agent, expires_at) SELECT '" + id(account())
                            + "', 'sip:' || n, 'agent " + (100 + i)
                            + "', now() + interval '1 h' FROM generate_series(1, "
                            + (i <= 20 ? 2 : 1) + ") n");
        }
        one.database()
                .run("INSERT INTO bindings (account_id, contact, expires_at) SELECT '" + id(account())
                        + "', 'sip:' || n, now() + interval '1 h' FROM generate_series(1, 5) n");
        one.database()
                .run("INSERT INTO bindings (account_id, contact, expires_at) VALUES ('" + id(account())
                        + "', 'sip:gone', now() - interval '1 s')");
        count();
        assertThat(now())
                .startsWith("UDP other 5, UDP unknown 5, UDP agent 101 2,")
                .doesNotContain("agent 120");
        assertThat(one.text("SELECT count(*) || ' ' || sum(phones) FROM phones_now"))
                .isEqualTo("21 48");
        assertThat(one.text("SELECT phones FROM phone_counts ORDER BY at DESC LIMIT 1"))
                .isEqualTo("48");
        one.database().run("DELETE FROM bindings");
        count();
        assertThat(now()).isEmpty();
        assertThat(one.text("SELECT phones FROM phone_counts ORDER BY at DESC LIMIT 1"))
                .isEqualTo("0");
    }

    private static String id(String username) {
        return one.text("SELECT id FROM sip_accounts WHERE username = '" + username + "'");
    }

    @Test
    void count_thatIsDueAtTwoNodes_isMadeOnce() throws Exception {
        for (var round = 0; round < 10; round++) {
            one.database().run(DUE);
            try (var threads = Executors.newFixedThreadPool(8)) {
                var counted = 0;
                for (var made : threads.invokeAll(IntStream.range(0, 8)
                        .<Callable<Boolean>>mapToObj(i -> () -> PhoneCounts.count(jdbi(i % 2 == 0 ? one : other)))
                        .toList())) {
                    counted += made.get() ? 1 : 0;
                }
                // none when a node's own worker was first
                assertThat(counted).isLessThanOrEqualTo(1);
            }
            assertThat(PhoneCounts.count(jdbi(other))).as("not due").isFalse();
            assertThat(one.database().number("SELECT extract(epoch FROM next_at - at) FROM phones_counted"))
                    .isBetween(10L, 60L);
        }
        later();
    }

    @Test
    void registrations_goOn_whileACountIsHeldUp() throws SQLException, InterruptedException {
        one.database().run(DUE);
        try (var connection = one.database().connect();
                var statement = connection.createStatement();
                var phone = Phone.at(one, account(), PhoneAccount.PASSWORD)) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE phones_now IN ACCESS EXCLUSIVE MODE");
            var counting = Thread.ofVirtual().start(() -> {
                var _ = PhoneCounts.count(jdbi(one));
            });
            Await.until(() -> one.database()
                            .number(
                                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'phones_now'::regclass")
                    > 0);
            for (var i = 0; i < 5; i++) {
                assertThat(phone.registers().status()).isEqualTo(200);
            }
            connection.rollback();
            counting.join();
        }
        assertThat(one.text("SELECT count(*) || ' ' || (SELECT count(*) FROM pg_trigger"
                        + " WHERE tgrelid = 'bindings'::regclass AND NOT tgisinternal)"
                        + " FROM pg_index WHERE indrelid = 'bindings'::regclass"))
                .as("indexes and triggers that a registration pays for")
                .isEqualTo("1 0");
        later();
    }

    @Test
    void refusals_areCountedByReason_atBothNodes() {
        var username = account();
        for (var node : new TestServer[] {one, other, one}) {
            try (var phone = Phone.at(node, username, "wrong-horse-battery")) {
                assertThat(phone.registers().status()).isEqualTo(401);
            }
        }
        one.database().run("UPDATE sip_accounts SET use_allowed_ips = true WHERE username = '" + username + "'");
        try (var phone = Phone.at(other, username, PhoneAccount.PASSWORD)) {
            Await.until(() -> {
                assertThat(phone.registersWith(Map.of()).status()).isIn(200, 401);
                return one.text(
                                "SELECT string_agg(reason, ' ' ORDER BY reason) FROM (SELECT DISTINCT reason FROM refusal_counts) r")
                        .equals("address_not_allowed wrong_password");
            });
        }
        Await.until(() -> one.text("SELECT sum(times) FROM refusal_counts WHERE reason = 'wrong_password'")
                .equals("3"));
        assertThat(one.database().number("SELECT count(*) FROM refusals WHERE operator_id IS NULL"))
                .isZero();
    }

    @Test
    void counts_olderThanEightDays_areDeleted() {
        one.database()
                .run("INSERT INTO phone_counts SELECT id, now() - interval '9 days', 1 FROM operators;"
                        + "INSERT INTO refusal_counts SELECT id, now() - interval '9 days', 'blocked', 1 FROM operators;"
                        + "INSERT INTO phone_counts SELECT id, now() - interval '7 days', 1 FROM operators");
        Housekeeping.clean(jdbi(one));
        assertThat(one.text("SELECT (SELECT count(*) FROM phone_counts WHERE at < now() - interval '1 day') || ' '"
                        + " || (SELECT count(*) FROM refusal_counts WHERE at < now() - interval '1 day')"))
                .isEqualTo("1 0");
    }
}
