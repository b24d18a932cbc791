package io.seatline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.SipAccounts.Creation;
import io.seatline.support.TestServer;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Seats and usernames are given once, whoever asks at the same time. */
@Tag("sql")
@Tag("slow")
@SuppressWarnings("NullAway.Init")
class AccountLimitTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.operator("other", "other", "other-password");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void create_byFiftyWritersUnderALimitOfOne_makesOneAccount() throws Exception {
        server.customer("test", "one", 1L);
        var start = new CountDownLatch(1);
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<Creation>>();
            for (var i = 0; i < 50; i++) {
                var username = "writer-" + i;
                tasks.add(() -> {
                    start.await();
                    return server.account(
                            "test", TestServer.plain(UUID.randomUUID().toString(), "one", username));
                });
            }
            var futures = tasks.stream().map(writers::submit).toList();
            start.countDown();
            var outcomes = new ArrayList<Creation>();
            for (var future : futures) {
                outcomes.add(future.get());
            }
            assertThat(outcomes).filteredOn(Creation.Created.class::isInstance).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(Creation.LimitReached.class::isInstance)
                    .hasSize(49)
                    .allMatch(new Creation.LimitReached(1)::equals);
        }
        assertThat(server.database().number("SELECT count(*) FROM sip_accounts WHERE customer_id = 'one'"))
                .isEqualTo(1);
    }

    @Test
    void create_ofOneUsernameByManyWritersOfTwoOperators_makesOneAccount() throws Exception {
        server.customer("test", "here", null);
        server.customer("other", "there", null);
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<Creation>>();
            for (var i = 0; i < 20; i++) {
                var username = i % 2 == 0 ? "Same.Name" : "sAME.nAME";
                var operator = i % 3 == 0 ? "test" : "other";
                var customer = i % 3 == 0 ? "here" : "there";
                tasks.add(() -> server.account(
                        operator, TestServer.plain(UUID.randomUUID().toString(), customer, username)));
            }
            var outcomes = new ArrayList<Creation>();
            for (var future : writers.invokeAll(tasks)) {
                outcomes.add(future.get());
            }
            assertThat(outcomes).filteredOn(Creation.Created.class::isInstance).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(Creation.UsernameTaken.class::isInstance)
                    .hasSize(19);
        }
    }

    @Test
    void limit_belowThePresentNumber_onlyLocksCreate() {
        server.customer("test", "shrinking", 2L);
        var first = UUID.randomUUID().toString();
        server.account("test", TestServer.plain(first, "shrinking", "shrink-1"));
        server.account("test", TestServer.plain(UUID.randomUUID().toString(), "shrinking", "shrink-2"));
        var patched = server.patch("/customers/shrinking", """
                {"data": {"type": "customers", "id": "shrinking", "attributes": {"sip_account_limit": 1}}}""");
        assertThat(patched.statusCode()).isEqualTo(200);
        assertThat(server.get("/sip_device_routes/" + first).statusCode()).isEqualTo(200);
        assertThat(server.account("test", TestServer.plain(UUID.randomUUID().toString(), "shrinking", "shrink-3")))
                .isEqualTo(new Creation.LimitReached(1));
    }

    @Test
    void create_forAnotherOperatorsCustomer_findsNoCustomer() {
        server.customer("other", "theirs", null);
        assertThat(server.account("test", TestServer.plain(UUID.randomUUID().toString(), "theirs", "cuckoo")))
                .isEqualTo(new Creation.NoCustomer());
    }
}
