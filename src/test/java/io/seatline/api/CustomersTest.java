package io.seatline.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.SipAccounts.Creation;
import io.seatline.support.ExpectedError;
import io.seatline.support.RawConnection;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code /customers}: what an operator's systems do with its customers. */
@Tag("sql")
final class CustomersTest {
    private static final String LIMIT = "must be an integer from 0 (none) to 2147483647, or null (no limit)";

    private static final String TOO_LONG = "must be at most 255 characters long";
    private static final String TOO_LARGE = "must take at most 2048 bytes in UTF-8";

    private static TestServer server;
    private static TestServer other;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.operator("other", "other", "password");
        other = server.as("other", "password");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void clear() {
        server.database().run("DELETE FROM customers; DELETE FROM audit");
    }

    private static String document(String id, String attributes) {
        return "{\"data\": {\"type\": \"customers\"" + (id.isEmpty() ? "" : ", \"id\": " + id) + ", \"attributes\": {"
                + attributes + "}}}";
    }

    private static HttpResponse<String> create(String id, String attributes) {
        return server.post("/customers", document(id, attributes));
    }

    private static HttpResponse<String> patch(String id, String attributes, String... headers) {
        return server.patch("/customers/" + id, document("\"" + id + "\"", attributes), headers);
    }

    private static void created(String id, String attributes) {
        var answer = create("\"" + id + "\"", attributes);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static JsonNode data(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return TestServer.json(answer).path("data");
    }

    private static String etag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    private static String rows() {
        return server.text("SELECT string_agg(c::text, ' ' ORDER BY c::text) FROM customers c");
    }

    /** Checks that {@code body} is refused with exactly {@code refusals}, and that it leaves no trace. */
    private static void assertRefused(HttpResponse<String> answer, String body, ExpectedError... refusals) {
        assertThat(ExpectedError.of(answer, body)).containsExactly(refusals);
        assertThat(rows()).isEmpty();
        assertThat(server.database().number("SELECT count(*) FROM audit")).isZero();
    }

    // create

    @Test
    void create_answersWithTheCustomerAndItsAddress() {
        var answer = create(
                "\"123\"",
                "\"name\": \"Kavinė\", \"language\": \"LT\", \"capacity_limit\": 10, \"sip_account_limit\": 5");
        assertThat(answer.statusCode()).isEqualTo(201);
        var address = server.url() + TestServer.BASE + "/customers/123";
        assertThat(answer.headers().firstValue("Location")).contains(address);
        assertThat(answer.headers().firstValue("Content-Type")).contains(TestServer.JSON_API);
        assertThat(answer.body()).isEqualTo("""
                        {"data":{"id":"123","type":"customers","links":{"self":"%s"},"attributes":{"name":"Kavinė",\
                        "language":"LT","capacity_limit":10,"sip_account_limit":5}}}""".formatted(address));
        assertThat(server.sendTo(URI.create(address), "GET", null).body()).isEqualTo(answer.body());
    }

    @Test
    void create_withTheNameAloneTakesTheDefaults() {
        assertThat(data(create("\"123\"", "\"name\": \"A\"")).path("attributes").toString())
                .isEqualTo("{\"name\":\"A\",\"language\":\"EN\",\"capacity_limit\":null,\"sip_account_limit\":null}");
    }

    @Test
    void create_takesANumberAsId() {
        var answer = create("123", "\"name\": \"A\"");
        assertThat(data(answer).path("id").isString()).isTrue();
        assertThat(data(answer).path("id").asString()).isEqualTo("123");
        assertThat(server.get("/customers/123").statusCode()).isEqualTo(200);
    }

    @Test
    void id_thatIsAWholeNumberMayBeWrittenAsADecimal() {
        assertThat(data(create("10.0", "\"name\": \"A\"")).path("id").asString())
                .isEqualTo("10");
        var changed = server.patch("/customers/10", document("1e1", "\"name\": \"B\""));
        assertThat(data(changed).at("/attributes/name").asString()).isEqualTo("B");
        created("10.0", "\"name\": \"the text is an id of its own\"");
        assertThat(data(server.get("/customers/10")).at("/attributes/name").asString())
                .isEqualTo("B");
    }

    @Test
    void create_withoutAnIdMakesOne() {
        var first = create("", "\"name\": \"A\"");
        var id = data(first).path("id").asString();
        assertThat(id).matches("[A-Za-z0-9._-]{1,64}");
        assertThat(first.headers().firstValue("Location"))
                .contains(server.url() + TestServer.BASE + "/customers/" + id);
        assertThat(data(create("null", "\"name\": \"A\"")).path("id").asString())
                .isNotEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "a",
                "A.b_c-9",
                "-",
                "_",
                "...",
                ".a",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void create_takesAnyIdOfTheCharacters(String id) {
        created(id, "\"name\": \"A\"");
        assertThat(data(server.get("/customers/" + id)).path("id").asString()).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    ""
                    "."
                    ".."
                    " "
                    "a b"
                    " 1"
                    "a/b"
                    "a%20b"
                    "a+b"
                    "a\\n"
                    "ą"
                    "１"
                    "01234567890123456789012345678901234567890123456789012345678901234"
                    """)
    void create_withAnIdOfOtherCharactersIsRefused(String json) {
        var body = document(json, "\"name\": \"A\"");
        assertRefused(
                server.post("/customers", body),
                body,
                ExpectedError.invalid("id", "must be 1 to 64 of A-Z a-z 0-9 . _ -", "/data/id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "[]", "{}", "[1]", "1.5", "1e-3", "1e999999999", "1e-999999999", "1e2147483647"})
    void create_withAnIdThatIsNeitherTextNorWholeNumberIsRefused(String json) {
        var body = document(json, "\"name\": \"A\"");
        assertThat(ExpectedError.of(server.post("/customers", body), body))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(400);
                    assertThat(refusal.source()).isEqualTo("pointer /data/id");
                });
        assertThat(rows()).isEmpty();
    }

    @Test
    void create_ofAnIdThatIsTakenIsAConflict() {
        created("123", "\"name\": \"A\"");
        var before = rows();
        for (var id : List.of("\"123\"", "123")) {
            var body = document(id, "\"name\": \"B\"");
            assertThat(ExpectedError.of(server.post("/customers", body), body))
                    .singleElement()
                    .satisfies(refusal -> {
                        assertThat(refusal.status()).isEqualTo(409);
                        assertThat(refusal.code()).isEqualTo("409");
                        assertThat(refusal.title()).isEqualTo("Conflict");
                        assertThat(refusal.source()).isEqualTo("pointer /data/id");
                    });
        }
        assertThat(rows()).isEqualTo(before);
        created("ABC", "\"name\": \"A\"");
        created("abc", "\"name\": \"A\"");
    }

    @Test
    void create_ofOneIdByManyAtOnceLetsOneThrough() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = executor.invokeAll(IntStream.range(0, 20)
                    .mapToObj(i -> (Callable<Integer>)
                            () -> create("\"same\"", "\"name\": \"" + i + "\"").statusCode())
                    .toList());
            var statuses = new ArrayList<Integer>();
            for (var answer : answers) {
                statuses.add(answer.get());
            }
            assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
        }
    }

    @Test
    void id_isTheOperatorsOwn() {
        created("123", "\"name\": \"Ours\"");
        assertThat(other.get("/customers/123").statusCode()).isEqualTo(404);
        assertThat(other.post("/customers", document("\"123\"", "\"name\": \"Theirs\""))
                        .statusCode())
                .isEqualTo(201);
        assertThat(data(server.get("/customers/123")).at("/attributes/name").asString())
                .isEqualTo("Ours");
        assertThat(data(other.get("/customers/123")).at("/attributes/name").asString())
                .isEqualTo("Theirs");
        assertThat(other.delete("/customers/123").statusCode()).isEqualTo(204);
        assertThat(server.get("/customers/123").statusCode()).isEqualTo(200);
        assertThat(TestServer.json(server.get("/customers"))
                        .at("/meta/record_count")
                        .intValue())
                .isEqualTo(1);
        assertThat(other.patch("/customers/123", document("\"123\"", "\"name\": \"Theirs\""))
                        .statusCode())
                .isEqualTo(404);
        assertThat(other.delete("/customers/123").statusCode()).isEqualTo(404);
    }

    // the attributes

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\" \"",
                "\"\\t\\n\"",
                "\"\\u3000\"",
                "null",
                // zero-width space, byte order mark, word joiner, soft hyphen
                "\"\\u200b\"",
                "\"\\ufeff \\u2060\\u00ad\"",
                // fillers of Hangul, the blank of Braille
                "\"\\u3164\"",
                "\"\\u115f\\u1160\\uffa0\"",
                "\"\\u2800\"",
                // marks of direction, joiners, variation selectors, tags
                "\"\\u202e\\u2066\\u200d\\u200c\\u034f\"",
                "\"\\ufe0f\\udb40\\udd00\\udb40\\udc41\""
            })
    void name_blankIsRefused(String json) {
        var body = document("", "\"name\": " + json);
        assertRefused(server.post("/customers", body), body, ExpectedError.invalid("name", "can't be blank"));
    }

    @Test
    void name_missingIsRefused() {
        var body = document("", "\"language\": \"LV\"");
        assertRefused(
                server.post("/customers", body),
                body,
                ExpectedError.invalid("name", "can't be blank", "/data/attributes"));
        var bare = "{\"data\": {\"type\": \"customers\", \"id\": \"1\"}}";
        assertRefused(server.post("/customers", bare), bare, ExpectedError.invalid("name", "can't be blank", "/data"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "[]", "{}", "[\"A\"]"})
    void name_thatIsNoTextIsRefused(String json) {
        var body = document("", "\"name\": " + json);
        assertRefused(server.post("/customers", body), body, ExpectedError.invalid("name", "must be a string"));
    }

    @Test
    void name_isKeptAsItIs() {
        for (var name : List.of(
                "A",
                " padded ",
                "Žvėrynas 😀",
                "<script>",
                "a\"b\\c/d",
                "O'Neill; DROP TABLE",
                "ﬁ e\u0301",
                "x".repeat(255))) {
            created("n", "\"name\": " + TestServer.JSON.writeValueAsString(name));
            assertThat(data(server.get("/customers/n")).at("/attributes/name").asString())
                    .isEqualTo(name);
            server.delete("/customers/n");
        }
    }

    @Test
    void name_thatIsTooLongOrHasControlCharactersIsRefused() {
        var tooLong = document("", "\"name\": \"" + "x".repeat(256) + "\"");
        assertRefused(server.post("/customers", tooLong), tooLong, ExpectedError.invalid("name", TOO_LONG));
        for (var control : List.of("\\n", "\\u001b", "\\u007f", "\\u0085")) {
            var body = document("", "\"name\": \"A" + control + "B\"");
            assertRefused(
                    server.post("/customers", body),
                    body,
                    ExpectedError.invalid("name", "must not have control characters"));
        }
    }

    /** A letter with its accent, an emoji of a family or of a colour, a flag, a syllable: what people count as one. */
    @ParameterizedTest
    @CsvSource({
        "e\u0301, 255",
        "\ud83d\udc4d\ud83c\udffd, 255",
        "\ud83c\uddf1\ud83c\uddf9, 255",
        "\u0915\u094d\u0937, 227",
        "\u1112\u1161\u11ab, 227",
        "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67, 113"
    })
    void name_isAsLongAsPeopleCount(String character, int most) {
        var name = character.repeat(most);
        created("n", "\"name\": \"" + name + "\"");
        assertThat(data(server.get("/customers/n")).at("/attributes/name").asString())
                .isEqualTo(name);
        server.delete("/customers/n");
        server.database().run("DELETE FROM audit");
        var body = document("", "\"name\": \"" + character.repeat(most + 1) + "\"");
        assertRefused(
                server.post("/customers", body),
                body,
                ExpectedError.invalid("name", most == 255 ? TOO_LONG : TOO_LARGE));
    }

    @Test
    void name_ofOneCharacterWithoutEndIsRefused() {
        var body = document("", "\"name\": \"e" + "\u0301".repeat(30_000) + "\"");
        assertRefused(server.post("/customers", body), body, ExpectedError.invalid("name", TOO_LARGE));
    }

    /**
     * Nothing that can be said shorter, so that the database can't press it together: an entry of an index has room for
     * it.
     */
    @Test
    void name_ofTheMostBytesIsFoundAndSorted() {
        var random = new Random(16);
        var name = random.ints(255, 0x20000, 0x2a000)
                        .mapToObj(ideograph ->
                                Character.toString(ideograph) + Character.toString(0xe0100 + random.nextInt(240)))
                        .collect(Collectors.joining())
                + "\u0301".repeat(4);
        assertThat(name.getBytes(UTF_8)).hasSize(2048);
        created("0123456789".repeat(6) + "0123", "\"name\": \"" + name + "\"");
        created("other", "\"name\": \"A\"");
        assertThat(TestServer.json(server.get("/customers?sort=-name&filter[name]=A," + URLEncoder.encode(name, UTF_8)))
                        .path("data")
                        .findValuesAsString("name"))
                .containsExactly(name, "A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EN", "RU", "LT", "LV"})
    void language_isOneOfFour(String language) {
        created("1", "\"name\": \"A\", \"language\": \"" + language + "\"");
        assertThat(data(server.get("/customers/1")).at("/attributes/language").asString())
                .isEqualTo(language);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"DE\"", "\"en\"", "\"EN \"", "\"\"", "null"})
    void language_ofAnotherKindIsRefused(String json) {
        var body = document("", "\"name\": \"A\", \"language\": " + json);
        assertRefused(
                server.post("/customers", body),
                body,
                ExpectedError.invalid("language", "must be one of EN, RU, LT, LV"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "2147483647, 2147483647",
        "null, null",
        "10.0, 10",
        "1e1, 10",
        "1000E-2, 10",
        "2147483647.000, 2147483647",
        "-0.0, 0",
        "0e999999999, 0"
    })
    void limits_areIntegersOrNull(String json, String shown) {
        created("1", "\"name\": \"A\", \"capacity_limit\": " + json + ", \"sip_account_limit\": " + json);
        var attributes = data(server.get("/customers/1")).path("attributes");
        assertThat(attributes.path("capacity_limit").toString()).isEqualTo(shown);
        assertThat(attributes.path("sip_account_limit").toString()).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "-2147483649",
                "2147483648",
                "9223372036854775807",
                "-9223372036854775808",
                "-1.0",
                "2147483648.0",
                "1e18"
            })
    void limits_outOfRangeAreRefused(String json) {
        var body = document("", "\"name\": \"A\", \"capacity_limit\": " + json + ", \"sip_account_limit\": " + json);
        assertRefused(
                server.post("/customers", body),
                body,
                ExpectedError.invalid("capacity_limit", LIMIT),
                ExpectedError.invalid("sip_account_limit", LIMIT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "10.01",
                "1e-2",
                "1e999999999",
                "1e-999999999",
                "1e2147483647",
                "9223372036854775808",
                "99999999999999999999999999",
                "\"\"",
                "\"many\"",
                "\" 5\"",
                "\"5.0\"",
                "\"0x5\"",
                "\"٥\"",
                "\"99999999999999999999\"",
                "true",
                "false",
                "[]",
                "[5]",
                "{}",
            })
    void limits_ofAnotherKindAreRefused(String json) {
        for (var limit : List.of("capacity_limit", "sip_account_limit")) {
            var body = document("", "\"name\": \"A\", \"" + limit + "\": " + json);
            assertRefused(
                    server.post("/customers", body), body, ExpectedError.invalid(limit, "must be an integer or null"));
        }
    }

    @Test
    void attributes_notKnownAreAllReported() {
        var body =
                document("", "\"name\": \"\", \"Name\": \"A\", \"balance\": 1, \"id\": \"5\", \"type\": \"customers\"");
        assertRefused(
                server.post("/customers", body),
                body,
                notAllowed("Name", "/data/attributes/Name"),
                notAllowed("balance", "/data/attributes/balance"),
                notAllowed("id", "/data/attributes/id"),
                notAllowed("type", "/data/attributes/type"));
    }

    private static ExpectedError notAllowed(String name, String pointer) {
        return ExpectedError.pointer(400, 105, "Param not allowed", name + " is not allowed.", pointer);
    }

    // update

    @Test
    void update_changesWhatIsGiven() {
        created("1", "\"name\": \"A\", \"language\": \"LV\", \"capacity_limit\": 3, \"sip_account_limit\": 4");
        assertThat(data(patch("1", "\"name\": \"B\"")).path("attributes").toString())
                .isEqualTo("{\"name\":\"B\",\"language\":\"LV\",\"capacity_limit\":3,\"sip_account_limit\":4}");
        assertThat(data(patch("1", "\"capacity_limit\": null, \"sip_account_limit\": 0, \"language\": \"RU\""))
                        .path("attributes")
                        .toString())
                .isEqualTo("{\"name\":\"B\",\"language\":\"RU\",\"capacity_limit\":null,\"sip_account_limit\":0}");
        assertThat(data(patch("1", "")).path("attributes").toString())
                .isEqualTo("{\"name\":\"B\",\"language\":\"RU\",\"capacity_limit\":null,\"sip_account_limit\":0}");
        assertThat(data(server.patch("/customers/1", "{\"data\": {\"type\": \"customers\", \"id\": 1}}"))
                        .path("id")
                        .asString())
                .isEqualTo("1");
    }

    @Test
    void update_thatBreaksRulesChangesNothing() {
        created("1", "\"name\": \"A\"");
        var before = rows();
        var body = document("\"1\"", "\"name\": \"\", \"language\": null, \"capacity_limit\": -1");
        assertThat(ExpectedError.of(server.patch("/customers/1", body), body))
                .containsExactly(
                        ExpectedError.invalid("name", "can't be blank"),
                        ExpectedError.invalid("language", "must be one of EN, RU, LT, LV"),
                        ExpectedError.invalid("capacity_limit", LIMIT));
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void update_withoutOrWithAnotherIdIsRefused() {
        created("1", "\"name\": \"A\"");
        created("2", "\"name\": \"A\"");
        var without = document("", "\"name\": \"B\"");
        assertThat(ExpectedError.of(server.patch("/customers/1", without), without))
                .containsExactly(ExpectedError.pointer(
                        400, 109, "A key is required", "The resource object does not contain a key.", "/data"));
        var another = document("2", "\"name\": \"B\"");
        assertThat(ExpectedError.of(server.patch("/customers/1", another), another))
                .containsExactly(ExpectedError.pointer(
                        409, 110, "Key is not included in URL", "The URL does not support the key 2", "/data/id"));
        assertThat(rows()).doesNotContain("B");
    }

    @Test
    void sipAccountLimit_belowThePresentNumberOnlyLocksCreation() {
        created("1", "\"name\": \"A\"");
        account(1);
        account(2);
        assertThat(patch("1", "\"sip_account_limit\": 1").statusCode()).isEqualTo(200);
        assertThat(server.get("/sip_device_routes/" + accountId(1)).statusCode())
                .isEqualTo(200);
        assertThat(server.get("/sip_device_routes/" + accountId(2)).statusCode())
                .isEqualTo(200);
        assertThat(server.account("test", TestServer.plain(accountId(3), "1", "third")))
                .isEqualTo(new Creation.LimitReached(1));
        assertThat(patch("1", "\"sip_account_limit\": null").statusCode()).isEqualTo(200);
        account(3);
        assertThat(patch("1", "\"sip_account_limit\": 0").statusCode()).isEqualTo(200);
        assertThat(server.account("test", TestServer.plain(accountId(4), "1", "fourth")))
                .isEqualTo(new Creation.LimitReached(0));
    }

    private static String accountId(int number) {
        return "00000000-0000-4000-8000-00000000000" + number;
    }

    private static void account(int number) {
        assertThat(server.account("test", TestServer.plain(accountId(number), "1", "user" + number)))
                .isInstanceOf(Creation.Created.class);
    }

    // delete

    @Test
    void delete_takesTheCustomerWithAllThatIsIts() {
        created("1", "\"name\": \"A\"");
        created("2", "\"name\": \"B\"");
        account(1);
        server.account("test", TestServer.plain(accountId(9), "2", "user9"));
        for (var number : List.of(1, 9)) {
            server.database().run("""
                            INSERT INTO bindings (account_id, contact, expires_at)
                            VALUES ('%s', 'sip:a', now() + interval '1 hour')""".formatted(accountId(number)));
        }
        var session =
                "{\"data\": {\"type\": \"sessions\", \"relationships\": {\"customer\": {\"data\": {\"type\": \"customers\", \"id\": \"%s\"}}}}}";
        assertThat(server.post("/sessions", session.formatted("1")).statusCode())
                .isEqualTo(201);
        assertThat(server.post("/sessions", session.formatted("2")).statusCode())
                .isEqualTo(201);

        var answer = server.delete("/customers/1");
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Content-Type")).isEmpty();

        assertThat(server.get("/customers/1").statusCode()).isEqualTo(404);
        assertThat(server.get("/sip_device_routes/" + accountId(1)).statusCode())
                .isEqualTo(404);
        assertThat(TestServer.json(server.get("/sip_device_routes"))
                        .at("/meta/record_count")
                        .intValue())
                .isEqualTo(1);
        assertThat(server.text("SELECT string_agg(customer_id, ' ') FROM sip_accounts"))
                .isEqualTo("2");
        assertThat(server.text("SELECT string_agg(account_id::text, ' ') FROM bindings"))
                .isEqualTo(accountId(9));
        assertThat(server.text("SELECT string_agg(customer_id, ' ') FROM sessions"))
                .isEqualTo("2");

        assertThat(server.delete("/customers/1").statusCode()).isEqualTo(404);
        // and the username is free again
        assertThat(server.account("test", TestServer.plain(UUID.randomUUID().toString(), "2", "user1")))
                .isInstanceOf(Creation.Created.class);
    }

    @Test
    void delete_andNotModifiedHaveNoBody() throws IOException {
        created("1", "\"name\": \"A\"");
        var etag = etag(server.get("/customers/1"));
        var address = TestServer.BASE + "/customers/1 HTTP/1.1";
        try (var connection = new RawConnection(server.port())) {
            connection.write(server.raw("GET " + address, "If-None-Match: " + etag)
                    .replace("Connection: close\r\n", "")
                    .getBytes(ISO_8859_1));
            var notModified = connection.read(true);
            assertThat(notModified.status()).isEqualTo(304);
            assertThat(notModified.header("Content-Type")).isEmpty();
            var deleted = connection.exchange(server.raw("DELETE " + address));
            assertThat(deleted.status()).isEqualTo(204);
            assertThat(deleted.headers()).doesNotContainKeys("content-type", "transfer-encoding");
            assertThat(deleted.header("Vary")).isEqualTo("Accept, Accept-Encoding");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    // the list

    private static void four() {
        created("1", "\"name\": \"Anna\", \"language\": \"LT\", \"capacity_limit\": 5");
        created("10", "\"name\": \"anna\", \"language\": \"LV\", \"sip_account_limit\": 0");
        created("2", "\"name\": \"Bert, Ltd\", \"language\": \"LT\", \"capacity_limit\": 1, \"sip_account_limit\": 7");
        created("b", "\"name\": \"Carl\"");
        other.post("/customers", document("\"0\"", "\"name\": \"Anna\""));
    }

    private static String ids(String query) {
        var answer = server.get("/customers?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var document = TestServer.json(answer);
        var ids = document.path("data").values().stream()
                .map(customer -> customer.path("id").asString())
                .toList();
        assertThat(document.at("/meta/record_count").intValue()).isEqualTo(ids.size());
        return String.join(" ", ids);
    }

    @Test
    void list_showsTheOperatorsCustomers() {
        created("1", "\"name\": \"A\"");
        var address = server.url() + TestServer.BASE + "/customers";
        assertThat(server.get("/customers").body()).isEqualTo("""
                        {"data":[{"id":"1","type":"customers","links":{"self":"%1$s/1"},"attributes":{"name":"A",\
                        "language":"EN","capacity_limit":null,"sip_account_limit":null}}],"meta":{"record_count":1},\
                        "links":{"first":"%1$s?page%%5Bnumber%%5D=1&page%%5Bsize%%5D=50",\
                        "last":"%1$s?page%%5Bnumber%%5D=1&page%%5Bsize%%5D=50"}}""".formatted(address));
    }

    @Test
    void list_withoutCustomersIsEmpty() {
        assertThat(ids("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    id       | 1                | 1
                    id       | 1,b,nobody       | 1 b
                    id       | B                | ``
                    id       | 0                | ``
                    id       | ``               | ``
                    name     | Anna             | 1
                    name     | Anna,anna        | 1 10
                    name     | "Bert, Ltd"      | 2
                    name     | Bert, Ltd        | ``
                    name     | "Bert, Ltd",Carl | 2 b
                    name     | ann              | ``
                    name     | ``               | ``
                    language | LT               | 1 2
                    language | LT,LV            | 1 10 2
                    language | lt               | ``
                    language | XX               | ``
                    """)
    void filter_matchesExactly(String filter, String value, String ids) {
        four();
        assertThat(ids("filter[" + filter + "]=" + URLEncoder.encode(value, UTF_8)))
                .isEqualTo(ids);
    }

    @Test
    void filters_mustAllMatch() {
        four();
        assertThat(ids("filter[language]=LT&filter[name]=Anna,Carl")).isEqualTo("1");
        assertThat(ids("filter[language]=LV&filter[id]=1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    ``                 | 1 10 2 b
                    id                 | 1 10 2 b
                    -id                | b 2 10 1
                    name               | 1 2 b 10
                    -name              | 10 b 2 1
                    language           | b 1 2 10
                    -language,-id      | 10 2 1 b
                    capacity_limit     | 2 1 10 b
                    -capacity_limit    | 10 b 1 2
                    sip_account_limit  | 10 2 1 b
                    -sip_account_limit | 1 b 2 10
                    """)
    void sort_ordersByAnyAttribute(String sort, String ids) {
        four();
        assertThat(ids("sort=" + sort)).isEqualTo(ids);
    }

    @Test
    void pages_haveTheirLinks() {
        four();
        var page = TestServer.json(
                server.get("/customers?sort=-id&page[size]=2&page[number]=2&filter[language]=LT,LV,EN"));
        assertThat(page.path("data").values().stream()
                        .map(customer -> customer.path("id").asString()))
                .containsExactly("10", "1");
        assertThat(page.at("/meta/record_count").intValue()).isEqualTo(4);
        var address = server.url() + TestServer.BASE + "/customers?filter%5Blanguage%5D=LT,LV,EN&page%5Bnumber%5D=";
        assertThat(page.path("links").toString())
                .isEqualTo("{\"first\":\"" + address + "1&page%5Bsize%5D=2&sort=-id\",\"prev\":\"" + address
                        + "1&page%5Bsize%5D=2&sort=-id\",\"last\":\"" + address + "2&page%5Bsize%5D=2&sort=-id\"}");
        var past = TestServer.json(server.get("/customers?page[number]=9"));
        assertThat(past.path("data")).isEmpty();
        assertThat(past.at("/meta/record_count").intValue()).isEqualTo(4);
    }

    @Test
    void fields_chooseAttributes() {
        created("1", "\"name\": \"A\"");
        for (var answer : List.of(
                server.get("/customers/1?fields[customers]=language,name"),
                server.patch("/customers/1?fields[customers]=language,name", document("1", "")))) {
            assertThat(data(answer).path("attributes").toString()).isEqualTo("{\"name\":\"A\",\"language\":\"EN\"}");
        }
        assertThat(data(server.post("/customers?fields[customers]=name", document("", "\"name\": \"B\"")))
                        .path("attributes")
                        .toString())
                .isEqualTo("{\"name\":\"B\"}");
        assertThat(data(server.get("/customers/1?fields[customers]=")).has("attributes"))
                .isFalse();
        assertThat(TestServer.json(server.get("/customers?fields[customers]=capacity_limit"))
                        .at("/data/0/attributes")
                        .toString())
                .isEqualTo("{\"capacity_limit\":null}");
    }

    @Test
    void parameters_thatAreWrongStopTheChange() {
        created("1", "\"name\": \"A\"");
        var before = rows();
        for (var query : List.of("?include=accounts", "?fields[customers]=x", "?sort=id", "?x=1", "?filter[id]=1")) {
            assertThat(server.post("/customers" + query, document("\"2\"", "\"name\": \"B\""))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(server.patch("/customers/1" + query, document("\"1\"", "\"name\": \"B\""))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(server.delete("/customers/1" + query).statusCode()).isEqualTo(400);
        }
        assertThat(rows()).isEqualTo(before);
    }

    // entity tags

    @Test
    void etag_keepsTwoWritersApart() {
        created("1", "\"name\": \"A\"");
        var etag = etag(server.get("/customers/1"));
        var changed = patch("1", "\"name\": \"B\"", "If-Match", etag);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(etag(changed)).isNotEqualTo(etag).isEqualTo(etag(server.get("/customers/1")));

        var before = rows();
        var body = document("\"1\"", "\"name\": \"C\"");
        assertThat(ExpectedError.of(server.patch("/customers/1", body, "If-Match", etag), body))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(412);
                    assertThat(refusal.source()).isEqualTo("header If-Match");
                });
        assertThat(server.delete("/customers/1", "If-Match", etag).statusCode()).isEqualTo(412);
        assertThat(server.delete("/customers/1", "If-Match", "\"other\"").statusCode())
                .isEqualTo(412);
        assertThat(rows()).isEqualTo(before);

        assertThat(patch("1", "\"name\": \"B\"", "If-Match", etag(changed)).statusCode())
                .isEqualTo(200);
        assertThat(etag(server.get("/customers/1"))).isEqualTo(etag(changed));
        assertThat(server.delete("/customers/1", "If-Match", "\"other\", " + etag(changed))
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void etag_ofADeletedCustomerIsNotThatOfANewOneOfItsId() {
        created("1", "\"name\": \"A\"");
        var etag = etag(server.get("/customers/1"));
        server.delete("/customers/1");
        created("1", "\"name\": \"A\"");
        assertThat(patch("1", "\"name\": \"B\"", "If-Match", etag).statusCode()).isEqualTo(412);
    }

    @Test
    void ifNoneMatch_ofThePresentStateIsNotModified() {
        created("1", "\"name\": \"A\"");
        var etag = etag(server.get("/customers/1"));
        assertThat(server.get("/customers/1", "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        patch("1", "\"name\": \"B\"");
        assertThat(server.get("/customers/1", "If-None-Match", etag).statusCode())
                .isEqualTo(200);
    }

    // a client in the field

    /** A billing system: numbers as ids, no Accept, Content-Type with every request, DELETE and GET included. */
    @Test
    void knownClient_isUnderstood() throws IOException {
        var head = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + server.authorization() + "\r\nContent-Type: "
                + TestServer.JSON_API + "\r\n";
        var create = "{\"data\":{\"type\":\"customers\",\"id\":4711,\"attributes\":{\"name\":\"A\"}}}";
        var update = "{\"data\":{\"type\":\"customers\",\"id\":4711,\"attributes\":{\"sip_account_limit\":3}}}";
        var session =
                "{\"data\":{\"type\":\"sessions\",\"relationships\":{\"customer\":{\"data\":{\"type\":\"customers\",\"id\":4711}}}}}";
        try (var connection = new RawConnection(server.port())) {
            assertThat(connection
                            .exchange("POST " + TestServer.BASE + "/customers" + head + body(create))
                            .status())
                    .isEqualTo(201);
            assertThat(connection
                            .exchange("PATCH " + TestServer.BASE + "/customers/4711" + head + body(update))
                            .status())
                    .isEqualTo(200);
            var link = connection.exchange("POST " + TestServer.BASE + "/sessions" + head + body(session));
            assertThat(link.status()).isEqualTo(201);
            assertThat(TestServer.JSON.readTree(link.body()).at("/data/id").asString())
                    .isEqualTo("4711");
            assertThat(connection
                            .exchange("GET " + TestServer.BASE + "/customers?filter[id]=4711" + head + "\r\n")
                            .body())
                    .contains("\"sip_account_limit\":3");
            assertThat(connection
                            .exchange("DELETE " + TestServer.BASE + "/customers/4711" + head + "\r\n")
                            .status())
                    .isEqualTo(204);
            var again = connection.exchange("DELETE " + TestServer.BASE + "/customers/4711" + head + "\r\n");
            assertThat(TestServer.JSON
                            .readTree(again.body())
                            .at("/errors/0/detail")
                            .asString())
                    .isEqualTo(ExpectedError.notFoundDetail("4711"));
        }
    }

    private static String body(String document) {
        return "Content-Length: " + document.length() + "\r\n\r\n" + document;
    }

    // the audit

    @Test
    void changes_areAudited() {
        created("1", "\"name\": \"A\"");
        var update = patch("1", "\"sip_account_limit\": 5, \"language\": \"EN\"");
        patch("1", "\"sip_account_limit\": 5");
        server.delete("/customers/1");
        assertThat(server.text("""
                        SELECT string_agg(concat_ws(' ', operator_id, actor, host(source), action, type, subject), E'\\n'
                            ORDER BY id) FROM audit""")).isEqualTo("""
                        %1$d username 127.0.0.1 create customers 1
                        %1$d username 127.0.0.1 update customers 1
                        %1$d username 127.0.0.1 delete customers 1""".formatted(server.operatorId("test")));
        assertThat(server.text("SELECT changes FROM audit WHERE action = 'update'"))
                .isEqualTo("{\"sip_account_limit\": [null, 5]}");
        assertThat(server.text("SELECT request_id FROM audit WHERE action = 'update'"))
                .isEqualTo(update.headers().firstValue("X-Request-Id").orElseThrow());
    }
}
