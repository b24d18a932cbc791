package io.seatline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.ExpectedError;
import io.seatline.support.RawConnection;
import io.seatline.support.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code PATCH /sip_device_routes/{id}}, {@code GET} of one, and what keeps two writers apart. */
final class SipAccountUpdateTest {
    private static final String ID = "0192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b10";
    private static final String OTHERS = "0192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b11";
    private static final String UNKNOWN = "0192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b12";
    private static final String PATH = "/sip_device_routes/" + ID;
    private static final String USED = "/data/attributes/use_allowed_ips";
    private static final ExpectedError CLOSED_TO_ALL = ExpectedError.invalid(
            "use_allowed_ips", "needs at least one address in allowed_ips: nobody could register", USED);

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.account("test", TestServer.plain(ID, "123", "z4wnypvker"));
        server.operator("other", "other", "password");
        server.customer("other", "123", null);
        server.account("other", TestServer.plain(OTHERS, "123", "somebody"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void settle() {
        stored(false, "");
        server.database().run("DELETE FROM bindings; DELETE FROM audit");
    }

    private static void stored(boolean used, String list) {
        server.database()
                .run("UPDATE sip_accounts SET use_allowed_ips = " + used + ", allowed_ips = '{" + list
                        + "}' WHERE id = '" + ID + "'");
    }

    private static String row() {
        return server.text("SELECT a::text FROM sip_accounts a WHERE id = '" + ID + "'");
    }

    private static long audited() {
        return server.database().number("SELECT count(*) FROM audit");
    }

    private static String document(String attributes) {
        return """
                {"data": {"id": "%s", "type": "sip_device_routes", "attributes": %s}}""".formatted(ID, attributes);
    }

    private static String quoted(String text) {
        return TestServer.JSON.writeValueAsString(text);
    }

    private static HttpResponse<String> patch(String attributes, String... headers) {
        return server.patch(PATH, document(attributes), headers);
    }

    private static JsonNode attributes(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer).path("data").path("attributes");
    }

    private static String etag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    /** Checks that a request is refused with exactly {@code refusals}, and that it leaves no trace. */
    private static void assertRefused(String body, ExpectedError... refusals) {
        var before = row();
        var answer = server.patch(PATH, body);
        assertThat(ExpectedError.of(answer, body)).containsExactly(refusals);
        assertThat(row()).isEqualTo(before);
        assertThat(audited()).isZero();
    }

    // the attributes

    @Test
    void requireSha256_isChanged_andShownOnlyWhereItIsNamed() {
        var named = PATH + "?fields[sip_device_routes]=allowed_ips,require_sha256";
        assertThat(attributes(server.get(named)).toString())
                .isEqualTo("{\"allowed_ips\":\"\",\"require_sha256\":false}");
        assertThat(attributes(patch("{\"require_sha256\": \"true\"}")).has("require_sha256"))
                .isFalse();
        assertThat(attributes(server.get(PATH)).has("require_sha256")).isFalse();
        assertThat(attributes(patch("{\"allowed_ips\": \"::1\"}"))
                        .path("allowed_ips")
                        .asString())
                .isEqualTo("::1/128");
        assertThat(attributes(server.get(named)).toString())
                .as("what is not given stays")
                .isEqualTo("{\"allowed_ips\":\"::1/128\",\"require_sha256\":true}");
        assertThat(attributes(server.patch(named, document("{\"require_sha256\": false}")))
                        .toString())
                .isEqualTo("{\"allowed_ips\":\"::1/128\",\"require_sha256\":false}");
        assertThat(server.text("SELECT string_agg(changes::text, ' ' ORDER BY id) FROM audit"))
                .isEqualTo("{\"require_sha256\": [false, true]} {\"allowed_ips\": [\"\", \"::1/128\"]}"
                        + " {\"require_sha256\": [true, false]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "\"yes\"", "[]"})
    void requireSha256_ofAnotherKindIsRefused(String json) {
        assertRefused(
                document("{\"require_sha256\": " + json + "}"),
                ExpectedError.invalid("require_sha256", "must be true or false"));
    }

    @Test
    void update_setsBoth() {
        var attributes = attributes(patch("{\"use_allowed_ips\": true, \"allowed_ips\": \"192.0.2.0/24\"}"));
        assertThat(attributes.path("use_allowed_ips").booleanValue()).isTrue();
        assertThat(attributes.path("allowed_ips").asString()).isEqualTo("192.0.2.0/24");
        assertThat(attributes(server.get(PATH))).isEqualTo(attributes);
    }

    @Test
    void update_leavesWhatIsNotGiven() {
        stored(true, "192.0.2.1");
        var used = attributes(patch("{\"use_allowed_ips\": false}"));
        assertThat(used.path("use_allowed_ips").booleanValue()).isFalse();
        assertThat(used.path("allowed_ips").asString()).isEqualTo("192.0.2.1/32");

        stored(true, "192.0.2.1");
        var list = attributes(patch("{\"allowed_ips\": \"::1\"}"));
        assertThat(list.path("use_allowed_ips").booleanValue()).isTrue();
        assertThat(list.path("allowed_ips").asString()).isEqualTo("::1/128");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\": {\"id\": \"" + ID + "\", \"type\": \"sip_device_routes\", \"attributes\": {}}}",
                "{\"data\": {\"id\": \"" + ID + "\", \"type\": \"sip_device_routes\"}}",
                "{\"data\": {\"id\": \"" + ID
                        + "\", \"type\": \"sip_device_routes\", \"attributes\": {}, \"relationships\": {}}}",
            })
    void update_withoutAttributesChangesNothing(String body) {
        stored(true, "192.0.2.1");
        var before = row();
        assertThat(attributes(server.patch(PATH, body)).path("allowed_ips").asString())
                .isEqualTo("192.0.2.1/32");
        assertThat(row()).isEqualTo(before);
        assertThat(audited()).isZero();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
                    true,    true
                    "true",  true
                    false,   false
                    "false", false
                    """)
    void useAllowedIps_isABooleanOrItsName(String json, boolean expected) {
        stored(!expected, "192.0.2.1");
        assertThat(attributes(patch("{\"use_allowed_ips\": " + json + "}"))
                        .path("use_allowed_ips")
                        .booleanValue())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "\"\"", "\"TRUE\"", "\"yes\"", "\" true\"", "1", "0", "[]", "{}", "[true]", "1e999"})
    void useAllowedIps_ofAnotherKindIsRefused(String json) {
        assertRefused(
                document("{\"use_allowed_ips\": " + json + "}"),
                ExpectedError.invalid("use_allowed_ips", "must be true or false"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "[]", "[\"10.0.0.1\"]", "{}", "1.5"})
    void allowedIps_thatIsNoTextIsRefused(String json) {
        assertRefused(
                document("{\"allowed_ips\": " + json + "}"), ExpectedError.invalid("allowed_ips", "must be a string"));
    }

    @ParameterizedTest
    @MethodSource
    void allowedIps_areStoredCanonical(String written, String shown) {
        assertThat(attributes(patch("{\"allowed_ips\": " + quoted(written) + "}"))
                        .path("allowed_ips")
                        .asString())
                .isEqualTo(shown);
        assertThat(attributes(server.get(PATH)).path("allowed_ips").asString()).isEqualTo(shown);
    }

    private static Stream<Arguments> allowedIps_areStoredCanonical() {
        return Stream.of(
                // IPv4
                Arguments.of("127.0.0.1", "127.0.0.1/32"),
                Arguments.of("127.0.0.1/32", "127.0.0.1/32"),
                Arguments.of("10.0.0.0/8", "10.0.0.0/8"),
                Arguments.of("0.0.0.0/0", "0.0.0.0/0"),
                Arguments.of("0.0.0.0", "0.0.0.0/32"),
                Arguments.of("255.255.255.255", "255.255.255.255/32"),
                // IPv6, as RFC 5952 writes it
                Arguments.of("::1", "::1/128"),
                Arguments.of("::", "::/128"),
                Arguments.of("::/0", "::/0"),
                Arguments.of("2001:DB8:0:0:0:0:0:1", "2001:db8::1/128"),
                Arguments.of("2001:0db8::/32", "2001:db8::/32"),
                Arguments.of("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1/128"),
                Arguments.of("2001:0:0:1:0:0:0:1", "2001:0:0:1::1/128"),
                Arguments.of("2001:db8::1:0:0:1", "2001:db8::1:0:0:1/128"),
                Arguments.of("2001:db8::192.0.2.1", "2001:db8::c000:201/128"),
                Arguments.of("::2", "::2/128"),
                Arguments.of("::102:304", "::102:304/128"),
                Arguments.of("::1:0:0/96", "::1:0:0/96"),
                Arguments.of("fe80::/10", "fe80::/10"),
                // IPv4 mapped into IPv6
                Arguments.of("::ffff:10.0.0.1", "10.0.0.1/32"),
                Arguments.of("::FFFF:0a00:0001", "10.0.0.1/32"),
                Arguments.of("::ffff:10.0.0.1/128", "10.0.0.1/32"),
                Arguments.of("::ffff:10.0.0.0/104", "10.0.0.0/8"),
                Arguments.of("::ffff:0:0/96", "0.0.0.0/0"),
                // lists
                Arguments.of("10.0.0.1,::1", "10.0.0.1/32,::1/128"),
                Arguments.of("::1 10.0.0.1", "::1/128,10.0.0.1/32"),
                Arguments.of(" ,10.0.0.1,, \t192.0.2.0/24\r\n,::1 ,", "10.0.0.1/32,192.0.2.0/24,::1/128"),
                Arguments.of("10.0.0.1,10.0.0.1/32 ::ffff:10.0.0.1", "10.0.0.1/32"),
                Arguments.of("10.0.0.0/8,10.0.0.0/9", "10.0.0.0/8,10.0.0.0/9"),
                Arguments.of("", ""),
                Arguments.of(" , ", ""));
    }

    @Test
    void allowedIps_areCanonicalWhenSentBack() {
        for (var list : List.of("::2", "::102:304", "2001:db8::192.0.2.1", "::ffff:10.0.0.1", "64:ff9b::1.2.3.4")) {
            var first = patch("{\"allowed_ips\": \"" + list + "\"}");
            var shown = attributes(first).path("allowed_ips").asString();
            for (var again : List.of(list, shown)) {
                assertThat(etag(patch("{\"allowed_ips\": \"" + again + "\"}")))
                        .as(again)
                        .isEqualTo(etag(first));
            }
        }
    }

    @Test
    void allowedIps_areAtMostAHundred() {
        var hundred = addresses(100);
        assertThat(attributes(patch("{\"allowed_ips\": \"" + String.join(", ", hundred) + "\"}"))
                        .path("allowed_ips")
                        .asString())
                .isEqualTo(hundred.stream().map(entry -> entry + "/32").collect(Collectors.joining(",")));

        settle();
        assertRefused(
                document("{\"allowed_ips\": \"" + String.join(",", addresses(101)) + "\"}"),
                ExpectedError.invalid("allowed_ips", "must have at most 100 entries, and has 101"));
    }

    private static List<String> addresses(int count) {
        return IntStream.range(0, count).mapToObj(i -> "192.0.2." + i).toList();
    }

    @Test
    void allowedIps_manyTimesTheSameAreOne() {
        var list = String.join(",", Collections.nCopies(5000, "192.0.2.1"));
        assertThat(attributes(patch("{\"allowed_ips\": \"" + list + "\"}"))
                        .path("allowed_ips")
                        .asString())
                .isEqualTo("192.0.2.1/32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\" \"", "\",\""})
    void allowedIps_emptyClearsTheList(String json) {
        stored(false, "192.0.2.1,::1");
        assertThat(attributes(patch("{\"allowed_ips\": " + json + "}"))
                        .path("allowed_ips")
                        .asString("?"))
                .isEmpty();
        assertThat(server.text("SELECT cardinality(allowed_ips) FROM sip_accounts WHERE id = '" + ID + "'"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5/24, 10.0.0.0/24",
        "10.0.0.1/31, 10.0.0.0/31",
        "255.255.255.255/0, 0.0.0.0/0",
        "2001:db8::1/64, 2001:db8::/64",
        "::1/127, ::/127",
        "::ffff:10.0.0.5/120, 10.0.0.0/24",
    })
    void allowedIps_withHostBitsAreRefusedWithTheBlockMeant(String entry, String block) {
        assertRefused(
                document("{\"allowed_ips\": \"" + entry + "\"}"),
                ExpectedError.invalid(
                        "allowed_ips", entry + " has bits set behind its prefix: is the block " + block + " meant?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // other notations of numbers
                "010.0.0.1",
                "00.0.0.1",
                "0x0a.0.0.1",
                "0x0a000001",
                "167772161",
                "10.0.0.0b1",
                "٣.0.0.1",
                "１０.0.0.1",
                "10.0.0.٣",
                "::١",
                "::ffff:010.0.0.1",
                // too few and too many parts
                "10",
                "10.1",
                "10.0.1",
                "10.0.0.1.1",
                "10..0.1",
                ".10.0.0.1",
                "10.0.0.1.",
                "10.0.0.256",
                "2001:db8",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1::2::3",
                ":::",
                ":1",
                "12345::",
                "::g",
                "::1.2.3",
                "4)+k&C#VzJ4br>0wv%Yp",
                // ranges, wildcards, masks
                "10.0.0.1-5",
                "10.0.0.1-10.0.0.5",
                "10.0.0.*",
                "10.0.0.%",
                "10.0.0._",
                "2001:db8::*",
                "2001:db8::1-2",
                "*",
                "-",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0/0.255.255.255",
                "2001:db8::/ffff::",
                // zones, ports, names
                "fe80::1%eth0",
                "fe80::1%1",
                "10.0.0.1:5060",
                "[::1]",
                "[::1]:5060",
                "localhost",
                "example.com",
                "sip:10.0.0.1",
                "10.0.0.1;",
                "'10.0.0.1'",
                "\"10.0.0.1\"",
                // prefixes
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "10.0.0.0/8.0",
                "10.0.0.0/٨",
                "10.0.0.0/0x8",
                "10.0.0.0/99999999999",
                "10/8",
                "/8",
                "/",
                "::/129",
                "::/0128",
                "::/2000000000000000000000000000000000000000000000",
                "10.0.0.0/4294967304",
                "::/-1",
                "::/",
                // white space that is none of ours
                "10.0.0.1\u00a0",
                "\u200b10.0.0.1",
                "\ufeff::1",
            })
    void allowedIps_unreadableAreRefusedByName(String entry) {
        assertRefused(
                document("{\"allowed_ips\": " + quoted("192.0.2.1, " + entry + " ::1") + "}"),
                ExpectedError.invalid("allowed_ips", entry + " is not an IP address or a block such as 192.0.2.0/24"));
    }

    @Test
    void allowedIps_unreadableAndLongAreQuotedInPart() {
        assertRefused(
                document("{\"allowed_ips\": \"" + "x".repeat(79) + "\ud83d\ude00x\"}"),
                ExpectedError.invalid(
                        "allowed_ips",
                        "x".repeat(79) + "\ud83d\ude00… is not an IP address or a block such as 192.0.2.0/24"));
        assertRefused(
                document("{\"allowed_ips\": \"" + "x".repeat(5000) + "\"}"),
                ExpectedError.invalid(
                        "allowed_ips", "x".repeat(80) + "… is not an IP address or a block such as 192.0.2.0/24"));
    }

    @Test
    void update_reportsAllProblemsAtOnce() {
        assertRefused(
                document("{\"allowed_ips\": \"10.0.0.5/24 ::1 nonsense\", \"use_allowed_ips\": \"maybe\"}"),
                ExpectedError.invalid("use_allowed_ips", "must be true or false"),
                ExpectedError.invalid(
                        "allowed_ips", "10.0.0.5/24 has bits set behind its prefix: is the block 10.0.0.0/24 meant?"),
                ExpectedError.invalid("allowed_ips", "nonsense is not an IP address or a block such as 192.0.2.0/24"));
    }

    @Test
    void update_thatWouldAdmitNobodyIsRefused() {
        assertRefused(document("{\"use_allowed_ips\": true}"), CLOSED_TO_ALL);
        assertRefused(document("{\"use_allowed_ips\": \"true\", \"allowed_ips\": \"\"}"), CLOSED_TO_ALL);
        assertRefused(document("{\"use_allowed_ips\": true, \"allowed_ips\": null}"), CLOSED_TO_ALL);
        assertRefused(document("{\"use_allowed_ips\": true, \"allowed_ips\": \" , \"}"), CLOSED_TO_ALL);

        stored(true, "192.0.2.1");
        assertRefused(
                document("{\"allowed_ips\": \"\"}"),
                new ExpectedError(
                        422,
                        "100",
                        CLOSED_TO_ALL.title(),
                        CLOSED_TO_ALL.detail(),
                        "pointer /data/attributes/allowed_ips"));
    }

    @Test
    void update_ofAnAccountThatAdmitsNobodyMendsIt() {
        stored(true, "");
        assertThat(attributes(patch("{\"allowed_ips\": \"192.0.2.1\"}"))
                        .path("use_allowed_ips")
                        .booleanValue())
                .isTrue();
        stored(true, "");
        assertThat(attributes(patch("{\"use_allowed_ips\": false}"))
                        .path("use_allowed_ips")
                        .booleanValue())
                .isFalse();
    }

    // what is not allowed

    @ParameterizedTest
    @ValueSource(
            strings = {
                "username",
                "password",
                "incoming_internal",
                "incoming_external",
                "outgoing_internal",
                "outgoing_external",
                "on_demand",
                "caller_id_name",
                "internal_caller_id",
                "external_caller_id",
                "allow_external_calls",
                "is_online",
                "user_agent",
                "customer",
                "id",
                "Allowed_ips",
                "allowed-ips",
                "",
            })
    void update_ofAnythingElseIsRefused(String attribute) {
        assertRefused(
                document("{\"allowed_ips\": \"192.0.2.1\", \"" + attribute + "\": null}"),
                notAllowed(attribute, "/data/attributes/" + attribute));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"0101\"", "\"101\"", "101"})
    void update_ofAnExtensionIsRefusedHoweverItIsWritten(String extension) {
        assertRefused(
                document("{\"internal_caller_id\": " + extension + "}"),
                notAllowed("internal_caller_id", "/data/attributes/internal_caller_id"));
    }

    @Test
    void update_reportsAllThatIsNotAllowed() {
        assertRefused(
                document("{\"password\": \"x\", \"a/b~c\": {}, \"allowed_ips\": \"nonsense\"}"),
                notAllowed("password", "/data/attributes/password"),
                notAllowed("a/b~c", "/data/attributes/a~1b~0c"));
    }

    @Test
    void update_ofARelationshipIsRefused() {
        assertRefused("""
                {"data": {"id": "%s", "type": "sip_device_routes",
                    "relationships": {"customer": {"data": {"type": "customers", "id": "123"}}}}}""".formatted(ID), notAllowed("customer", "/data/relationships/customer"));
    }

    private static ExpectedError notAllowed(String name, String pointer) {
        return ExpectedError.pointer(400, 105, "Param not allowed", name + " is not allowed.", pointer);
    }

    // type and id

    @Test
    void update_withoutAnIdIsRefused() {
        for (var id : List.of("", "\"id\": null,")) {
            assertRefused(
                    "{\"data\": {" + id + " \"type\": \"sip_device_routes\", \"attributes\": {}}}",
                    ExpectedError.pointer(
                            400, 109, "A key is required", "The resource object does not contain a key.", "/data"));
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
                    "0192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b11", 0192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b11
                    "",    ``
                    "123", 123
                    123,   123
                    -1,    -1
                    """)
    void update_withAnotherIdThanTheAddressIsRefused(String json, String id) {
        assertRefused(
                "{\"data\": {\"id\": " + json
                        + ", \"type\": \"sip_device_routes\", \"attributes\": {\"allowed_ips\": \"::1\"}}}",
                ExpectedError.pointer(
                        409, 110, "Key is not included in URL", "The URL does not support the key " + id, "/data/id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "true"})
    void update_withAnIdThatIsNeitherTextNorNumberIsRefused(String json) {
        var body = "{\"data\": {\"id\": " + json + ", \"type\": \"sip_device_routes\", \"attributes\": {}}}";
        assertThat(ExpectedError.of(server.patch(PATH, body), body))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(400);
                    assertThat(refusal.source()).isEqualTo("pointer /data/id");
                });
    }

    @Test
    void update_ofAnotherTypeIsRefused() {
        assertRefused(
                "{\"data\": {\"id\": \"" + ID + "\", \"type\": \"customers\"}}",
                ExpectedError.pointer(
                        409, 101, "Invalid resource", "customers is not a valid resource.", "/data/type"));
        assertRefused(
                "{\"data\": {\"id\": \"" + ID + "\"}}",
                ExpectedError.pointer(
                        400, 106, "Missing Parameter", "The required parameter, type, is missing.", "/data"));
        assertRefused(
                "{\"data\": [{\"id\": \"" + ID + "\", \"type\": \"sip_device_routes\"}]}",
                ExpectedError.pointer(400, 122, "Invalid data format", "Data must be a hash.", "/data"));
    }

    // which account

    @ParameterizedTest
    @ValueSource(strings = {OTHERS, UNKNOWN})
    void account_ofNobodyOrAnotherOperatorIsNotFound(String id) {
        var body = document("{\"use_allowed_ips\": false}").replace(ID, id);
        var before = server.text("SELECT string_agg(a::text, ' ') FROM sip_accounts a");
        assertThat(ExpectedError.of(server.patch("/sip_device_routes/" + id, body), body))
                .containsExactly(ExpectedError.notFound(id));
        assertThat(ExpectedError.of(server.get("/sip_device_routes/" + id)))
                .containsExactly(ExpectedError.notFound(id));
        assertThat(server.text("SELECT string_agg(a::text, ' ') FROM sip_accounts a"))
                .isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "z4wnypvker, z4wnypvker",
        "0192d0c83f6e7c318f5a5d7f1e2a9b10, 0192d0c83f6e7c318f5a5d7f1e2a9b10",
        "192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b10, 192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b10",
        "%7B0192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b10%7D, {0192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b10}",
        "a%20b, a b",
        "a+b, a+b",
        "%C4%85, ą",
        "%2F, /",
        "..%2Fcustomers, ../customers",
        "1%20OR%201=1, 1 OR 1=1",
    })
    void id_ofAWrongFormIsNotFound(String path, String id) {
        assertThat(ExpectedError.of(server.get("/sip_device_routes/" + path)))
                .containsExactly(ExpectedError.notFound(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%ff", "%C0%AF", "%ED%A0%80"})
    void id_thatIsNoTextIsNotFound(String path) throws Exception {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(
                    server.raw("GET " + TestServer.BASE + "/sip_device_routes/" + path + " HTTP/1.1"));
            assertThat(ExpectedError.of(answer, null)).singleElement().satisfies(refusal -> {
                assertThat(refusal.status()).isEqualTo(404);
                assertThat(refusal.code()).isEqualTo("404");
            });
        }
    }

    @Test
    void id_mayBeEncodedInTheAddress() {
        var encoded = ID.replace("-", "%2D").replace("0192", "%30192");
        assertThat(server.get("/sip_device_routes/" + encoded).body())
                .isEqualTo(server.get(PATH).body());
    }

    @Test
    void account_isTheCustomersToMakeAndDelete() {
        var before = row();
        for (var method : List.of("POST", "DELETE", "PUT", "OPTIONS")) {
            var one = server.send(method, PATH, document("{}"));
            assertThat(one.headers().firstValue("Allow")).contains("GET, HEAD, PATCH");
            assertThat(ExpectedError.of(one))
                    .singleElement()
                    .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(405));
            if (!method.equals("PATCH")) {
                var list = server.send(method, "/sip_device_routes", document("{}"));
                assertThat(list.headers().firstValue("Allow")).contains("GET, HEAD");
                assertThat(ExpectedError.of(list))
                        .singleElement()
                        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(405));
            }
        }
        assertThat(server.patch("/sip_device_routes", document("{}")).statusCode())
                .isEqualTo(405);
        assertThat(row()).isEqualTo(before);
    }

