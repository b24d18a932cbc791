package io.seatline.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountFile;
import io.seatline.account.AccountImport;
import io.seatline.support.TestServer;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing of another operator can be seen, counted, sorted by, changed or guessed. */
@Tag("sql")
@SuppressWarnings("NullAway.Init")
class TenantsTest {
    private static final String OURS = "00000000-0000-7000-8000-000000000001";
    private static final String THEIRS = "00000000-0000-7000-8000-000000000002";

    private static TestServer us;
    private static TestServer them;

    @BeforeAll
    static void start() {
        us = TestServer.empty();
        us.operator("other", "other", "other-password");
        them = us.as("other", "other-password");
        us.customer("test", "123", null);
        us.customer("other", "123", null);
        us.customer("other", "only-theirs", null);
        us.account("test", TestServer.plain(OURS, "123", "ours"));
        us.account("other", TestServer.plain(THEIRS, "123", "theirs"));
        us.database().run("""
                        INSERT INTO bindings (id, account_id, contact, expires_at)
                        SELECT id, id, 'sip:phone@192.0.2.1', now() + interval '1 hour' FROM sip_accounts;
                        INSERT INTO blocked_sources (id, account_id, source, expires_at)
                        VALUES ('%1$s', '%1$s', '198.51.100.7', now() + interval '1 hour');
                        INSERT INTO refusals (account_id, reason, source, source_port, transport)
                        VALUES ('%1$s', 'wrong_password', '198.51.100.7', 5060, 'UDP')
                        """.formatted(THEIRS));
    }

