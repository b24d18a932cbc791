package io.seatline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Await;
import io.seatline.support.ExpectedError;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code /sip_device_routes/{id}/registrations}: which phones are registered, why others were refused, and kicking. */
@Tag("sql")
final class RegistrationsApiTest {
    private static final String ANNA = "00000000-0000-4000-8000-000000000001";
    private static final String BERT = "00000000-0000-4000-8000-000000000002";
    private static final String THEIRS = "00000000-0000-4000-8000-0000000000ff";
    private static final String NOBODY = "00000000-0000-4000-8000-00000000000f";
    private static final String LIST = registrations(ANNA);

    private static TestServer server;
    private static TestServer them;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.account("test", TestServer.plain(ANNA, "123", "anna"));
        server.account("test", TestServer.plain(BERT, "123", "bert"));
        server.operator("other", "other", "password");
        them = server.as("other", "password");
        server.customer("other", "123", null);
        server.account("other", TestServer.plain(THEIRS, "123", "theirs"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Anna has three phones, of which the desk phone registered first and refreshed last, and had a fourth. */
    @BeforeEach
    void register() {
        server.database().run("DELETE FROM bindings; DELETE FROM refusals; DELETE FROM audit");
        bind(ANNA, 1, "sip:desk@192.0.2.17:5060", "192.0.2.17", 5060, "UDP", "Yealink T46S", "1 hour", "9 days", "9s");
        bind(ANNA, 2, "sip:soft@192.0.2.9;ob", "2001:db8::9", 49152, "TLS", "baresip v1.0.0", "90 s", "2 h", "20 s");
        bind(ANNA, 3, "sip:web@invalid;transport=ws", "10.0.0.7", 40000, "WSS", null, "10 min", "3 h", "30 s");
        bind(ANNA, 4, "sip:gone@192.0.2.8", "192.0.2.8", 5060, "UDP", "Gone/1", "-1 s", "4 h", "1 s");
        bind(BERT, 5, "sip:bert@192.0.2.5", "192.0.2.5", 5060, "UDP", "Other/1", "1 hour", "1 h", "1 s");
        bind(THEIRS, 6, "sip:them@192.0.2.6", "192.0.2.6", 5060, "UDP", "Theirs/1", "1 hour", "1 h", "1 s");
    }

    private static void bind(
            String account,
            int number,
            String contact,
            String source,
            int port,
            String transport,
            @Nullable String userAgent,
            String expiresIn,
            String firstSeenAgo,
            String lastSeenAgo) {
        server.database().run("""
                        INSERT INTO bindings (account_id, id, contact, source, source_port, transport, user_agent, expires_at,
                            first_seen_at, refreshed_at)
                        VALUES ('%s', '%s', '%s', '%s', %d, '%s', %s, now() + interval '%s', now() - interval '%s',
                            now() - interval '%s')
                        """.formatted(
                        account,
                        id(number),
                        contact,
                        source,
                        port,
                        transport,
                        userAgent == null ? "NULL" : "'" + userAgent + "'",
                        expiresIn,
                        firstSeenAgo,
                        lastSeenAgo));
    }

    private static void refuse(String account, String reason, String source, int times, String lastSeenAgo) {
        server.database().run("""
                        INSERT INTO refusals (account_id, reason, source, source_port, transport, user_agent, times,
                            first_seen_at, last_seen_at)
                        VALUES ('%s', '%s', '%s', 5062, 'UDP', 'Yealink T46S', %d, now() - interval '1 day',
                            now() - interval '%s')
                        """.formatted(account, reason, source, times, lastSeenAgo));
    }

    private static String id(int number) {
        return "00000000-0000-4000-9000-00000000000" + number;
    }

    private static String registrations(String account) {
        return "/sip_device_routes/" + account + "/registrations";
    }

    private static JsonNode listed(String path) {
        var answer = server.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer);
    }

    private static String userAgents(String query) {
        return String.join(
                " | ",
                listed(LIST + query).path("data").values().stream()
                        .map(registration ->
                                registration.at("/attributes/user_agent").asString("-"))
                        .toList());
    }

    private static boolean isOnline(String account) {
        return listed("/sip_device_routes/" + account)
                .at("/data/attributes/is_online")
                .asBoolean();
    }

    // the list

    @Test
    void registration_isShownWithAllItsAttributesInOrder() {
        var registration = listed(LIST).path("data").path(1);
        assertThat(registration.propertyNames()).containsExactly("id", "type", "attributes");
        assertThat(registration.path("id").asString()).isEqualTo(id(2));
        assertThat(registration.path("type").asString()).isEqualTo("registrations");
        var attributes = registration.path("attributes");
        assertThat(attributes.propertyNames())
                .containsExactly(
                        "contact",
                        "source_address",
                        "source_port",
                        "transport",
                        "user_agent",
                        "expires_at",
                        "expires_in",
                        "first_seen_at",
                        "last_seen_at");
        assertThat(attributes.path("contact").asString()).isEqualTo("sip:soft@192.0.2.9;ob");
        assertThat(attributes.path("source_address").asString()).isEqualTo("2001:db8::9");
        assertThat(attributes.path("source_port").intValue()).isEqualTo(49152);
        assertThat(attributes.path("transport").asString()).isEqualTo("TLS");
        assertThat(attributes.path("user_agent").asString()).isEqualTo("baresip v1.0.0");
        assertThat(attributes.path("expires_in").intValue()).isBetween(80, 90);
        assertTime(attributes, "expires_at", Instant.now().plusSeconds(90));
        assertTime(attributes, "first_seen_at", Instant.now().minus(2, ChronoUnit.HOURS));
        assertTime(attributes, "last_seen_at", Instant.now().minusSeconds(20));
    }

    private static void assertTime(JsonNode attributes, String name, Instant about) {
        var text = attributes.path(name).asString();
        assertThat(text).as(name).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(Instant.parse(text)).as(name).isBetween(about.minusSeconds(15), about.plusSeconds(15));
    }

    @Test
    void registrations_thatLiveAreListedTheNewestFirst() {
        assertThat(userAgents("")).isEqualTo("Yealink T46S | baresip v1.0.0 | -");
        assertThat(listed(LIST).at("/meta/record_count").intValue()).isEqualTo(3);
        assertThat(listed(registrations(BERT)).at("/meta/record_count").intValue())
                .isEqualTo(1);
        server.database().run("UPDATE bindings SET expires_at = now() WHERE account_id = '" + BERT + "'");
        assertThat(listed(registrations(BERT)).path("data")).isEmpty();
        assertThat(listed(registrations(BERT)).at("/meta/record_count").intValue())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    id              | Yealink T46S/baresip v1.0.0/-
                    -id             | -/baresip v1.0.0/Yealink T46S
                    contact         | Yealink T46S/baresip v1.0.0/-
                    -source_address | baresip v1.0.0/Yealink T46S/-
                    source_port     | Yealink T46S/-/baresip v1.0.0
                    transport       | baresip v1.0.0/Yealink T46S/-
                    user_agent      | Yealink T46S/baresip v1.0.0/-
                    expires_at      | baresip v1.0.0/-/Yealink T46S
                    -expires_in     | Yealink T46S/-/baresip v1.0.0
                    first_seen_at   | Yealink T46S/-/baresip v1.0.0
                    last_seen_at    | -/baresip v1.0.0/Yealink T46S
                    """)
    void sort_ordersByEachAttribute(String sort, String userAgents) {
        assertThat(userAgents("?sort=" + sort)).isEqualTo(userAgents.replace("/", " | "));
    }

    @Test
    void pages_areCutAndLinked() {
        var page = listed(LIST + "?page[size]=2&page[number]=2");
        assertThat(page.path("data")).hasSize(1);
        assertThat(page.at("/meta/record_count").intValue()).isEqualTo(3);
        var address = server.url() + TestServer.BASE + LIST;
        assertThat(page.path("links").properties().stream()
                        .map(link -> link.getKey() + " " + link.getValue().asString()))
                .containsExactly(
                        "first " + address + "?page%5Bnumber%5D=1&page%5Bsize%5D=2",
                        "prev " + address + "?page%5Bnumber%5D=1&page%5Bsize%5D=2",
                        "last " + address + "?page%5Bnumber%5D=2&page%5Bsize%5D=2");
        var first = server.sendTo(URI.create(page.at("/links/first").asString()), "GET", null);
        assertThat(TestServer.json(first).path("data")).hasSize(2);
        var past = listed(LIST + "?page[number]=9");
        assertThat(past.path("data")).isEmpty();
        assertThat(past.at("/meta/record_count").intValue()).isEqualTo(3);
        assertThat(past.path("meta").has("last_refusals")).isTrue();
    }

    @Test
    void fields_choseAttributes() {
        var registration = listed(LIST + "?fields[registrations]=transport,contact&include=")
                .path("data")
                .path(0);
        assertThat(registration.path("attributes").toString())
                .isEqualTo("{\"contact\":\"sip:desk@192.0.2.17:5060\",\"transport\":\"UDP\"}");
        assertThat(listed(LIST + "?fields[registrations]=id")
                        .path("data")
                        .path(0)
                        .propertyNames())
                .containsExactly("id", "type");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    sort=nothing                | 114 | nothing is not a valid sort criteria for registrations
                    sort=account_id             | 114 | account_id is not a valid sort criteria for registrations
                    include=sip_device_route    | 112 | sip_device_route is not a valid relationship of registrations
                    fields[registrations]=call_id | 104 | call_id is not a valid field for registrations.
                    fields[customers]=name      | 101 | customers is not a valid resource.
                    filter[contact]=a           | 102 | contact is not allowed.
                    filter[a.account_id]=a      | 102 | a.account_id is not allowed.
                    page[size]=1001             | 118 | size exceeds maximum page size of 1000.
                    page[number]=0              | 118 | 0 is not a valid value for number page parameter.
                    limit=1                     | 105 | limit is not allowed.
                    """)
    void parameters_thatAreWrongAreRefused(String query, String code, String detail) {
        assertThat(ExpectedError.of(server.get(LIST + "?" + query)))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(400);
                    assertThat(refusal.code()).isEqualTo(code);
                    assertThat(refusal.detail()).isEqualTo(detail);
                    assertThat(refusal.source()).startsWith("parameter ");
                });
    }

    // refusals

    @Test
    void refusals_areToldWithTheirTrueReasonTheNewestFirst() {
        assertThat(listed(LIST).at("/meta/last_refusals").toString()).isEqualTo("[]");
        refuse(ANNA, "address_not_allowed", "198.51.100.7", 3, "1 hour");
        refuse(ANNA, "wrong_password", "198.51.100.7", 12, "5 s");
        refuse(ANNA, "blocked", "2001:db8:bad::1", 70_000, "1 minute");
        refuse(BERT, "other_account", "192.0.2.5", 1, "1 s");
        var refusals = listed(LIST).at("/meta/last_refusals");
        assertThat(refusals.values().stream()
                        .map(refusal -> refusal.path("reason").asString() + " "
                                + refusal.path("source_address").asString() + " "
                                + refusal.path("times").intValue()))
                .containsExactly(
                        "wrong_password 198.51.100.7 12",
                        "blocked 2001:db8:bad::1 70000",
                        "address_not_allowed 198.51.100.7 3");
        var refusal = refusals.path(0);
        assertThat(refusal.propertyNames())
                .containsExactly(
                        "reason",
                        "explanation",
                        "source_address",
                        "source_port",
                        "transport",
                        "user_agent",
                        "times",
                        "first_seen_at",
                        "last_seen_at");
        assertThat(refusal.path("source_port").intValue()).isEqualTo(5062);
        assertThat(refusal.path("transport").asString()).isEqualTo("UDP");
        assertThat(refusal.path("user_agent").asString()).isEqualTo("Yealink T46S");
        assertTime(refusal, "first_seen_at", Instant.now().minus(1, ChronoUnit.DAYS));
        assertTime(refusal, "last_seen_at", Instant.now().minusSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "wrong_password, enter the account's password",
        "address_not_allowed, add the address to allowed_ips",
        "other_account, the SIP username the same as the authentication username",
        "weak_digest, choose SHA-256 in the phone",
        "blocked, delete the block (blocked_sources, or `registration unblock`)",
    })
    void refusal_saysHowToMendIt(String reason, String remedy) {
        refuse(ANNA, reason, "198.51.100.7", 1, "1 s");
        assertThat(listed(LIST).at("/meta/last_refusals/0/explanation").asString())
                .contains(remedy)
                .endsWith(".");
    }

    @Test
    void refusals_areTenAtMost() {
        for (var i = 1; i <= 15; i++) {
            refuse(ANNA, "wrong_password", "198.51.100." + i, i, i + " s");
        }
        var times = listed(LIST).at("/meta/last_refusals").values().stream()
                .map(refusal -> refusal.path("times").intValue())
                .toList();
        assertThat(times).hasSize(10).startsWith(1, 2, 3).endsWith(10);
    }

    // kicking

    @Test
    void kick_endsOneRegistration() {
        var kicked = server.delete(LIST + "/" + id(2));
        assertThat(kicked.statusCode()).as(kicked.body()).isEqualTo(204);
        assertThat(kicked.body()).isEmpty();
        assertThat(userAgents("")).isEqualTo("Yealink T46S | -");
        assertThat(isOnline(ANNA)).isTrue();
        assertThat(ExpectedError.of(server.delete(LIST + "/" + id(2)))).containsExactly(ExpectedError.notFound(id(2)));
    }

    @Test
    void kick_ofTheLastRegistrationIsOfflineAtOnce() {
        assertThat(isOnline(BERT)).isTrue();
        assertThat(server.delete(registrations(BERT) + "/" + id(5)).statusCode())
                .isEqualTo(204);
        assertThat(isOnline(BERT)).isFalse();
        assertThat(listed("/sip_device_routes/" + BERT)
                        .at("/data/attributes/user_agent")
                        .isNull())
                .isTrue();
    }

    @Test
    void kick_withoutAnIdEndsAllOfTheAccount() {
        assertThat(server.delete(LIST).statusCode()).isEqualTo(204);
        assertThat(listed(LIST).path("data")).isEmpty();
        assertThat(isOnline(ANNA)).isFalse();
        assertThat(isOnline(BERT)).isTrue();
        assertThat(server.delete(LIST).statusCode()).isEqualTo(204);
        // what had ended stays, with the order of its Call-ID
        assertThat(server.text("SELECT user_agent FROM bindings WHERE account_id = '" + ANNA + "'"))
                .isEqualTo("Gone/1");
    }

    @Test
    void kick_isAudited() {
        server.delete(LIST + "/" + id(2));
        assertThat(server.text("""
                        SELECT concat_ws(' ', o.name, actor, host(source), action, type, subject, changes)
                        FROM audit JOIN operators o ON o.id = operator_id""")).isEqualTo("""
                        test username 127.0.0.1 delete registrations %s {"contact": ["sip:soft@192.0.2.9;ob", null], \
                        "user_agent": ["baresip v1.0.0", null], "source_address": ["2001:db8::9", null], \
                        "sip_device_route": ["%s", null]}""".formatted(id(2), ANNA));
        server.delete(LIST);
        assertThat(server.text("SELECT string_agg(subject, ' ' ORDER BY subject) FROM audit"))
                .isEqualTo(String.join(" ", id(1), id(2), id(3)));
        server.delete(LIST);
        assertThat(server.database().number("SELECT count(*) FROM audit")).isEqualTo(3);
    }

    @Test
    void kick_waitsForRegistrationsThatAreBeingWritten() throws Exception {
        try (var writer = server.database().connect();
                var statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("LOCK TABLE registration_gate IN SHARE MODE");
            statement.execute("UPDATE bindings SET refreshed_at = now() WHERE account_id = '" + ANNA + "'");
            var kick = new Thread(() -> server.delete(LIST));
            kick.start();
            Await.until(() -> server.database()
                            .number(
                                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'registration_gate'::regclass")
                    == 1);
            assertThat(isOnline(ANNA)).isTrue();
            writer.commit();
            kick.join();
            assertThat(isOnline(ANNA)).isFalse();
        }
    }

    // a phone

    @Test
    void phone_isShownAsItRegistered_isKicked_andMayComeAgain() {
        server.delete(LIST);
        try (var phone = Phone.at(server, "anna", PhoneAccount.PASSWORD)) {
            assertThat(phone.registers().status()).isEqualTo(200);
            var shown = listed(LIST).path("data");
            assertThat(shown).hasSize(1);
            var attributes = shown.path(0).path("attributes");
            assertThat("<" + attributes.path("contact").asString() + ">").isEqualTo(phone.contact());
            assertThat(attributes.path("source_address").asString()).isEqualTo("127.0.0.1");
            assertThat(attributes.path("source_port").intValue()).isEqualTo(phone.port());
            assertThat(attributes.path("transport").asString()).isEqualTo("UDP");
            assertThat(attributes.path("user_agent").asString()).isEqualTo("Phone of the tests");
            assertThat(attributes.path("expires_in").intValue()).isBetween(1800, 3600);
            assertTime(attributes, "first_seen_at", Instant.now());
            assertTime(attributes, "last_seen_at", Instant.now());
            assertThat(TestServer.json(server.get("/sip_device_routes?filter[is_online]=true&filter[username]=anna"))
                            .at("/meta/record_count")
                            .intValue())
                    .isEqualTo(1);

            var kicked = server.delete(LIST + "/" + shown.path(0).path("id").asString());
            assertThat(kicked.statusCode()).isEqualTo(204);
            assertThat(isOnline(ANNA)).isFalse();
            assertThat(phone.registers().status()).isEqualTo(200);
            assertThat(isOnline(ANNA)).isTrue();
        }
    }

    @Test
    void phone_withAWrongPassword_isAmongTheRefusals() {
        try (var phone = Phone.at(server, "bert", "not-the-password")) {
            assertThat(phone.registers().status()).isEqualTo(401);
            Await.until(
                    () -> listed(registrations(BERT)).at("/meta/last_refusals").size() == 1);
            var refusal = listed(registrations(BERT)).at("/meta/last_refusals/0");
            assertThat(refusal.path("reason").asString()).isEqualTo("wrong_password");
            assertThat(refusal.path("source_address").asString()).isEqualTo("127.0.0.1");
            assertThat(refusal.path("source_port").intValue()).isEqualTo(phone.port());
            assertThat(refusal.path("user_agent").asString()).isEqualTo("Phone of the tests");
            assertThat(refusal.path("times").intValue()).isEqualTo(1);
        }
    }

    // what is not there

    static Stream<List<String>> strangers() {
        return Stream.of(
                List.of(registrations(NOBODY), NOBODY),
                List.of(registrations(THEIRS), THEIRS),
                List.of(registrations("anna"), "anna"),
                List.of(registrations("00000000-0000-4000-8000-00000000000A"), "00000000-0000-4000-8000-00000000000A"),
                List.of(registrations("%C5%BD"), "Ž"));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void account_thatIsNotTheOperatorsIsNotFound(List<String> stranger) {
        for (var method : List.of("GET", "DELETE")) {
            assertThat(ExpectedError.of(server.send(method, stranger.getFirst(), null)))
                    .containsExactly(ExpectedError.notFound(stranger.getLast()));
        }
        assertThat(server.send("HEAD", stranger.getFirst(), null).statusCode()).isEqualTo(404);
        assertThat(server.database().number("SELECT count(*) FROM bindings")).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // another account's, another operator's, one that has ended, none, and a contact
                "00000000-0000-4000-9000-000000000005",
                "00000000-0000-4000-9000-000000000006",
                "00000000-0000-4000-9000-000000000004",
                NOBODY,
                "sip%3Adesk%40192.0.2.17%3A5060",
                "nonsense",
            })
    void registration_thatIsNotTheAccountsIsNotFound(String id) {
        var answer = server.delete(LIST + "/" + id);
        assertThat(ExpectedError.of(answer))
                .containsExactly(ExpectedError.notFound(id.replace("%3A", ":").replace("%40", "@")));
        assertThat(server.database().number("SELECT count(*) FROM bindings")).isEqualTo(6);
        assertThat(server.database().number("SELECT count(*) FROM audit")).isZero();
    }

    @Test
    void theirs_canNotBeReachedThroughOurs() {
        for (var path : List.of(registrations(THEIRS) + "/" + id(6), LIST + "/" + id(6))) {
            assertThat(ExpectedError.of(server.delete(path))).containsExactly(ExpectedError.notFound(id(6)));
        }
        for (var path : List.of(LIST + "/" + id(1), registrations(THEIRS) + "/" + id(1))) {
            assertThat(ExpectedError.of(them.delete(path))).containsExactly(ExpectedError.notFound(id(1)));
        }
        assertThat(TestServer.json(them.get(registrations(THEIRS)))
                        .at("/meta/record_count")
                        .intValue())
                .isEqualTo(1);
    }

    // methods

    @Test
    void methods_areNamedWhereOthersAreTried() {
        for (var method : List.of("POST", "PATCH", "PUT")) {
            assertAllowed(server.send(method, LIST, "{}"), "DELETE, GET, HEAD");
        }
        for (var method : List.of("GET", "HEAD", "POST", "PATCH", "PUT")) {
            assertAllowed(server.send(method, LIST + "/" + id(1), null), "DELETE");
        }
    }

    private static void assertAllowed(HttpResponse<String> answer, String allowed) {
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains(allowed);
    }

    @Test
    void head_isAsGetWithoutTheBody() {
        var head = server.send("HEAD", LIST, null);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Type")).contains(TestServer.JSON_API);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?x=1", "?page[size]=1", "?filter[id]=1", "?sort=id"})
    void kick_withParametersIsRefused(String query) {
        for (var path : List.of(LIST, LIST + "/" + id(1))) {
            assertThat(ExpectedError.of(server.delete(path + query)))
                    .singleElement()
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("105"));
        }
        assertThat(server.database().number("SELECT count(*) FROM bindings")).isEqualTo(6);
    }
}