    // how it is shown

    @Test
    void update_showsTheFieldsAndTheCustomerAskedFor() {
        var answer = server.patch(
                PATH + "?include=customer&fields[sip_device_routes]=allowed_ips,customer&fields[customers]=name",
                document("{\"allowed_ips\": \"::1\"}"));
        assertThat(answer.body()).isEqualTo("""
                        {"data":{"id":"%1$s","type":"sip_device_routes",\
                        "links":{"self":"%2$s/sip_device_routes/%1$s"},"attributes":{"allowed_ips":"::1/128"},\
                        "relationships":{"customer":{"data":{"type":"customers","id":"123"}}}},\
                        "included":[{"id":"123","type":"customers","links":{"self":"%2$s/customers/123"},\
                        "attributes":{"name":"Customer 123"}}]}""".formatted(ID, server.url() + TestServer.BASE));
    }

    @Test
    void update_withABadParameterIsRefusedAndChangesNothing() {
        var before = row();
        for (var query :
                List.of("include=nobody", "fields[sip_device_routes]=nothing", "sort=id", "page[size]=1", "x=1")) {
            assertThat(ExpectedError.of(server.patch(PATH + "?" + query, document("{\"allowed_ips\": \"::1\"}"))))
                    .allSatisfy(refusal -> assertThat(refusal.status()).isEqualTo(400));
        }
        assertThat(row()).isEqualTo(before);
    }