    @AfterAll
    static void stop() {
        us.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sip_device_routes",
                "/sip_device_routes?include=customer&sort=-username",
                "/sip_device_routes?filter[customer.id]=123",
                "/sip_device_routes?filter[username]=ours,theirs",
                "/sip_device_routes?filter[id]=" + OURS + "," + THEIRS,
                "/sip_device_routes?filter[is_online]=true",
                "/sip_device_routes?filter[is_online]=true,false&sort=user_agent",
                "/sip_device_routes?filter[allow_external_calls]=false&filter[customer.id]=123"
            })
    void accounts_listed_areOurs(String path) {
        var document = TestServer.json(us.get(path));
        assertThat(document.at("/meta/record_count").asInt()).isEqualTo(1);
        assertThat(document.at("/data/0/attributes/username").asString()).isEqualTo("ours");
        assertThat(document.at("/data").size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sip_device_routes?filter[username]=theirs",
                "/sip_device_routes?filter[customer.id]=only-theirs",
                "/sip_device_routes?filter[id]=" + THEIRS,
                "/sip_device_routes?filter[is_online]=false",
                "/customers?filter[id]=only-theirs",
                "/blocked_sources",
                "/blocked_sources?filter[username]=theirs",
                "/blocked_sources?filter[sip_device_route.id]=" + THEIRS
            })
    void theirs_filteredFor_areAsIfTheyWereNot(String path) {
        var document = TestServer.json(us.get(path));
        assertThat(document.at("/meta/record_count").asInt()).isZero();
        assertThat(document.at("/data").size()).isZero();
    }

    @Test
    void customers_ofTheSameId_areTwo() {
        assertThat(us.delete("/customers/123", "If-Match", "\"0.0\"").statusCode())
                .isEqualTo(412);
        us.patch("/customers/123", """
                {"data": {"type": "customers", "id": "123", "attributes": {"name": "Renamed by us"}}}""");
        assertThat(us.get("/customers/123").body()).contains("Renamed by us");
        assertThat(them.get("/customers/123").body()).contains("Customer 123");
        assertThat(TestServer.json(us.get("/customers"))
                        .at("/meta/record_count")
                        .asInt())
                .isEqualTo(1);
        assertThat(TestServer.json(them.get("/customers"))
                        .at("/meta/record_count")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void theirs_asked_answersAsForWhatIsNotThere() {
        var patchTheirs = """
                {"data": {"type": "sip_device_routes", "id": "%s", "attributes": {"use_allowed_ips": false}}}""";
        var absent = "00000000-0000-7000-8000-00000000000f";
        for (var pair : List.of(
                List.of(us.get("/sip_device_routes/" + THEIRS), us.get("/sip_device_routes/" + absent)),
                List.of(
                        us.patch("/sip_device_routes/" + THEIRS, patchTheirs.formatted(THEIRS)),
                        us.patch("/sip_device_routes/" + absent, patchTheirs.formatted(absent))),
                List.of(us.get(registrations(THEIRS)), us.get(registrations(absent))),
                List.of(us.delete(registrations(THEIRS)), us.delete(registrations(absent))),
                List.of(
                        us.delete(registrations(THEIRS) + "/" + THEIRS),
                        us.delete(registrations(absent) + "/" + absent)),
                List.of(us.get("/blocked_sources/" + THEIRS), us.get("/blocked_sources/" + absent)),
                List.of(us.delete("/blocked_sources/" + THEIRS), us.delete("/blocked_sources/" + absent)),
                List.of(us.get("/customers/only-theirs"), us.get("/customers/absent")),
                List.of(us.delete("/customers/only-theirs"), us.delete("/customers/absent")),
                List.of(us.post("/sessions", session("only-theirs")), us.post("/sessions", session("absent"))),
                List.of(
                        us.post(
                                "/customer_admin_sessions",
                                session("only-theirs").replace("sessions", "customer_admin_sessions")),
                        us.post(
                                "/customer_admin_sessions",
                                session("absent").replace("sessions", "customer_admin_sessions"))))) {
            assertThat(pair.getFirst().statusCode()).isEqualTo(404);
            assertThat(pair.getFirst().body().replace(THEIRS, absent).replace("only-theirs", "absent"))
                    .isEqualTo(pair.getLast().body());
        }
        assertThat(them.get("/customers/only-theirs").statusCode()).isEqualTo(200);
        assertThat(us.delete("/blocked_sources").statusCode()).isEqualTo(204);
        assertThat(them.get("/blocked_sources/" + THEIRS).statusCode()).isEqualTo(200);
        assertThat(TestServer.json(them.get(registrations(THEIRS)))
                        .at("/meta/record_count")
                        .asInt())
                .isEqualTo(1);
    }

    private static String registrations(String account) {
        return "/sip_device_routes/" + account + "/registrations";
    }

    /** Accounts that are asked for at the same time are read together: each asker still gets only its own. */
    @Test
    void accounts_readTogether_goToTheirOperatorOnly() throws Exception {
        try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<String>>();
            for (var i = 0; i < 400; i++) {
                var asker = i % 2 == 0 ? us : them;
                var id = i % 4 < 2 ? OURS : THEIRS;
                var name = i % 2 == 0 ? "us " : "them ";
                tasks.add(() ->
                        name + id + " " + asker.get("/sip_device_routes/" + id).statusCode());
            }
            var outcomes = new HashSet<String>();
            for (var outcome : askers.invokeAll(tasks)) {
                outcomes.add(outcome.get());
            }
            assertThat(outcomes)
                    .containsExactlyInAnyOrder(
                            "us " + OURS + " 200",
                            "us " + THEIRS + " 404",
                            "them " + OURS + " 404",
                            "them " + THEIRS + " 200");
        }
    }

    /**
     * A file that one operator's customer filled in, with the signs that end a cell or a line of what is sent to the
     * database.
     */
    @ParameterizedTest
    @ValueSource(strings = {"123\tx\tabc", "123\nx", "\r123", "123\\.", "1\u00002", "only-theirs\t1"})
    void import_canNotNameAnotherOperator(String customerId) {
        var before = us.text("SELECT string_agg(a::text, ' ' ORDER BY id) FROM sip_accounts a");
        var outcome = new AccountImport(
                        us.environment().database().jdbi(), us.environment().accountPasswords())
                .run(
                        rows -> AccountFile.read(
                                new ByteArrayInputStream(
                                        ("customer_id,username\n\"" + customerId + "\",smuggled\n").getBytes(UTF_8)),
                                Optional.empty(),
                                rows),
                        us.operatorId("test"),
                        TestServer.TEST,
                        false,
                        lines -> {});
        assertThat(outcome.problems()).hasSize(1);
        assertThat(outcome.problems().getFirst().toString()).startsWith("line 2, column customer_id: must be 1 to 64");
        assertThat(us.text("SELECT string_agg(a::text, ' ' ORDER BY id) FROM sip_accounts a"))
                .isEqualTo(before);
    }

    private static String session(String customer) {
        return """
                {"data": {"type": "sessions", "relationships":
                    {"customer": {"data": {"type": "customers", "id": "%s"}}}}}""".formatted(customer);
    }
}
