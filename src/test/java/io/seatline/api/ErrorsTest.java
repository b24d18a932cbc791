package io.seatline.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_32LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.ExpectedError;
import io.seatline.support.RawConnection;
import io.seatline.support.TestServer;
import io.seatline.support.Within;
import java.io.EOFException;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the contract's error table; no refused request leaves a trace in the database. */
final class ErrorsTest {
    private static final String ID = "0192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b10";
    private static final String ACCOUNTS = "/sip_device_routes";
    private static final String ACCOUNT = ACCOUNTS + "/" + ID;
    private static final String REGISTRATIONS = ACCOUNT + "/registrations";
    private static final int MAX_BODY = 64 * 1024;

    private static final String CHECKSUM = """
            SELECT md5(concat_ws('|',
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM operators t),
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM credentials t),
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM customers t),
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM sip_accounts t),
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM sip_account_counts t),
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM bindings t),
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM refusals t),
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM blocked_sources t),
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM sessions t),
                (SELECT string_agg(t::text, ',' ORDER BY t::text) FROM audit t)))""";

    private static TestServer server;
    private String before = "";

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.account("test", TestServer.plain(ID, "123", "z4wnypvker"));
        server.database().run("""
                        INSERT INTO bindings (id, account_id, contact, expires_at)
                        VALUES ('%1$s', '%1$s', 'sip:phone@192.0.2.1', now() + interval '1 day');
                        INSERT INTO blocked_sources (id, account_id, source, expires_at)
                        VALUES ('%1$s', '%1$s', '198.51.100.7', now() + interval '1 day')
                        """.formatted(ID));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What is in all tables, in short. */
    static String checksum(TestServer server) {
        return server.text(CHECKSUM);
    }

    @BeforeEach
    void remember() {
        before = checksum(server);
    }

    @AfterEach
    void compare() {
        assertThat(checksum(server)).as("the database").isEqualTo(before);
    }

    private static void assertRefused(String method, String path, @Nullable String body, ExpectedError... refusals) {
        assertThat(ExpectedError.of(server.send(method, path, body), body)).containsExactly(refusals);
    }

    private static ExpectedError badRequest(String detail, String source) {
        return new ExpectedError(400, "400", "Bad Request", detail, source);
    }

    private static ExpectedError missing(String name, String pointer) {
        return ExpectedError.pointer(
                400, 106, "Missing Parameter", "The required parameter, " + name + ", is missing.", pointer);
    }

    private static ExpectedError notAllowed(String name, String pointer) {
        return ExpectedError.pointer(400, 105, "Param not allowed", name + " is not allowed.", pointer);
    }

