package io.seatline.portal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.PhoneSecret;
import io.seatline.audit.Actor;
import io.seatline.demo.Demo;
import io.seatline.support.Await;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.PortalClient;
import io.seatline.support.TestServer;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of an account on the wire: what comes of forms that none of our pages would send. */
@Tag("slow")
final class AccountFormWireTest {
    private static final int MAX = 64 * 1024;
    private static final String MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
    private static final Pattern MADE_FROM = Pattern.compile("name=\"made_from\" value=\"([^\"]*)\"");

    @SuppressWarnings("NullAway.Init")
    private static TestServer server;

    /** A customer of its own for each test, and its browser. */
    private final String customer = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        server = TestServer.withDemo();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private PortalClient enter() {
        server.customer("demo", customer, 5L);
        return PortalClient.enter(server, customer);
    }

    private String account() {
        var id = UUID.randomUUID().toString();
        var _ = server.account("demo", TestServer.plain(id, customer, "u" + id));
        return id;
    }

    private static String row(String account) {
        return server.text("SELECT a::text FROM sip_accounts a WHERE id = '" + account + "'");
    }

    /** Everything that the customer has. */
    private String everything() {
        return server.text("SELECT string_agg(a::text, '|' ORDER BY id) FROM sip_accounts a WHERE customer_id = '"
                + customer + "'");
    }

    private long accounts() {
        return server.database().number("SELECT count(*) FROM sip_accounts WHERE customer_id = '" + customer + "'");
    }

    /** The form of a new account, with some fields of another kind. */
    private static Map<String, String> form(String... namesAndValues) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("username", "n" + UUID.randomUUID());
        fields.put("password", "long-enough-it-is");
        for (var i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String... namesAndValues) {
        return encoded(IntStream.range(0, namesAndValues.length / 2)
                .boxed()
                .collect(Collectors.toMap(i -> namesAndValues[2 * i], i -> namesAndValues[2 * i + 1])));
    }

    private static String madeFrom(HttpResponse<String> page) {
        var found = MADE_FROM.matcher(page.body());
        assertThat(found.find()).isTrue();
        return found.group(1).replace("&#34;", "\"").replace("&lt;", "<").replace("&amp;", "&");
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    // too much

    @Test
    void form_ofMoreThan64Kilobytes_isTooMuch() {
        var client = enter();
        var token = client.token();
        var start = encoded(form()) + "&more=";
        var room = MAX - ("_session=" + token + "&" + start).length();
        for (var path : new String[] {"/accounts", "/accounts/" + account()}) {
            var before = everything();
            var answer = client.postWith(token, path, start + "x".repeat(room + 1));
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(answer.body()).contains("<h1>That is too much</h1>");
            assertThat(everything()).isEqualTo(before);
        }
        assertThat(location(client.postWith(token, "/accounts", start + "x".repeat(room))))
                .endsWith("?done=created");
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                Arguments.of("username", "x".repeat(27) + UUID.randomUUID() + ".", "y".repeat(65)),
                Arguments.of("password", "x".repeat(12), "x".repeat(11)),
                Arguments.of("password", "x".repeat(32), "x".repeat(33)),
                Arguments.of("caller_id_name", "ž".repeat(128), "ž".repeat(129)),
                Arguments.of("caller_id_name", "\ud83d\udc4d\ud83c\udffd".repeat(128), "e\u0301".repeat(129)),
                Arguments.of("caller_id_name", "e" + "\u0301".repeat(1023), "e" + "\u0301".repeat(1024)),
                Arguments.of("internal_caller_id", "9999999999", "10000000000"),
                Arguments.of("internal_caller_id", "0", "00"),
                Arguments.of("internal_caller_id", " 101 ", "0101"),
                Arguments.of("external_caller_id", "999999999999999", "1000000000000000"),
                Arguments.of("external_caller_id", "1", "9".repeat(1000)),
                Arguments.of("allowed_ips", addresses(100), addresses(101)),
                Arguments.of("allowed_ips", "2001:db8::/32", "x".repeat(60_000)),
                Arguments.of("username", "a" + UUID.randomUUID(), "x".repeat(60_000)));
    }