    @Test
    void one_isAnsweredToHeadWithoutABody() {
        var get = server.get(PATH);
        var head = server.send("HEAD", PATH, null);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("ETag")).isEqualTo(get.headers().firstValue("ETag"));
        assertThat(head.headers().firstValue("Content-Length"))
                .contains(Integer.toString(get.body().length()));
        assertThat(head.headers().firstValue("Content-Type")).contains(TestServer.JSON_API);
    }

    // entity tags

    @Test
    void etag_isStrongAndTheSameForTheSameDocument() {
        var etag = etag(server.get(PATH));
        assertThat(etag).matches("\"[\\x21\\x23-\\x7e]+\"");
        assertThat(etag(server.get(PATH))).isEqualTo(etag);
    }

    @Test
    void etag_ofAnUpdateIsTheOneOfTheNextGet() {
        var changed = patch("{\"allowed_ips\": \"::1\"}");
        assertThat(etag(server.get(PATH))).isEqualTo(etag(changed));
    }

    @Test
    void etag_changesWithTheDocument() {
        var before = etag(server.get(PATH));
        assertThat(etag(patch("{\"allowed_ips\": \"::1\"}"))).isNotEqualTo(before);
        assertThat(etag(patch("{\"allowed_ips\": \"\"}"))).isNotEqualTo(before);
    }

    @Test
    void etag_staysWhenNothingChanges() {
        stored(true, "192.0.2.1");
        var before = etag(server.get(PATH));
        for (var attributes : List.of(
                "{}",
                "{\"use_allowed_ips\": true}",
                "{\"allowed_ips\": \"192.0.2.1\"}",
                "{\"use_allowed_ips\": \"true\", \"allowed_ips\": \" ::ffff:192.0.2.1/128,\"}")) {
            assertThat(etag(patch(attributes))).isEqualTo(before);
        }
        assertThat(audited()).isZero();
    }

    @Test
    void etag_differsByFieldsAndInclusion() {
        assertThat(Stream.of("", "?fields[sip_device_routes]=username", "?include=customer")
                        .map(query -> etag(server.get(PATH + query))))
                .doesNotHaveDuplicates();
    }

    @Test
    void ifMatch_ofThePresentStateLetsTheChangeThrough() {
        var etag = etag(server.get(PATH));
        assertThat(patch("{\"allowed_ips\": \"192.0.2.1\"}", "If-Match", etag).statusCode())
                .isEqualTo(200);
        var next = etag(server.get(PATH));
        assertThat(patch("{\"allowed_ips\": \"192.0.2.2\"}", "If-Match", etag + ", \"other\" ," + next)
                        .statusCode())
                .isEqualTo(200);
        assertThat(patch("{\"allowed_ips\": \"192.0.2.3\"}", "If-Match", "*").statusCode())
                .isEqualTo(200);
    }

    @Test
    void ifMatch_ofAnyViewOfThePresentStateLetsTheChangeThrough() {
        var etag = etag(server.get(PATH + "?fields[sip_device_routes]=username"));
        online("phone");
        assertThat(patch("{\"allowed_ips\": \"192.0.2.1\"}", "If-Match", etag).statusCode())
                .isEqualTo(200);
    }

    @Test
    void ifMatch_ofAnEarlierStateRefuses() {
        var etag = etag(server.get(PATH));
        patch("{\"allowed_ips\": \"192.0.2.1\"}");
        server.database().run("DELETE FROM audit");
        var before = row();
        for (var tags : List.of(etag, "W/" + etag, "\"other\"", "\"\"", "nonsense", "W/" + etag(server.get(PATH)))) {
            var body = document("{\"allowed_ips\": \"192.0.2.2\"}");
            assertThat(ExpectedError.of(server.patch(PATH, body, "If-Match", tags), body))
                    .as(tags)
                    .singleElement()
                    .satisfies(refusal -> {
                        assertThat(refusal.status()).isEqualTo(412);
                        assertThat(refusal.code()).isEqualTo("412");
                        assertThat(refusal.source()).isEqualTo("header If-Match");
                    });
        }
        assertThat(row()).isEqualTo(before);
        assertThat(audited()).isZero();
    }

    @Test
    void ifMatch_ofTheStateBeforeADeletedAndRemadeAccountRefuses() {
        var id = "0192d0c8-3f6e-7c31-8f5a-5d7f1e2a9b20";
        server.account("test", TestServer.plain(id, "123", "again"));
        var etag = etag(server.get("/sip_device_routes/" + id));
        assertThat(server.accounts().delete(server.operatorId("test"), UUID.fromString(id), TestServer.TEST))
                .isTrue();
        server.account("test", TestServer.plain(id, "123", "again"));
        assertThat(server.patch(
                                "/sip_device_routes/" + id,
                                document("{\"allowed_ips\": \"::1\"}").replace(ID, id),
                                "If-Match",
                                etag)
                        .statusCode())
                .isEqualTo(412);
    }

    @Test
    void ifNoneMatch_ofThePresentDocumentIsNotModified() {
        var etag = etag(server.get(PATH));
        for (var tags : List.of(etag, "W/" + etag, "\"other\", " + etag, "*")) {
            var answer = server.get(PATH, "If-None-Match", tags);
            assertThat(answer.statusCode()).as(tags).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(etag(answer)).isEqualTo(etag);
            assertThat(answer.headers().firstValue("Vary")).contains("Accept, Accept-Encoding");
        }
        assertThat(server.send("HEAD", PATH, null, "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        assertThat(server.get(PATH, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void ifNoneMatch_isOutOfDateWhenAPhoneComesAndGoes() {
        var offline = etag(server.get(PATH));
        online("Desk phone 1.0");
        var online = server.get(PATH, "If-None-Match", offline);
        assertThat(online.statusCode()).isEqualTo(200);
        assertThat(attributes(online).path("is_online").booleanValue()).isTrue();
        assertThat(attributes(online).path("user_agent").asString()).isEqualTo("Desk phone 1.0");
        assertThat(server.get(PATH, "If-None-Match", etag(online)).statusCode()).isEqualTo(304);

        server.database().run("UPDATE bindings SET expires_at = now() - interval '1 second'");
        var gone = server.get(PATH, "If-None-Match", etag(online));
        assertThat(gone.statusCode()).isEqualTo(200);
        assertThat(attributes(gone).path("user_agent").isNull()).isTrue();
        assertThat(etag(gone)).isEqualTo(offline);
    }

    private static void online(String userAgent) {
        server.database().run("""
                        INSERT INTO bindings (account_id, contact, user_agent, expires_at)
                        VALUES ('%s', 'sip:z4wnypvker@192.0.2.1', '%s', now() + interval '1 hour')
                        """.formatted(ID, userAgent));
    }

    // the audit

    @Test
    void update_isAudited() {
        var answer = patch("{\"use_allowed_ips\": true, \"allowed_ips\": \"::1\"}");
        assertThat(server.text("""
                        SELECT concat_ws(' ', operator_id, actor, host(source), request_id, action, type, subject)
                        FROM audit"""))
                .isEqualTo(server.operatorId("test") + " username 127.0.0.1 "
                        + answer.headers().firstValue("X-Request-Id").orElseThrow() + " update sip_device_routes "
                        + ID);
        assertThat(TestServer.JSON.readTree(server.text("SELECT changes FROM audit")))
                .isEqualTo(TestServer.JSON.readTree(
                        "{\"use_allowed_ips\": [false, true], \"allowed_ips\": [\"\", \"::1/128\"]}"));
        assertThat(server.text("SELECT string_agg(a::text, ' ') FROM audit a"))
                .doesNotContain("correct-horse-battery")
                .doesNotContain("password");
        // one and the same transaction
        assertThat(server.text("SELECT xmin FROM audit"))
                .isEqualTo(server.text("SELECT xmin FROM sip_accounts WHERE id = '" + ID + "'"));
    }

    @Test
    void update_thatChangesOneAttributeIsAuditedForThatAlone() {
        stored(true, "::1");
        patch("{\"use_allowed_ips\": true, \"allowed_ips\": \"::1 ::2\"}");
        assertThat(TestServer.JSON.readTree(server.text("SELECT changes FROM audit")))
                .isEqualTo(TestServer.JSON.readTree("{\"allowed_ips\": [\"::1/128\", \"::1/128,::2/128\"]}"));
    }

    @Test
    void updates_atTheSameTimeWithTheSameTagLetOneThrough() throws Exception {
        var etag = etag(server.get(PATH));
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = executor.invokeAll(IntStream.range(0, 20)
                    .mapToObj(i -> (Callable<Integer>)
                            () -> patch("{\"allowed_ips\": \"192.0.2." + i + "\"}", "If-Match", etag)
                                    .statusCode())
                    .toList());
            var statuses = new ArrayList<Integer>();
            for (var answer : answers) {
                statuses.add(answer.get());
            }
            assertThat(statuses).containsOnly(200, 412).containsOnlyOnce(200);
        }
        assertThat(audited()).isEqualTo(1);
    }
}