    // the document

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"data\"",
                "{\"data\": {}",
                "{'data': {}}",
                "{data: {}}",
                "{\"data\": {},}",
                "{\"data\": [1,]}",
                "{\"data\": NaN}",
                "{\"data\": Infinity}",
                "{\"data\": 01}",
                "{\"data\": .5}",
                "{\"data\": +1}",
                "{\"data\": \"a\nb\"}",
                "{\"data\": \"\\x\"}",
                "{\"data\": \"\\u12\"}",
                "{\"data\": /* */ {}}",
                "{\"data\": {}} // end",
                "nonsense",
                "<data/>",
                "\u0000",
                "{\"data\": \u0001}",
            })
    void json_thatIsUnreadableIsRefusedWithItsPlace(String body) {
        for (var path : List.of("/customers", "/sessions", "/customer_admin_sessions")) {
            assertUnreadable(server.post(path, body), body);
        }
        assertUnreadable(server.patch(ACCOUNT, body), body);
        assertUnreadable(server.patch("/customers/123", body), body);
    }

    private static void assertUnreadable(HttpResponse<String> answer, String body) {
        assertThat(ExpectedError.of(answer, body)).singleElement().satisfies(ErrorsTest::assertUnreadable);
    }

    private static void assertUnreadable(ExpectedError refusal) {
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.code()).isEqualTo("400");
        assertThat(refusal.title()).isEqualTo("Bad Request");
        assertThat(refusal.detail()).containsPattern("line \\d+, column \\d+");
        assertThat(refusal.source()).isEqualTo("pointer ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\": {}} x", "{\"data\": {}} {}", "{\"data\": {}}]", "{} null", "[] []"})
    void json_withMoreBehindItsEndIsRefused(String body) {
        assertThat(ExpectedError.of(server.post("/customers", body), body))
                .singleElement()
                .satisfies(ErrorsTest::assertUnreadable);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\": {\"type\": \"customers\"}, \"data\": {\"type\": \"customers\"}}",
                "{\"data\": {\"type\": \"customers\", \"type\": \"customers\", \"attributes\": {\"name\": \"A\"}}}",
                "{\"data\": {\"type\": \"customers\", \"attributes\": {\"name\": \"A\", \"name\": \"B\"}}}",
                "{\"data\": {\"type\": \"customers\", \"attributes\": {\"name\": \"A\", \"n\\u0061me\": \"B\"}}}",
            })
    void json_withAMemberTwiceIsRefused(String body) {
        assertThat(ExpectedError.of(server.post("/customers", body), body))
                .singleElement()
                .satisfies(refusal -> {
                    assertUnreadable(refusal);
                    assertThat(refusal.detail()).contains("twice");
                });
    }

    @Test
    void body_emptyIsRefused() {
        for (var body : List.of("", " ", "\n\t")) {
            assertRefused("POST", "/customers", body, badRequest("The request has no body.", "pointer "));
            assertRefused("PATCH", ACCOUNT, body, badRequest("The request has no body.", "pointer "));
        }
        assertThat(ExpectedError.of(server.send("POST", "/customers", null)))
                .containsExactly(badRequest("The request has no body.", "pointer "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"data\": {}}]", "null", "true", "1", "\"data\"", "-0.5e-7"})
    void body_thatIsNoObjectIsRefused(String body) {
        for (var path : List.of("/customers", "/sessions")) {
            assertRefused("POST", path, body, badRequest("Request must be a hash", "pointer "));
        }
        assertRefused("PATCH", ACCOUNT, body, badRequest("Request must be a hash", "pointer "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"data\": null}", "{\"Data\": {}}", "{\"\": 1}", "{\"errors\": [], \"meta\": {}}"})
    void data_missingIsRefused(String body) {
        assertRefused("POST", "/customers", body, missing("data", ""));
        assertRefused("PATCH", ACCOUNT, body, missing("data", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"type\": \"customers\"}]", "\"customers\"", "1", "1e999999999", "true", "false"})
    void data_thatIsNoObjectIsRefused(String data) {
        var refusal = ExpectedError.pointer(400, 122, "Invalid data format", "Data must be a hash.", "/data");
        assertRefused("POST", "/customers", "{\"data\": " + data + "}", refusal);
        assertRefused("PATCH", ACCOUNT, "{\"data\": " + data + "}", refusal);
        assertRefused("POST", "/sessions", "{\"data\": " + data + "}", refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\": \"1\"}", "{\"type\": null}", "{\"Type\": \"customers\"}"})
    void type_missingIsRefused(String data) {
        assertRefused("POST", "/customers", "{\"data\": " + data + "}", missing("type", "/data"));
        assertRefused("PATCH", ACCOUNT, "{\"data\": " + data + "}", missing("type", "/data"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
                    /customers,               "sip_device_routes",       sip_device_routes
                    /customers,               "customer",                customer
                    /customers,               "Customers",               Customers
                    /customers,               "",                        ``
                    /customers,               1,                         1
                    /customers,               true,                      true
                    /sessions,                "customer_admin_sessions", customer_admin_sessions
                    /customer_admin_sessions, "sessions",                sessions
                    """)
    void type_ofAnotherResourceIsRefused(String path, String json, String name) {
        assertRefused(
                "POST",
                path,
                "{\"data\": {\"type\": " + json + "}}",
                ExpectedError.pointer(409, 101, "Invalid resource", name + " is not a valid resource.", "/data/type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"name\"", "1", "true"})
    void members_thatAreNoObjectsAreRefused(String json) {
        for (var member : List.of("attributes", "relationships")) {
            var customer = "{\"data\": {\"type\": \"customers\", \"id\": \"123\", \"" + member + "\": " + json + "}}";
            var account = "{\"data\": {\"type\": \"sip_device_routes\", \"id\": \"" + ID + "\", \"" + member + "\": "
                    + json + "}}";
            var refusal = badRequest("The member " + member + " must be a hash.", "pointer /data/" + member);
            assertRefused("POST", "/customers", customer.replace("123", "1234"), refusal);
            assertRefused("PATCH", "/customers/123", customer, refusal);
            assertRefused("PATCH", ACCOUNT, account, refusal);
        }
    }

    @Test
    void members_notKnownAreRefusedEach() {
        assertRefused(
                "POST",
                "/customers",
                "{\"data\": {\"type\": \"customers\", \"attributes\": {\"name\": \"A\", \"password\": 1, \"~/\": {}}}}",
                notAllowed("password", "/data/attributes/password"),
                notAllowed("~/", "/data/attributes/~0~1"));
        assertRefused(
                "POST",
                "/customers",
                "{\"data\": {\"type\": \"customers\", \"attributes\": {\"name\": \"A\"}, \"relationships\": {\"a\": 1, \"b\": {}}}}",
                notAllowed("a", "/data/relationships/a"),
                notAllowed("b", "/data/relationships/b"));
        assertRefused(
                "POST",
                "/sessions",
                "{\"data\": {\"type\": \"sessions\", \"attributes\": {\"uri\": \"x\"}}}",
                notAllowed("uri", "/data/attributes/uri"));
    }

    // what JSON can say and no text can hold

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    {"data": {"type": "customers", "attributes": {"name": "A\\u0000"}}}|       pointer /data/attributes/name
                    {"data": {"type": "customers", "attributes": {"name": "\\ud800"}}}|        pointer /data/attributes/name
                    {"data": {"type": "customers", "attributes": {"name": "\\udc00\\ud800"}}}| pointer /data/attributes/name
                    {"data": {"type": "customers", "attributes": {"name": "\\ud83dx"}}}|       pointer /data/attributes/name
                    {"data": {"type": "customers", "attributes": {"\\ud800": "A"}}}|           `pointer `
                    {"data": {"type": "customers", "attributes": {"\\u0000": "A"}}}|           pointer /data/attributes
                    {"data": {"type": "\\u0000"}}|                                             pointer /data/type
                    {"data": {"type": "customers", "id": "\\udfff"}}|                          pointer /data/id
                    {"data": ["\\ud800"]}|                                                     pointer /data/0
                    "\\ud800"|                                                                 `pointer `
                    """)
    void text_withANulOrHalfASurrogatePairIsRefused(String body, String source) {
        for (var answer : List.of(server.post("/customers", body), server.patch("/customers/123", body))) {
            assertThat(ExpectedError.of(answer, body)).singleElement().satisfies(refusal -> {
                assertThat(refusal.status()).isEqualTo(400);
                assertThat(refusal.code()).isEqualTo("400");
                assertThat(refusal.source()).isEqualTo(source);
            });
        }
    }

    /** Unicode 16, table 3-7: what is well-formed UTF-8. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "bf",
                "ff",
                "fe",
                "c3",
                "c3 28",
                "e2 82",
                "e2 28 a1",
                "f0 9f 98",
                "f0 28 8c bc",
                "f8 88 80 80 80",
                "fc 84 80 80 80 80",
                // longer than need be
                "c0 80",
                "c1 81",
                "c0 af",
                "e0 80 80",
                "e0 81 81",
                "e0 9f bf",
                "f0 80 80 af",
                "f0 8f bf bf",
                // surrogates, and what lies beyond Unicode
                "ed a0 80",
                "ed a0 bd ed b8 80",
                "ed bf bf",
                "f4 90 80 80",
                "f5 80 80 80",
                "f7 bf bf bf",
            })
    void text_thatIsNoUtf8IsRefused(String hex) throws IOException {
        var bytes = new String(HexFormat.ofDelimiter(" ").parseHex(hex), ISO_8859_1);
        var name = "{\"data\": {\"type\": \"customers\", \"attributes\": {\"name\": \"A" + bytes + "\"}}}";
        var member = "{\"data\": {\"type\": \"customers\", \"attributes\": {\"name\": \"A\", \"" + bytes + "\": 1}}}";
        try (var connection = new RawConnection(server.port())) {
            for (var body : List.of(name, member, bytes)) {
                var answer = connection.exchange(request("POST", "/customers", body));
                assertThat(answer.status()).as(answer.body()).isEqualTo(400);
                assertThat(ExpectedError.of(answer, "{\"data\": {\"attributes\": {\"name\": 1}}}"))
                        .singleElement()
                        .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("400"));
            }
        }
    }

    /** RFC 8259 section 8.1 knows no other encoding. */
    @Test
    void text_inAnotherEncodingIsRefused() throws IOException {
        var body = "{\"data\": {\"type\": \"customers\", \"attributes\": {\"name\": \"A\"}}}";
        try (var connection = new RawConnection(server.port())) {
            for (var charset : List.of(UTF_16, UTF_32LE)) {
                var answer = connection.exchange(
                        request("POST", "/customers", new String(body.getBytes(charset), ISO_8859_1)));
                assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            }
        }
    }

    private static String request(String method, String path, String body) {
        return method + " " + TestServer.BASE + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + server.authorization() + "\r\nContent-Type: " + TestServer.JSON_API + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    // sizes

    @ParameterizedTest
    @ValueSource(
            strings = {"[", "{\"a\":", "{\"data\":[", "{\"data\":{\"type\":\"customers\",\"attributes\":{\"name\":["})
    @Within(seconds = 5)
    void json_nestedDeeplyIsRefused(String opening) {
        for (var depth : List.of(21, 1000, 100_000)) {
            var body = opening.repeat(depth).substring(0, Math.min(opening.length() * depth, MAX_BODY - 1));
            assertUnreadable(server.post("/customers", body), "[]");
        }
        var name = "[".repeat(40) + "]".repeat(40);
        assertUnreadable(
                server.post(
                        "/customers",
                        "{\"data\": {\"type\": \"customers\", \"attributes\": {\"name\": " + name + "}}}"),
                "[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e999999999",
                "-1e999999999",
                "1e-999999999",
                "1e99999999999999999999",
                "1E2147483648",
                "0.00000000000000000000000000000000000000000000000000000000000000000000000000000000001e2147483647",
                "99999999999999999999999999999999999999999999999999999999999999999999999999999999",
                "-0",
            })
    @Within(seconds = 5)
    void numbers_thatAreHugeAreRefused(String number) {
        for (var attribute : List.of("name", "nothing")) {
            for (var path : List.of("/customers/123", ACCOUNT)) {
                var body = "{\"data\": {\"type\": \"" + (path.equals(ACCOUNT) ? "sip_device_routes" : "customers")
                        + "\", \"id\": \"" + (path.equals(ACCOUNT) ? ID : "123") + "\", \"attributes\": {\"" + attribute
                        + "\": " + number + "}}}";
                assertThat(server.patch(path, body).statusCode()).isIn(400, 422);
            }
        }
        var id = "{\"data\": {\"type\": \"customers\", \"id\": " + number + ", \"attributes\": {\"name\": \"\"}}}";
        assertThat(server.patch("/customers/123", id).statusCode()).isIn(400, 409);
        assertThat(server.post("/customers", id).statusCode()).isIn(400, 422);
        var type = "{\"data\": {\"type\": " + number + "}}";
        assertThat(server.post("/customers", type).statusCode()).isIn(400, 409);
        var linkage = "{\"data\": {\"type\": \"sessions\", \"relationships\": {\"customer\": {\"data\":"
                + " {\"type\": \"customers\", \"id\": " + number + "}}}}}";
        assertThat(server.post("/sessions", linkage).statusCode()).isIn(400, 404);
    }

    @Test
    @Within(seconds = 5)
    void numbers_ofSixtyThousandDigitsAreRefused() {
        var body = "{\"data\": {\"type\": \"customers\", \"id\": " + "9".repeat(60_000) + "}}";
        assertThat(server.post("/customers", body).statusCode()).isEqualTo(400);
    }

    @Test
    void body_ofTheLargestSizeIsRead() {
        var document = "{\"data\": {\"type\": \"customers\"}}";
        assertThat(server.post("/customers", document + " ".repeat(MAX_BODY - document.length()))
                        .statusCode())
                .isEqualTo(422);
        var answer = server.post("/customers", document + " ".repeat(MAX_BODY - document.length() + 1));
        assertThat(ExpectedError.of(answer, document)).singleElement().satisfies(refusal -> {
            assertThat(refusal.status()).isEqualTo(413);
            assertThat(refusal.code()).isEqualTo("413");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 104857600", "Transfer-Encoding: chunked"})
    @Within(seconds = 8)
    void body_ofAHundredMegabytesIsRefusedBeforeItIsSent(String framing) throws IOException {
        for (var authorization : List.of("Authorization: " + server.authorization(), "X-Nothing: 1")) {
            try (var connection = new RawConnection(server.port())) {
                connection.write(
                        ("POST " + TestServer.BASE + "/customers HTTP/1.1\r\nHost: localhost\r\n" + authorization
                                        + "\r\nContent-Type: " + TestServer.JSON_API + "\r\n" + framing + "\r\n\r\n")
                                .getBytes(ISO_8859_1));
                var chunk = framing.startsWith("T") ? "10000\r\n" + " ".repeat(0x10000) + "\r\n" : " ".repeat(0x10000);
                var bytes = chunk.getBytes(ISO_8859_1);
                var sent = 0;
                try {
                    for (; sent < 1600; sent++) {
                        connection.write(bytes);
                    }
                } catch (IOException _) {
                    // closed, as it may be
                }
                try {
                    assertThat(connection.read(false).status())
                            .isIn(authorization.startsWith("A") ? List.of(413) : List.of(401, 413));
                } catch (IOException _) {
                    assertThat(sent)
                            .as("chunks taken before the connection was closed")
                            .isLessThan(1600);
                }
            }
        }
        assertThat(server.get(ACCOUNT).statusCode()).isEqualTo(200);
    }

    @Test
    @Within(seconds = 5)
    void body_thatIsTooLargeIsNotAskedFor() throws IOException {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange("POST " + TestServer.BASE + "/customers HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: " + server.authorization() + "\r\nContent-Type: " + TestServer.JSON_API
                    + "\r\nContent-Length: 104857600\r\nExpect: 100-continue\r\n\r\n");
            assertThat(answer.status()).isEqualTo(413);
        }
    }

    @Test
    void body_inChunksIsReadAsOne() throws IOException {
        var head = "PATCH " + TestServer.BASE + "/customers/123 HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + server.authorization() + "\r\nContent-Type: " + TestServer.JSON_API
                + "\r\nTransfer-Encoding: chunked\r\n\r\n";
        var document =
                "{\"data\": {\"type\": \"customers\", \"id\": 123, \"attributes\": {\"name\": \"Customer 123\"}}}";
        var body = new StringBuilder();
        for (var i = 0; i < document.length(); i += 7) {
            var part = document.substring(i, Math.min(i + 7, document.length()));
            body.append(Integer.toHexString(part.length()))
                    .append("\r\n")
                    .append(part)
                    .append("\r\n");
        }
        try (var connection = new RawConnection(server.port())) {
            assertThat(connection.exchange(head + body + "0\r\n\r\n").status()).isEqualTo(200);
            // and the connection is at its next request
            assertThat(connection.exchange(head + "2\r\n{}\r\n0\r\n\r\n").status())
                    .isEqualTo(400);
            assertThat(connection.exchange(head + "0\r\n\r\n").status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1",
                "Content-Length: abc",
                "Content-Length: 99999999999999999999",
                "Content-Length: 2\r\nContent-Length: 3",
                "Transfer-Encoding: chunked\r\nContent-Length: 2",
                "Transfer-Encoding: nonsense",
            })
    @Within(seconds = 5)
    void body_ofAnUnclearLengthIsRefused(String framing) throws IOException {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange("POST " + TestServer.BASE + "/customers HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: " + server.authorization() + "\r\nContent-Type: " + TestServer.JSON_API + "\r\n"
                    + framing + "\r\n\r\n{}");
            assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        } catch (EOFException _) {
            // closed without a word, which is as safe
        }
    }

    /** Else whoever can make a client send a body makes it send a request of his own (request smuggling). */
    @ParameterizedTest
    @CsvSource({
        "GET, /customers/123, 200",
        "HEAD, /customers/123, 200",
        "DELETE, /customers/nobody, 404",
        "PATCH, /nothing, 404",
        "PUT, /customers, 405",
        "POST, /customers?x=1, 400",
    })
    void body_thatIsNotReadIsNeverTheNextRequest(String method, String path, int status) throws IOException {
        var smuggled = request("POST", "/customers", """
                {"data": {"type": "customers", "id": "smuggled", "attributes": {"name": "A"}}}""");
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(request(method, path, smuggled));
            assertThat(answer.status()).isEqualTo(status);
            if (answer.header("Connection").equals("close")) {
                assertThat(connection.isClosed()).as("nothing more is answered").isTrue();
            } else {
                assertThat(connection
                                .exchange(server.raw("GET " + TestServer.BASE + ACCOUNT + " HTTP/1.1"))
                                .body())
                        .contains(ID);
            }
        } finally {
            assertThat(server.get("/customers/smuggled").statusCode()).isEqualTo(404);
        }
    }

    // the query

    @ParameterizedTest
    @MethodSource
    void parameters_thatAreWrongAreRefused(String path, String query, ExpectedError refusal) {
        assertThat(ExpectedError.of(server.get(path + "?" + query))).containsExactly(refusal);
    }

    private static Stream<Arguments> parameters_thatAreWrongAreRefused() {
        return Stream.of(
                row(
                        ACCOUNTS,
                        "sort=nothing",
                        114,
                        "Invalid sort criteria",
                        "nothing is not a valid sort criteria for sip_device_routes",
                        "sort"),
                row(
                        "/customers",
                        "sort=-nothing",
                        114,
                        "Invalid sort criteria",
                        "nothing is not a valid sort criteria for customers",
                        "sort"),
                row(
                        ACCOUNTS,
                        "include=nothing",
                        112,
                        "Invalid field",
                        "nothing is not a valid relationship of sip_device_routes",
                        "include"),
                row(
                        ACCOUNT,
                        "include=nothing",
                        112,
                        "Invalid field",
                        "nothing is not a valid relationship of sip_device_routes",
                        "include"),
                row(
                        "/customers",
                        "include=customer",
                        112,
                        "Invalid field",
                        "customer is not a valid relationship of customers",
                        "include"),
                row(
                        ACCOUNTS,
                        "fields[sip_device_routes]=nothing",
                        104,
                        "Invalid field",
                        "nothing is not a valid field for sip_device_routes.",
                        "fields[sip_device_routes]"),
                row(
                        "/customers/123",
                        "fields[customers]=nothing",
                        104,
                        "Invalid field",
                        "nothing is not a valid field for customers.",
                        "fields[customers]"),
                row(
                        ACCOUNTS,
                        "fields[nothing]=id",
                        101,
                        "Invalid resource",
                        "nothing is not a valid resource.",
                        "fields[nothing]"),
                row(
                        "/customers",
                        "fields[sip_device_routes]=username",
                        101,
                        "Invalid resource",
                        "sip_device_routes is not a valid resource.",
                        "fields[sip_device_routes]"),
                row(ACCOUNTS, "fields=username", 119, "Invalid field format", "Fields must specify a type.", "fields"),
                row(
                        ACCOUNTS,
                        "filter[nothing]=1",
                        102,
                        "Filter not allowed",
                        "nothing is not allowed.",
                        "filter[nothing]"),
                row(
                        ACCOUNTS,
                        "filter[password]=1",
                        102,
                        "Filter not allowed",
                        "password is not allowed.",
                        "filter[password]"),
                row(
                        "/customers",
                        "filter[username]=1",
                        102,
                        "Filter not allowed",
                        "username is not allowed.",
                        "filter[username]"),
                row(
                        ACCOUNTS,
                        "filter[username][eq]=1",
                        102,
                        "Filter not allowed",
                        "username][eq is not allowed.",
                        "filter[username][eq]"),
                row(ACCOUNTS, "filter[x][eq]=1", 102, "Filter not allowed", "x][eq is not allowed.", "filter[x][eq]"),
                row(
                        ACCOUNTS,
                        "filter=1",
                        120,
                        "Invalid filters syntax",
                        "1 is not a valid syntax for filtering.",
                        "filter"),
                row(
                        "/customers",
                        "filter=name:x",
                        120,
                        "Invalid filters syntax",
                        "name:x is not a valid syntax for filtering.",
                        "filter"),
                row(
                        ACCOUNTS,
                        "filter[allow_external_calls]=x",
                        107,
                        "Invalid filter value",
                        "x is not a valid value for allow_external_calls.",
                        "filter[allow_external_calls]"),
                row(
                        ACCOUNTS,
                        "page[size]=0",
                        118,
                        "Invalid page value",
                        "0 is not a valid value for size page parameter.",
                        "page[size]"),
                row(
                        ACCOUNTS,
                        "page[number]=0",
                        118,
                        "Invalid page value",
                        "0 is not a valid value for number page parameter.",
                        "page[number]"),
                row(
                        ACCOUNTS,
                        "page[number]=99999999999999999999",
                        118,
                        "Invalid page value",
                        "99999999999999999999 is not a valid value for number page parameter.",
                        "page[number]"),
                row(
                        ACCOUNTS,
                        "page[size]=99999999999999999999",
                        118,
                        "Invalid page value",
                        "99999999999999999999 is not a valid value for size page parameter.",
                        "page[size]"),
                row(
                        ACCOUNTS,
                        "page[size]=1001",
                        118,
                        "Invalid page value",
                        "size exceeds maximum page size of 1000.",
                        "page[size]"),
                row(
                        "/customers",
                        "page[size]=-5",
                        118,
                        "Invalid page value",
                        "-5 is not a valid value for size page parameter.",
                        "page[size]"),
                row(
                        ACCOUNTS,
                        "page[offset]=0",
                        105,
                        "Page parameter not allowed",
                        "offset is not an allowed page parameter.",
                        "page[offset]"),
                row(
                        ACCOUNTS,
                        "page[]=1",
                        105,
                        "Page parameter not allowed",
                        " is not an allowed page parameter.",
                        "page[]"),
                row(ACCOUNTS, "limit=5", 105, "Param not allowed", "limit is not allowed.", "limit"),
                row(ACCOUNTS, "Sort=id", 105, "Param not allowed", "Sort is not allowed.", "Sort"),
                row(ACCOUNTS, "sort[]=id", 105, "Param not allowed", "sort[] is not allowed.", "sort[]"),
                row(
                        ACCOUNTS,
                        "include[customer]=",
                        105,
                        "Param not allowed",
                        "include[customer] is not allowed.",
                        "include[customer]"),
                row(
                        ACCOUNTS,
                        "filter[is_online]=maybe",
                        107,
                        "Invalid filter value",
                        "maybe is not a valid value for is_online.",
                        "filter[is_online]"),
                row(
                        REGISTRATIONS,
                        "sort=nothing",
                        114,
                        "Invalid sort criteria",
                        "nothing is not a valid sort criteria for registrations",
                        "sort"),
                row(
                        REGISTRATIONS,
                        "filter[contact]=sip:phone@192.0.2.1",
                        102,
                        "Filter not allowed",
                        "contact is not allowed.",
                        "filter[contact]"),
                row(
                        REGISTRATIONS,
                        "include=sip_device_route",
                        112,
                        "Invalid field",
                        "sip_device_route is not a valid relationship of registrations",
                        "include"),
                row(
                        "/blocked_sources",
                        "include=sip_device_route",
                        112,
                        "Invalid field",
                        "sip_device_route is not a valid relationship of blocked_sources",
                        "include"),
                row(
                        "/blocked_sources",
                        "fields[sip_device_routes]=password",
                        101,
                        "Invalid resource",
                        "sip_device_routes is not a valid resource.",
                        "fields[sip_device_routes]"),
                row("/blocked_sources/" + ID, "sort=id", 105, "Param not allowed", "sort is not allowed.", "sort"),
                row(ACCOUNT, "sort=id", 105, "Param not allowed", "sort is not allowed.", "sort"),
                row(ACCOUNT, "page[size]=1", 105, "Param not allowed", "page[size] is not allowed.", "page[size]"),
                row(
                        "/customers/123",
                        "filter[id]=123",
                        105,
                        "Param not allowed",
                        "filter[id] is not allowed.",
                        "filter[id]"),
                row("/customers/123", "x", 105, "Param not allowed", "x is not allowed.", "x"));
    }

    private static Arguments row(String path, String query, int code, String title, String detail, String parameter) {
        return Arguments.of(path, query, ExpectedError.parameter(400, code, title, detail, parameter));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sort=id&sort=id",
                "page[size]=1&page[size]=2",
                "page[size]=1&page%5Bsize%5D=1",
                "filter[username]=a&filter[username]=b",
                "include=customer&incl%75de=customer",
            })
    void parameters_givenTwiceAreRefused(String query) {
        assertThat(ExpectedError.of(server.get(ACCOUNTS + "?" + query)))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(400);
                    assertThat(refusal.code()).isEqualTo("400");
                    assertThat(refusal.source()).matches("parameter (sort|page\\[size]|filter\\[username]|include)");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "filter[username]=%",
                "filter[username]=%z",
                "filter[username]=%zz",
                "filter[username]=%1",
                "filter[username]=%ff",
                "filter[username]=%C0%80",
                "filter[username]=%C1%81",
                "filter[username]=%ED%A0%80",
                "filter[username]=%F4%90%80%80",
                "filter[username]=%E2%82",
                "filter[username]=%00",
                "filter[username]=a%00b",
                "filter[%00]=1",
                "%ff=1",
                "%=1",
                "sort=%00",
                "page[size]=%ff",
                "fields[%ff]=x",
                "include=%zz",
                "filter[username]=\u00ff",
                "\u00ff=1",
                "sort=\u00c3",
            })
    void parameters_thatAreNoTextAreRefused(String query) throws IOException {
        for (var path : List.of(ACCOUNTS, ACCOUNT, REGISTRATIONS, "/blocked_sources", "/customers", "/customers/123")) {
            try (var connection = new RawConnection(server.port())) {
                var answer =
                        connection.exchange(server.raw("GET " + TestServer.BASE + path + "?" + query + " HTTP/1.1"));
                assertThat(ExpectedError.of(answer, null)).singleElement().satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(400);
                    assertThat(refusal.source()).startsWith("parameter ");
                });
            }
        }
    }

    @Test
    void query_thatIsTooLongIsRefused() throws IOException {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(server.raw(
                    "GET " + TestServer.BASE + ACCOUNTS + "?filter[username]=" + "x".repeat(100_000) + " HTTP/1.1"));
            assertThat(answer.status()).isBetween(400, 499);
        }
    }

    @Test
    void header_thatIsTooLongIsRefused() throws IOException {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(
                    server.raw("GET " + TestServer.BASE + ACCOUNTS + " HTTP/1.1", "X-Long: " + "x".repeat(100_000)));
            assertThat(answer.status()).isBetween(400, 499);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/nothing",
                "/sip_device_routes/",
                "/sip_device_routes//",
                "/sip_device_routes/a/b",
                "/sip_device_routes/registrations/",
                "/sip_device_routes//registrations",
                "/sip_device_routes/" + ID + "/registrations/",
                "/sip_device_routes/" + ID + "/Registrations",
                "/sip_device_routes/" + ID + "/registrations/" + ID + "/",
                "/sip_device_routes/" + ID + "%2Fregistrations",
                "/customers/" + ID + "/registrations",
                "/blocked_sources/",
                "/blocked_sources/" + ID + "/" + ID,
                "/customers/123/",
                "/customers/123/accounts",
                "/CUSTOMERS",
                "/customers%2F123",
                "//customers",
                "/sessions/123",
                "/customers;x=1",
                "/../operator/customers",
            })
    void path_ofNothingIsNotFound(String path) throws IOException {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(server.raw("GET " + TestServer.BASE + path + " HTTP/1.1"));
            assertThat(ExpectedError.of(answer, null)).singleElement().satisfies(refusal -> {
                assertThat(refusal.status()).isEqualTo(404);
            });
        }
    }

    @Test
    void method_thatIsNotThereIsRefusedWithThoseThatAre() {
        assertMethods("/customers", "GET, HEAD, POST", List.of("PUT", "PATCH", "DELETE", "OPTIONS"));
        assertMethods("/customers/123", "DELETE, GET, HEAD, PATCH", List.of("PUT", "POST", "OPTIONS"));
        assertMethods("/sessions", "POST", List.of("GET", "HEAD", "PUT", "PATCH", "DELETE"));
        assertMethods("/customer_admin_sessions", "POST", List.of("GET", "PUT", "DELETE"));
        assertMethods(ACCOUNTS, "GET, HEAD", List.of("POST", "PUT", "PATCH", "DELETE"));
        assertMethods(ACCOUNT, "GET, HEAD, PATCH", List.of("POST", "PUT", "DELETE"));
        assertMethods(REGISTRATIONS, "DELETE, GET, HEAD", List.of("POST", "PUT", "PATCH", "OPTIONS"));
        assertMethods(REGISTRATIONS + "/" + ID, "DELETE", List.of("GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS"));
        assertMethods("/blocked_sources", "DELETE, GET, HEAD", List.of("POST", "PUT", "PATCH", "OPTIONS"));
        assertMethods("/blocked_sources/" + ID, "DELETE, GET, HEAD", List.of("POST", "PUT", "PATCH", "OPTIONS"));
    }

    private static void assertMethods(String path, String allowed, List<String> others) {
        for (var method : others) {
            // whatever the media types are
            for (var contentType : List.of(TestServer.JSON_API, "text/plain", "")) {
                var answer = server.send(method, path, null, "Content-Type", contentType);
                assertThat(answer.statusCode()).as(method + path).isEqualTo(405);
                assertThat(answer.headers().firstValue("Allow")).contains(allowed);
                if (!method.equals("HEAD")) {
                    assertThat(ExpectedError.of(answer))
                            .singleElement()
                            .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("405"));
                }
            }
        }
    }

    // media types

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/*",
                "application/vnd.api+json",
                "APPLICATION/VND.API+JSON",
                " application/vnd.api+json ",
                "application/vnd.api+json;q=0.5",
                "application/vnd.api+json ; Q=1.0",
                "application/vnd.api+json;q=0.001",
                "text/html, application/vnd.api+json;q=0.1",
                "text/html;level=1, application/xhtml+xml, */*;q=0.8",
                "application/vnd.api+json; profile=\"https://example.com/a https://example.com/b\"",
                "application/vnd.api+json; profile=\"a, application/vnd.api+json; charset=utf-8\"",
                "application/vnd.api+json; charset=utf-8, application/vnd.api+json",
                "application/vnd.api+json;ext=\"https://jsonapi.org/ext/atomic\", application/vnd.api+json;q=0.9",
                ",application/vnd.api+json,",
            })
    void accept_withThePlainMediaTypeIsFine(String accept) {
        assertThat(server.get(ACCOUNT, "Accept", accept).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "application/json",
                "application/json, text/*",
                "application/vnd.api",
                "application/vnd.api+json; charset=utf-8",
                "application/vnd.api+json;charset=utf-8;q=0.5",
                "APPLICATION/VND.API+JSON; Charset=UTF-8",
                "application/vnd.api+json;ext=\"https://jsonapi.org/ext/atomic\"",
                "application/vnd.api+json;profile=\"a\";version=1",
                "application/vnd.api+json; charset=utf-8, application/vnd.api+json; version=1",
                // every entry of JSON:API carries parameters, whatever else is there
                "application/vnd.api+json; charset=utf-8, */*",
                "text/html, application/vnd.api+json; version=1, application/*;q=0.1",
                // a weight of nothing is a refusal (RFC 9110 section 12.4.2), and the more specific range counts
                "application/vnd.api+json;q=0",
                "application/vnd.api+json;q=0.000",
                "*/*;q=0",
                "application/vnd.api+json;q=0, */*",
                "nonsense",
            })
    void accept_withoutThePlainMediaTypeIsRefused(String accept) {
        for (var answer : List.of(
                server.get(ACCOUNT, "Accept", accept),
                server.get("/customers?sort=nothing", "Accept", accept),
                server.post("/customers", "{}", "Accept", accept))) {
            assertThat(ExpectedError.of(answer)).singleElement().satisfies(refusal -> {
                assertThat(refusal.status()).isEqualTo(406);
                assertThat(refusal.code()).isEqualTo("406");
                assertThat(refusal.title()).isEqualTo("Not acceptable");
                assertThat(refusal.detail()).contains(accept.strip()).contains(TestServer.JSON_API);
                assertThat(refusal.source()).isEqualTo("header Accept");
            });
        }
    }

    @Test
    void accept_missingEmptyOrInSeveralHeadersIsFine() throws IOException {
        for (var headers : List.of(
                new String[] {},
                new String[] {"Accept:"},
                new String[] {"Accept: text/html", "Accept: application/vnd.api+json"},
                new String[] {"accept: application/vnd.api+json; charset=utf-8", "ACCEPT: application/vnd.api+json"})) {
            try (var connection = new RawConnection(server.port())) {
                assertThat(connection
                                .exchange(server.raw("GET " + TestServer.BASE + ACCOUNT + " HTTP/1.1", headers))
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.api+json",
                "Application/Vnd.Api+Json",
                " application/vnd.api+json ",
                "application/vnd.api+json; profile=\"https://example.com/unknown\"",
                "application/vnd.api+json;profile=\"a;charset=b\"",
            })
    void contentType_ofJsonApiIsFine(String contentType) {
        for (var method : List.of("PATCH", "GET", "HEAD")) {
            var body = method.equals("PATCH")
                    ? "{\"data\": {\"type\": \"sip_device_routes\", \"id\": \"" + ID + "\"}}"
                    : null;
            assertThat(server.send(method, ACCOUNT, body, "Content-Type", contentType)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.api+json; charset=utf-8",
                "application/vnd.api+json;charset=utf-8",
                "APPLICATION/VND.API+JSON; CHARSET=UTF-8",
                "application/vnd.api+json; ext=\"https://jsonapi.org/ext/atomic\"",
                "application/vnd.api+json; profile=\"a\"; version=1",
                "application/vnd.api+json; q=1",
            })
    void contentType_ofJsonApiWithParametersIsRefusedOnEveryRequest(String contentType) {
        for (var method : List.of("GET", "PATCH", "DELETE", "POST")) {
            var path = method.equals("POST") ? "/customers" : "/customers/123";
            assertUnsupported(server.send(method, path, "{}", "Content-Type", contentType), contentType);
        }
        assertUnsupported(server.get(ACCOUNTS, "Content-Type", contentType), contentType);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/vnd.api",
                "application/vnd.api+jsonx",
                "application/*",
                "*/*",
                "nonsense",
                "application/json, application/vnd.api+json",
            })
    void contentType_ofAnotherKindIsRefusedWithABody(String contentType) {
        for (var method : List.of("PATCH", "POST")) {
            var path = method.equals("POST") ? "/customers" : "/customers/123";
            assertUnsupported(server.send(method, path, "{}", "Content-Type", contentType), contentType);
        }
        assertUnsupported(server.post("/sessions", "{}", "Content-Type", contentType), contentType);
        // nothing is read of these
        assertThat(server.get(ACCOUNT, "Content-Type", contentType).statusCode())
                .isEqualTo(200);
        assertThat(server.delete("/customers/nobody", "Content-Type", contentType)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void contentType_missingIsRefusedWithABody() {
        assertUnsupported(server.post("/customers", "{}", "Content-Type", ""), "none");
        assertUnsupported(server.patch(ACCOUNT, "{}", "Content-Type", ""), "none");
        assertThat(server.get(ACCOUNT, "Content-Type", "").statusCode()).isEqualTo(200);
    }

    private static void assertUnsupported(HttpResponse<String> answer, String contentType) {
        assertThat(ExpectedError.of(answer)).singleElement().satisfies(refusal -> {
            assertThat(refusal.status()).isEqualTo(415);
            assertThat(refusal.code()).isEqualTo("415");
            assertThat(refusal.title()).isEqualTo("Unsupported media type");
            assertThat(refusal.detail()).contains(contentType).contains(TestServer.JSON_API);
            assertThat(refusal.source()).isEqualTo("header Content-Type");
        });
    }

    @Test
    void vary_isOnEveryAnswer() {
        var etag = server.get(ACCOUNT).headers().firstValue("ETag").orElseThrow();
        for (var answer : List.of(
                server.get(ACCOUNTS),
                server.get(ACCOUNT),
                server.get(ACCOUNT, "If-None-Match", etag),
                server.send("HEAD", ACCOUNT, null),
                server.get("/nothing"),
                server.get(ACCOUNT, "Authorization", ""),
                server.post("/customers", "{}"),
                server.delete("/sessions"))) {
            assertThat(answer.headers().firstValue("Vary")).contains("Accept, Accept-Encoding");
            assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
        }
    }

    // who asks

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Basic !",
                "Basic dXNlcm5hbWU",
                "Basic Og==",
                "Basic OnBhc3N3b3Jk",
                "Basic /////w==",
                "Basic AHVzZXI6cGFzc3dvcmQ=",
                "Bearer dXNlcm5hbWU6cGFzc3dvcmQ=",
                "dXNlcm5hbWU6cGFzc3dvcmQ=",
                "Digest username=\"username\"",
                // username:passwore, Username:password, username:password plus a space
                "Basic dXNlcm5hbWU6cGFzc3dvcmU=",
                "Basic VXNlcm5hbWU6cGFzc3dvcmQ=",
                "Basic dXNlcm5hbWU6cGFzc3dvcmQg",
            })
    void login_thatIsNoneOrWrongIsRefused(String authorization) {
        for (var path : List.of(ACCOUNT, "/nothing")) {
            var answer = server.get(path, "Authorization", authorization);
            assertThat(ExpectedError.of(answer))
                    .containsExactly(new ExpectedError(
                            401,
                            "401",
                            "Authentication failed",
                            "Incorrect login or password.",
                            "header Authorization"));
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                    .matches("Basic realm=\"[^\"]+\".*");
        }
    }

    @Test
    void login_isRefusedWithoutTellingWhetherTheUsernameIsKnown() {
        var known = server.as("username", "wrong").get(ACCOUNT);
        var unknown = server.as("nobody", "wrong").get(ACCOUNT);
        assertThat(unknown.body()).isEqualTo(known.body());
    }

    @Test
    void login_schemeIsWrittenInAnyCase() {
        for (var scheme : List.of("basic ", "BASIC ", "Basic  ")) {
            assertThat(server.get(
                                    ACCOUNT,
                                    "Authorization",
                                    server.authorization().replace("Basic ", scheme))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void login_failingTooOftenIsAnsweredWithHowLongToWait() {
        var guess = server.as("guessed", "wrong");
        for (var i = 0; i < 10; i++) {
            assertThat(guess.get(ACCOUNT).statusCode()).isEqualTo(401);
        }
        var answer = guess.get(ACCOUNT);
        assertThat(ExpectedError.of(answer)).singleElement().satisfies(refusal -> {
            assertThat(refusal.status()).isEqualTo(429);
            assertThat(refusal.code()).isEqualTo("429");
            assertThat(refusal.title()).isEqualTo("Too many requests");
        });
        var wait = Duration.ofSeconds(
                Long.parseLong(answer.headers().firstValue("Retry-After").orElseThrow()));
        assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(6));
        assertThat(server.get(ACCOUNT).statusCode()).isEqualTo(200);
    }

    // rows that need a record

    @Test
    void record_thatIsNotThereIsNotFound() {
        assertRefused("GET", "/customers/nobody", null, ExpectedError.notFound("nobody"));
        assertRefused("DELETE", "/customers/nobody", null, ExpectedError.notFound("nobody"));
        assertRefused(
                "PATCH",
                "/customers/nobody",
                "{\"data\": {\"type\": \"customers\", \"id\": \"nobody\", \"attributes\": {\"name\": \"A\"}}}",
                ExpectedError.notFound("nobody"));
        assertRefused("GET", ACCOUNTS + "/nobody", null, ExpectedError.notFound("nobody"));
        assertRefused("GET", ACCOUNTS + "/nobody/registrations", null, ExpectedError.notFound("nobody"));
        assertRefused("DELETE", ACCOUNTS + "/nobody/registrations", null, ExpectedError.notFound("nobody"));
        assertRefused("DELETE", REGISTRATIONS + "/nobody", null, ExpectedError.notFound("nobody"));
        assertRefused("GET", "/blocked_sources/nobody", null, ExpectedError.notFound("nobody"));
        assertRefused("DELETE", "/blocked_sources/nobody", null, ExpectedError.notFound("nobody"));
        for (var type : List.of("sessions", "customer_admin_sessions")) {
            assertRefused(
                    "POST",
                    "/" + type,
                    "{\"data\": {\"type\": \"" + type
                            + "\", \"relationships\": {\"customer\": {\"data\": {\"type\": \"customers\", \"id\": \"nobody\"}}}}}",
                    new ExpectedError(
                            404,
                            "404",
                            "Record not found",
                            ExpectedError.notFoundDetail("nobody"),
                            "pointer /data/relationships/customer/data/id"));
        }
    }

    @Test
    void record_whoseIdIsTakenIsAConflict() {
        var body = "{\"data\": {\"type\": \"customers\", \"id\": 123, \"attributes\": {\"name\": \"A\"}}}";
        assertThat(ExpectedError.of(server.post("/customers", body), body))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(409);
                    assertThat(refusal.code()).isEqualTo("409");
                    assertThat(refusal.title()).isEqualTo("Conflict");
                    assertThat(refusal.source()).isEqualTo("pointer /data/id");
                });
    }

    @Test
    void validation_reportsEverythingAtOnce() {
        assertRefused(
                "POST",
                "/customers",
                """
                {"data": {"type": "customers", "id": "a b",
                    "attributes": {"name": " ", "language": "XX", "capacity_limit": -1, "sip_account_limit": "many"}}}""",
                ExpectedError.invalid("sip_account_limit", "must be an integer or null"),
                ExpectedError.invalid("id", "must be 1 to 64 of A-Z a-z 0-9 . _ -", "/data/id"),
                ExpectedError.invalid("name", "can't be blank"),
                ExpectedError.invalid("language", "must be one of EN, RU, LT, LV"),
                ExpectedError.invalid(
                        "capacity_limit", "must be an integer from 0 (none) to 2147483647, or null (no limit)"));
    }

    @Test
    void validation_ofAMissingMemberPointsAtItsParent() {
        assertRefused(
                "POST",
                "/customers",
                "{\"data\": {\"type\": \"customers\", \"attributes\": {}}}",
                ExpectedError.invalid("name", "can't be blank", "/data/attributes"));
        assertRefused(
                "POST",
                "/customers",
                "{\"data\": {\"type\": \"customers\"}}",
                ExpectedError.invalid("name", "can't be blank", "/data"));
    }

    @Test
    void error_textsAreUtf8() {
        var answer = server.get("/customers/" + URLEncoder.encode("žvėrys😀", UTF_8));
        assertThat(ExpectedError.of(answer)).containsExactly(ExpectedError.notFound("žvėrys😀"));
    }
}