    private static String addresses(int many) {
        return IntStream.rangeClosed(1, many).mapToObj(i -> "192.0.2." + i).collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void field_overItsLimit_isSaidBesideIt_andWhatWasTypedStays(String name, String most, String tooMuch) {
        var client = enter();
        for (var path : new String[] {"/accounts", "/accounts/" + account()}) {
            var before = everything();
            var answer = client.post(
                    path,
                    encoded(form(
                            name, tooMuch, "made_from", path.equals("/accounts") ? "" : madeFrom(client.get(path)))));
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body())
                    .contains(
                            "<a href=\"#" + name + "\">",
                            tooMuch,
                            name.equals("password") ? tooMuch : "value=\"long-enough-it-is\"")
                    .containsPattern("id=\"" + name + "\"[^>]*aria-invalid=\"true\"");
            assertThat(everything()).isEqualTo(before);
        }
        assertThat(location(client.post("/accounts", encoded(form(name, most)))))
                .endsWith("?done=created");
        assertThat(accounts()).isEqualTo(2);
    }

    /**
     * A zero in front that was dropped, or digits that were taken for others, would be another extension than the one
     * meant.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0101",
                "00",
                "-1",
                "+101",
                "1e2",
                "101.0",
                "0x65",
                "10 1",
                "\uff11\uff10\uff11",
                "\u0661\u0660\u0661"
            })
    void numberWrittenOtherwise_isRefusedInClearWords(String number) {
        var client = enter();
        for (var words : new String[][] {
            {"internal_caller_id", "An extension has up to 10 digits, nothing else, and no 0 in front."},
            {"external_caller_id", "An outside number has up to 15 digits, nothing else, and no 0 in front"}
        }) {
            var answer = client.post("/accounts", encoded(form(words[0], number)));
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains(words[1], "value=\"" + number + "\"");
        }
        assertThat(accounts()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\u200b", "\ufeff\u2060 \u00ad", "\u3164", "\u2800\ufe0f"})
    void nameOfInvisibleCharacters_isNone(String name) {
        var client = enter();
        location(client.post("/accounts", encoded(form("caller_id_name", name))));
        assertThat(server.database()
                        .number("SELECT count(*) FROM sip_accounts WHERE customer_id = '" + customer
                                + "' AND caller_id_name IS NULL"))
                .isEqualTo(1);
    }

    // what does not belong there

    @Test
    void fields_thatTheFormDoesNotHave_changeNothing() {
        var client = enter();
        server.customer("demo", customer + "-2", 5L);
        var own = account();
        var more = encoded(
                "id", UUID.randomUUID().toString(),
                "customer_id", customer + "-2",
                "operator_id", "1",
                "version", "1",
                "is_online", "true",
                "sip_account_limit", "99",
                "created_at", "1999-01-01",
                "nonsense[]", "x");
        var created = location(client.post("/accounts", encoded(form()) + "&" + more));
        assertThat(more).doesNotContain(created.substring("/accounts/".length(), created.indexOf('?')));
        assertThat(accounts()).isEqualTo(2);

        var rest = "SELECT (to_jsonb(a) - 'caller_id_name' - 'version' - 'updated_at')::text FROM sip_accounts a"
                + " WHERE id = '" + own + "'";
        var before = server.text(rest);
        var path = "/accounts/" + own;
        location(client.post(
                path,
                encoded("username", "u" + own, "caller_id_name", "Changed", "made_from", madeFrom(client.get(path)))
                        + "&" + more));
        assertThat(row(own)).contains("Changed");
        assertThat(server.text(rest)).isEqualTo(before);
    }

    @Test
    void markup_isShownAsText() {
        var client = enter();
        var id = account();
        var path = "/accounts/" + id;
        for (var name : new String[] {
            "username", "password", "caller_id_name", "internal_caller_id", "external_caller_id", "allowed_ips"
        }) {
            var typed = form("username", "two words", name, MARKUP);
            harmless(client.post("/accounts", encoded(typed)), 422);
            typed.put("made_from", madeFrom(client.get(path)));
            harmless(client.post(path, encoded(typed)), 422);
            typed.put("made_from", "version=" + URLEncoder.encode(MARKUP, UTF_8));
            harmless(client.post(path, encoded(typed)), 409);
            for (var help : new String[] {"/addresses", "/generate", "/password"}) {
                typed.put("what", name.equals("username") ? "password" : "username");
                var answer = client.post(path + help, encoded(typed));
                if (!help.equals("/generate") || !name.equals("username")) {
                    harmless(answer, 200);
                }
            }
        }
        harmless(client.post(path + "/password", encoded("username", "x", "made_from", MARKUP)), 200);
        harmless(client.post(path + "/addresses", encoded("take", MARKUP, "allowed_ips", MARKUP)), 200);
        harmless(client.get("/accounts?q=" + URLEncoder.encode(MARKUP, UTF_8)), 200);

        location(client.post(
                path,
                encoded("username", "u" + id, "caller_id_name", MARKUP, "made_from", madeFrom(client.get(path)))));
        for (var page :
                new String[] {"/accounts", path, path + "/delete", path + "/connect", path + "/registrations"}) {
            harmless(client.get(page), 200);
        }
        assertThat(client.get(path + "?done=" + URLEncoder.encode(MARKUP, UTF_8))
                        .body())
                .doesNotContain("<p class=\"note\"");
    }

    private static void harmless(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("&lt;script").doesNotContain("<script>alert", "<img src=x", "\"'>", "'\">");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=%",
                "=%4",
                "=%zz",
                "=%00",
                "=\0",
                "=a%00b",
                "=%ff",
                "=\u00ff",
                "=%c0%af",
                "=%ed%a0%80",
                "=%f4%90%80%80",
                "=a&caller_id_name=b",
                "=a&caller_id_name=a",
                "=a&caller%5Fid%5Fname=b",
                "=a&%ff=b",
                "=a&_session=x"
            })
    void form_thatCantBeRead_isRefused(String broken) {
        var client = enter();
        var id = account();
        var path = "/accounts/" + id;
        var before = everything();
        var settings = encoded("username", "u" + id, "made_from", madeFrom(client.get(path)));
        for (var answer : new HttpResponse<?>[] {
            client.post("/accounts", encoded(form()) + "&caller_id_name" + broken),
            client.post(path, settings + "&caller_id_name" + broken),
            client.post(path + "/delete", settings + "&caller_id_name" + broken),
            client.post(path + "/password", "show=yes&caller_id_name" + broken),
            client.post("/language", "language=LT&caller_id_name" + broken)
        }) {
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body().toString())
                    .contains("<h1>The request can&#39;t be read</h1>".replace("&#39;", "'"))
                    .doesNotContain("correct-horse-battery");
        }
        assertThat(everything()).isEqualTo(before);
    }

    // what the form was made from

    @Test
    void settings_whoseOriginIsNotTheAccounts_overwriteNothing() {
        var client = enter();
        var id = account();
        var path = "/accounts/" + id;
        var other = madeFrom(client.get("/accounts/" + account()));
        var old = madeFrom(client.get(path));
        var staff = PortalClient.enterAsStaff(server, customer);
        location(staff.post(
                path,
                encoded(
                                "username", "u" + id,
                                "password", "changed-by-somebody",
                                "caller_id_name", "Theirs")
                        + "&made_from=" + URLEncoder.encode(madeFrom(staff.get(path)), UTF_8)));
        var before = row(id);
        for (var origin : new String[] {
            "",
            "junk",
            "version=",
            "version=-1&username=x",
            "version=99999999999999999999999999",
            "version=1&allowed_ips=" + "%2C".repeat(5000),
            other,
            old,
            old.replaceFirst("version=[^&]*&", ""),
            old.replaceFirst("password_mark=[^&]*", "password_mark=00000000")
        }) {
            var typed = Map.of("username", "u" + id, "caller_id_name", "Mine", "made_from", origin);
            var answer = client.post(path, encoded(typed));
            assertThat(answer.statusCode()).as(origin).isEqualTo(409);
            assertThat(answer.body()).contains("Theirs", "value=\"Mine\"").doesNotContain("changed-by-somebody");
            assertThat(client.post(path + "/delete", encoded("made_from", origin))
                            .statusCode())
                    .as(origin)
                    .isEqualTo(409);
            assertThat(row(id)).isEqualTo(before);
        }
        for (var origin : new String[] {"%", "version=%ff", "version=1&version=2", "username=%00"}) {
            var answer = client.post(path, encoded("username", "u" + id, "made_from", origin));
            assertThat(answer.statusCode()).as(origin).isEqualTo(400);
            assertThat(row(id)).isEqualTo(before);
        }
        // and who has seen what the other did may overwrite it
        var seen = client.post(path, encoded("username", "u" + id, "caller_id_name", "Mine"));
        assertThat(location(client.post(
                        path, encoded("username", "u" + id, "caller_id_name", "Mine", "made_from", madeFrom(seen)))))
                .isEqualTo(path + "?done=saved");
        assertThat(row(id)).contains("Mine");
    }

    // where to after the language was chosen

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "///evil.example",
                "https://evil.example",
                "https:evil.example",
                "HTTPS:/\\evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "\\/evil.example",
                "/\t/evil.example",
                "/\r\n/evil.example",
                "/accounts\r\nLocation: https://evil.example",
                "/accounts\nSet-Cookie: evil=1",
                "/accounts\u0085evil",
                "/\u2044evil.example",
                "javascript:alert(1)",
                "@evil.example",
                "accounts",
                ""
            })
    void language_leadsNowhereElse(String back) {
        var answer = enter().post("/language", encoded("language", "LT", "back", back));
        assertThat(location(answer)).isEqualTo("/");
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
    }

    @Test
    void language_leadsBack() {
        assertThat(location(
                        enter().post("/language", encoded("language", "LT", "back", "/accounts?q=a%2F%2Fb&page=2"))))
                .isEqualTo("/accounts?q=a%2F%2Fb&page=2");
        assertThat(server.text("SELECT language FROM customers WHERE id = '" + customer + "'"))
                .isEqualTo("LT");
    }

    // the last seat

    @Test
    void form_thatWasOpenWhenTheLastSeatWent_isShownAgain() {
        var client = enter();
        assertThat(client.get("/accounts/new").body()).doesNotContain("id=\"locked\"");
        IntStream.range(0, 5).forEach(i -> account());
        var before = everything();
        var answer = client.post(
                "/accounts", encoded(form("caller_id_name", "Kept", "allowed_ips", "192.0.2.1", "on_demand", "on")));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body())
                .contains(
                        "The limit is reached: 5 of 5", "value=\"Kept\"", "value=\"long-enough-it-is\"", "\n192.0.2.1<")
                .containsPattern("id=\"on_demand\" name=\"on_demand\" checked")
                .containsPattern("id=\"save\" disabled");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void lastSeat_askedForTwentyTimesAtOnce_isGivenOnce() throws Exception {
        var client = enter();
        IntStream.range(0, 4).forEach(i -> account());
        var token = client.token();
        try (var browsers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = browsers
                    .invokeAll(IntStream.range(0, 20)
                            .mapToObj(i -> (java.util.concurrent.Callable<Integer>)
                                    () -> client.postWith(token, "/accounts", encoded(form()))
                                            .statusCode())
                            .toList())
                    .stream()
                    .map(answer -> answer.resultNow())
                    .toList();
            assertThat(answers).hasSize(20).containsOnly(303, 409).containsOnlyOnce(303);
        }
        assertThat(accounts()).isEqualTo(5);
    }

    // MD5

    @Test
    void requireSha256_isOffUntilItIsChecked_andOffAgainWhenItIsNot() {
        var client = enter();
        assertThat(location(client.post("/accounts", encoded(form("require_sha256", "on")))))
                .endsWith("?done=created");
        assertThat(server.text("SELECT require_sha256 FROM sip_accounts WHERE customer_id = '" + customer + "'"))
                .isEqualTo("t");
        var path = "/accounts/" + account();
        var fresh = client.get(path);
        assertThat(fresh.body()).containsPattern("id=\"require_sha256\" name=\"require_sha256\" aria");
        for (var on : new boolean[] {true, false}) {
            var typed =
                    form("username", "u" + path.substring(10), "password", "", "made_from", madeFrom(client.get(path)));
            if (on) {
                typed.put("require_sha256", "on");
            }
            assertThat(location(client.post(path, encoded(typed)))).isEqualTo(path + "?done=saved");
            assertThat(client.get(path).body().contains("name=\"require_sha256\" checked"))
                    .isEqualTo(on);
        }
    }

    // passwords

    @Test
    void passwordFromBeforeTodaysRule_staysUntilAnotherIsTyped() {
        var client = PortalClient.enterAsStaff(server, "123");
        var path = "/accounts/" + Demo.ACCOUNT;
        var typed = form(
                "username", "z4wnypvker",
                "password", "",
                "caller_id_name", "Hello",
                "use_allowed_ips", "on",
                "allowed_ips", "127.0.0.1",
                "made_from", madeFrom(client.get(path)));
        assertThat(location(client.post(path, encoded(typed)))).isEqualTo(path + "?done=saved");
        assertThat(client.post(path + "/password", "show=yes").body())
                .contains("<code id=\"present-password\">08hxobdp5z</code>");
        typed.put("made_from", madeFrom(client.get(path)));
        typed.put("password", "0123456789");
        assertThat(client.post(path, encoded(typed)).statusCode()).isEqualTo(422);
        assertThat(client.post(path + "/password", "show=yes").body()).contains("08hxobdp5z");
    }

    @Test
    void password_isShownToNobodyWhoDoesNotAsk_andNeverKept() {
        var client = enter();
        var path = "/accounts/" + account();
        for (var place : new String[] {"/password", "/connect/password", "/generate", "/addresses"}) {
            var read = client.get(path + place + "?show=yes");
            assertThat(read.statusCode()).isEqualTo(404);
            assertThat(read.body()).doesNotContain("correct-horse-battery");
            var answer = client.post(path + place + "?show=yes", "what=username", "HX-Request", "true");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            if (!place.equals("/connect/password")) {
                assertThat(answer.body()).doesNotContain("correct-horse-battery");
            }
        }
        for (var place : new String[] {"/password", "/connect/password"}) {
            for (var headers : new String[][] {{}, {"HX-Request", "true"}}) {
                var shown = client.post(path + place, "show=yes", headers);
                assertThat(shown.body()).contains("correct-horse-battery");
                assertThat(shown.headers().firstValue("Cache-Control")).contains("no-store");
            }
        }
    }

    /** An account that came from another server with a hash of its password. */
    @Test
    void passwordThatIsNotKnown_isSaidSo_andKeepsTheUsername_untilANewOneIsTyped() {
        var client = enter();
        var id = account();
        try (var accounts = server.accounts()) {
            var _ = accounts.update(
                    server.operatorId("demo"),
                    UUID.fromString(id),
                    false,
                    Actor.commandLine(),
                    before -> before.settings()
                            .withSecret(PhoneSecret.Ha1.of("u" + id, "old.example", PhoneAccount.PASSWORD)));
        }
        var path = "/accounts/" + id;
        var page = client.get(path);
        assertThat(page.body()).contains("good for the realm “old.example”").doesNotContain("show-password");
        assertThat(client.post(path + "/password", "show=yes").body()).contains("good for the realm “old.example”");
        for (var connect : List.of(
                client.get(path + "/connect"),
                client.post(path + "/connect/password", "show=yes"),
                client.post(path + "/connect", ""))) {
            assertThat(connect.statusCode()).isEqualTo(200);
            assertThat(connect.body())
                    .contains("good for the realm “old.example”", "A code needs the password")
                    .doesNotContain("/provision?token=");
        }

        var typed = form("username", "u" + id, "password", "", "caller_id_name", "Kept", "made_from", madeFrom(page));
        assertThat(location(client.post(path, encoded(typed)))).isEqualTo(path + "?done=saved");
        typed.put("made_from", madeFrom(client.get(path)));
        typed.put("username", "renamed" + id);
        var refused = client.post(path, encoded(typed));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("The username can change only together with the password");
        typed.put("password", "another-horse-battery");
        assertThat(location(client.post(path, encoded(typed)))).startsWith(path + "?done=saved");
        assertThat(client.post(path + "/password", "show=yes").body()).contains("another-horse-battery");
    }

    // the end

    @Test
    void deletion_saysHowManyPhonesGo_andEndsTheirRegistrations() {
        var client = enter();
        var id = account();
        var path = "/accounts/" + id + "/delete";
        try (var one = Phone.at(server, "u" + id, PhoneAccount.PASSWORD);
                var two = Phone.at(server, "u" + id, PhoneAccount.PASSWORD)) {
            assertThat(one.registers().status()).isEqualTo(200);
            assertThat(two.registers().status()).isEqualTo(200);
            var asked = client.get(path);
            assertThat(asked.body()).contains("current registrations of phones: 2", "Phone of the tests · 127.0.0.1");
            assertThat(location(client.post(path, encoded("made_from", madeFrom(asked)))))
                    .isEqualTo("/accounts?done=deleted");
            assertThat(row(id)).isEmpty();
            assertThat(server.database().number("SELECT count(*) FROM bindings WHERE account_id = '" + id + "'"))
                    .isZero();
            Await.until(() -> one.registers().status() != 200);
            assertThat(client.post(path, encoded("made_from", madeFrom(asked))).statusCode())
                    .isEqualTo(404);
        }
    }
}
