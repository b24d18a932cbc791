package io.seatline.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Await;
import io.seatline.support.ExpectedError;
import io.seatline.support.RawConnection;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links into a customer's web interface, and the sessions they open. */
final class SessionsTest {
    private static final String CUSTOMER_POINTER = "/data/relationships/customer";

    private static TestServer server;

    /** Known by a name with https, its links good for a second. */
    private static TestServer brief;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.operator("other", "other", "password");
        brief = TestServer.empty(Map.of("public.url", "https://pbx.example.com", "link.lifetime", "5s"));
        brief.customer("test", "123", null);
    }

    @AfterAll
    static void stop() {
        server.close();
        brief.close();
    }

    @BeforeEach
    void settle() {
        server.customer("test", "123", null);
        server.customer("test", "124", null);
        server.customer("other", "123", null);
        server.customer("other", "theirs", null);
        server.database().run("DELETE FROM audit");
    }

    @AfterEach
    void clear() {
        server.database().run("DELETE FROM customers");
    }

    private static String document(String type, String relationships) {
        return "{\"data\": {\"type\": \"" + type + "\", \"relationships\": " + relationships + "}}";
    }

    private static HttpResponse<String> begin(TestServer server, String type, String customer) {
        return server.post(
                "/" + type,
                document(type, "{\"customer\": {\"data\": {\"type\": \"customers\", \"id\": \"" + customer + "\"}}}"));
    }

    /** A new link for a customer. */
    private static String link(String type, String customer) {
        return link(begin(server, type, customer));
    }

    private static String link(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return TestServer.json(answer).at("/data/attributes/uri").asString();
    }

    private static String token(String link) {
        return link.substring(link.indexOf("token=") + "token=".length());
    }

    /** A new link of the server whose public address leads nowhere. */
    private static String briefLink() throws IOException {
        var body = document("sessions", "{\"customer\": {\"data\": {\"type\": \"customers\", \"id\": \"123\"}}}");
        try (var connection = new RawConnection(brief.port())) {
            var answer = connection.exchange(
                    brief.raw("POST " + TestServer.BASE + "/sessions HTTP/1.1", "Content-Length: " + body.length())
                            + body);
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            return TestServer.JSON
                    .readTree(answer.body())
                    .at("/data/attributes/uri")
                    .asString();
        }
    }

    /** Goes where a browser goes, without the API's headers. */
    private static HttpResponse<String> browse(String address, String... headers) {
        var all = new ArrayList<>(List.of("Authorization", "", "Content-Type", ""));
        all.addAll(List.of(headers));
        return server.sendTo(URI.create(address), "GET", null, all.toArray(String[]::new));
    }

    private static HttpResponse<String> browseWithToken(String token) {
        return browse(server.url() + TestServer.BASE + "/auth?token=" + token);
    }

    /** The cookie that a link is exchanged for, as a browser sends it back. */
    private static String enter(String link) {
        var answer = browse(link);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static HttpResponse<String> home(String cookie, String... headers) {
        var all = new ArrayList<>(List.of("Cookie", cookie));
        all.addAll(List.of(headers));
        return browse(server.url() + "/accounts", all.toArray(String[]::new));
    }

    private static void assertEnded(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(answer.body())
                .contains("<html lang=\"en\">")
                .contains("<h1>This link no longer works</h1>")
                .contains("Ask for a new link where you found this one.");
    }

    private static void assertPage(HttpResponse<String> answer, int status, String text) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'");
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.body()).contains(text);
    }

    // the link

    @ParameterizedTest
    @ValueSource(strings = {"sessions", "customer_admin_sessions"})
    void begin_answersWithALink(String type) {
        var answer = begin(server, type, "123");
        assertThat(answer.headers().firstValue("Content-Type")).contains(TestServer.JSON_API);
        var link = link(answer);
        assertThat(link).startsWith(server.url() + TestServer.BASE + "/auth?token=");
        assertThat(answer.body())
                .isEqualTo(
                        "{\"data\":{\"id\":\"123\",\"type\":\"sessions\",\"attributes\":{\"uri\":\"" + link + "\"}}}");
    }

    @Test
    void begin_takesANumberAsTheCustomersId() {
        var answer = server.post(
                "/sessions",
                document("sessions", "{\"customer\": {\"data\": {\"type\": \"customers\", \"id\": 123}}}"));
        assertThat(link(answer)).isNotEmpty();
        assertThat(TestServer.json(answer).at("/data/id").asString()).isEqualTo("123");
    }

    @Test
    void token_isAJwtOfTheCustomerThatExpiresInAnHour() throws GeneralSecurityException {
        var before = Instant.now();
        var parts = List.of(token(link("sessions", "123")).split("\\.", -1));
        assertThat(parts).hasSize(3);
        assertThat(TestServer.JSON
                        .readTree(Base64.getUrlDecoder().decode(parts.getFirst()))
                        .path("alg")
                        .asString())
                .isEqualTo("HS256");
        var claims = TestServer.JSON.readTree(Base64.getUrlDecoder().decode(parts.get(1)));
        assertThat(claims.path("sub").asString()).isEqualTo("123");
        assertThat(claims.path("exp").isIntegralNumber()).isTrue();
        assertThat(Instant.ofEpochSecond(claims.path("exp").longValue()))
                .isBetween(
                        before.plus(Duration.ofHours(1)).minusSeconds(1),
                        Instant.now().plus(Duration.ofHours(1)));
        assertThat(parts.get(2)).isEqualTo(signature(parts.getFirst() + "." + parts.get(1), key()));
    }

    private static byte[] key() {
        return server.environment().secretKey().derive("session tokens");
    }

    private static String signature(String text, byte[] key) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return base64(mac.doFinal(text.getBytes(UTF_8)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Test
    void link_logsInAndLeadsOnWithoutTheToken() {
        var answer = browse(link("sessions", "123"));
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/");
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.body()).isEmpty();
        var cookies = answer.headers().allValues("Set-Cookie");
        assertThat(cookies).hasSize(1);
        assertThat(List.of(cookies.getFirst().split("; *", -1)).subList(1, 4))
                .containsExactlyInAnyOrder("HttpOnly", "Path=/", "SameSite=Lax");
        assertThat(cookies.getFirst()).startsWith("seatline=");
        assertPage(home(enter(link("sessions", "123"))), 200, ">Customer 123</a>");
    }

    @Test
    void link_worksAsOftenAsItIsOpened() {
        var link = link("sessions", "123");
        var cookies = List.of(enter(link), enter(link), enter(link));
        assertThat(cookies).allSatisfy(cookie -> assertPage(home(cookie), 200, ">Customer 123</a>"));
    }

    @Test
    void link_opensAtAnyNode() {
        var node = server.another();
        try {
            var link = link("sessions", "123");
            var cookie = enter(link.replace(server.url(), node.url()));
            assertPage(home(cookie), 200, ">Customer 123</a>");
            assertPage(browse(node.url() + "/accounts", "Cookie", cookie), 200, ">Customer 123</a>");
        } finally {
            node.stop();
        }
    }

    @Test
    void link_ofAPublicAddressWithHttpsSetsACookieForHttpsAlone() throws IOException {
        var link = briefLink();
        assertThat(link).startsWith("https://pbx.example.com" + TestServer.BASE + "/auth?token=");
        try (var connection = new RawConnection(brief.port())) {
            var answer = connection.exchange("GET " + TestServer.BASE + "/auth?token=" + token(link)
                    + " HTTP/1.1\r\nHost: pbx.example.com\r\n\r\n");
            assertThat(answer.status()).isEqualTo(303);
            assertThat(answer.header("Location")).isEqualTo("/");
            assertThat(answer.header("Set-Cookie")).startsWith("__Host-seatline=");
            assertThat(List.of(answer.header("Set-Cookie").split("; *", -1)).subList(1, 5))
                    .containsExactlyInAnyOrder("HttpOnly", "Path=/", "SameSite=Lax", "Secure");
            var cookie = answer.header("Set-Cookie")
                    .substring(0, answer.header("Set-Cookie").indexOf(';'));
            assertThat(connection
                            .exchange(
                                    "GET /accounts HTTP/1.1\r\nHost: pbx.example.com\r\nCookie: " + cookie + "\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void link_endsWhenItExpires() throws IOException {
        var token = token(briefLink());
        var request = "GET " + TestServer.BASE + "/auth?token=" + token + " HTTP/1.1\r\nHost: pbx.example.com\r\n\r\n";
        try (var connection = new RawConnection(brief.port())) {
            var entered = connection.exchange(request);
            assertThat(entered.status()).isEqualTo(303);
            var expired = new RawConnection.Answer[1];
            Await.until(() -> {
                try {
                    expired[0] = connection.exchange(request);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return expired[0].status() != 303;
            });
            assertThat(expired[0].status()).isEqualTo(410);
            assertThat(expired[0].body()).contains("This link no longer works");
            // who came in by it stays in
            var cookie = entered.header("Set-Cookie")
                    .substring(0, entered.header("Set-Cookie").indexOf(';'));
            assertThat(connection
                            .exchange(
                                    "GET /accounts HTTP/1.1\r\nHost: pbx.example.com\r\nCookie: " + cookie + "\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    // one session

    @Test
    void begin_endsTheCustomersEarlierSession() {
        var first = link("sessions", "123");
        var firstCookie = enter(first);
        var otherCustomers = enter(link("sessions", "124"));
        var second = link("sessions", "123");

        assertEnded(browse(first));
        assertPage(home(firstCookie), 401, "You are not signed in");
        assertPage(home(enter(second)), 200, ">Customer 123</a>");
        assertPage(home(otherCustomers), 200, ">Customer 124</a>");
        assertThat(server.text("SELECT count(*) FROM sessions WHERE customer_id = '123'"))
                .isEqualTo("1");
    }

    @Test
    void begin_ofTheSameIdAtAnotherOperatorEndsNothing() {
        var ours = enter(link("sessions", "123"));
        var theirs = link(begin(server.as("other", "password"), "sessions", "123"));
        assertPage(home(ours), 200, ">Customer 123</a>");
        assertPage(home(enter(theirs)), 200, ">Customer 123</a>");
    }

    @Test
    void begin_ofAnAdminEndsNoSession() {
        var customer = enter(link("sessions", "123"));
        var admin = enter(link("customer_admin_sessions", "123"));
        var secondAdmin = enter(link("customer_admin_sessions", "123"));
        assertThat(home(customer).body()).doesNotContain("as the operator's staff");
        for (var cookie : List.of(admin, secondAdmin)) {
            assertPage(home(cookie), 200, ">Customer 123</a>");
            assertPage(home(cookie), 200, "as the operator's staff");
        }
        link("sessions", "123");
        assertPage(home(customer), 401, "You are not signed in");
        assertPage(home(admin), 200, ">Customer 123</a>");
    }

    @Test
    void begin_byManyAtOnceLeavesOneLink() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = executor.invokeAll(IntStream.range(0, 20)
                    .mapToObj(_ -> (Callable<String>) () -> link("sessions", "123"))
                    .toList());
            var statuses = new ArrayList<Integer>();
            for (var answer : answers) {
                statuses.add(browse(answer.get()).statusCode());
            }
            assertThat(statuses).containsOnly(303, 410).containsOnlyOnce(303);
        }
    }

    @Test
    void session_endsWithTheCustomer() {
        var link = link("sessions", "123");
        var cookie = enter(link);
        var admin = link("customer_admin_sessions", "123");
        assertThat(server.delete("/customers/123").statusCode()).isEqualTo(204);
        assertEnded(browse(link));
        assertEnded(browse(admin));
        assertPage(home(cookie), 401, "You are not signed in");

        server.customer("test", "123", null);
        assertEnded(browse(link));
        assertPage(home(cookie), 401, "You are not signed in");
    }

    @Test
    void session_endsWhenItsTimeIsOver() {
        var link = link("sessions", "123");
        var cookie = enter(link);
        server.database().run("UPDATE sessions SET expires_at = now() - interval '1 second'");
        assertPage(home(cookie), 401, "You are not signed in");
        assertEnded(browse(link));
    }

    // the pages

    @ParameterizedTest
    @CsvSource({
        "EN, en, SIP accounts",
        "RU, ru, SIP-аккаунты",
        "LT, lt, SIP paskyros",
        "LV, lv, SIP konti",
    })
    void pages_areInTheCustomersLanguage(String language, String tag, String heading) {
        server.patch(
                "/customers/123",
                "{\"data\": {\"type\": \"customers\", \"id\": \"123\", \"attributes\": {\"name\": \"Anna & Co\", \"language\": \""
                        + language + "\"}}}");
        var page = home(enter(link("sessions", "123")), "Accept-Language", "de");
        assertPage(page, 200, "<html lang=\"" + tag + "\">");
        assertThat(page.body()).contains("<h1>" + heading + "</h1>").contains(">Anna &amp; Co</a>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'&amp;%s%n", "</h1></title>"})
    void pages_showTheNameAsText(String name) {
        server.patch(
                "/customers/123",
                "{\"data\": {\"type\": \"customers\", \"id\": \"123\", \"attributes\": {\"name\": "
                        + TestServer.JSON.writeValueAsString(name) + "}}}");
        var page = home(enter(link("sessions", "123")));
        var escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        assertPage(page, 200, ">" + escaped + "</a>");
        assertThat(page.body()).doesNotContain(">" + name);
    }

    @ParameterizedTest
    @CsvSource({
        "'', en, You are not signed in",
        "'lt-LT,lt;q=0.9,en;q=0.8', lt, Nesate prisijungę",
        "'de, lv;q=0.5', lv, Jūs neesat pierakstījies",
        "ru, ru, Вы не вошли",
        "'xx', en, You are not signed in",
        "';;;q=x', en, You are not signed in",
    })
    void home_withoutASessionAsksToOpenALinkInTheBrowsersLanguage(String accepted, String tag, String text) {
        var page = browse(server.url() + "/", "Accept-Language", accepted);
        assertPage(page, 401, "<html lang=\"" + tag + "\">");
        assertThat(page.body()).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"seatline=", "seatline=x", "seatline=a.b.c", "other=1", "seatline", "=;;=", "seatline=\u0001"})
    void home_withABadCookieIsThatOfNobody(String cookie) throws IOException {
        try (var connection = new RawConnection(server.port())) {
            assertThat(connection
                            .exchange("GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + "\r\n\r\n")
                            .status())
                    .isBetween(400, 499);
        }
    }

    // tokens that are not ours

    @ParameterizedTest
    @MethodSource
    void token_thatIsNotAsItWasIssuedOpensNothing(TokenChange change) throws GeneralSecurityException {
        var token = token(link("sessions", "123"));
        assertThat(browseWithToken(token).statusCode()).isEqualTo(303);
        var parts = List.of(token.split("\\.", -1));
        assertEnded(browseWithToken(change.apply(parts.getFirst(), parts.get(1), parts.get(2))));
        assertThat(browseWithToken(token).statusCode()).isEqualTo(303);
    }

    /** Makes another token of the parts of a good one. */
    @FunctionalInterface
    interface TokenChange {
        String apply(String header, String claims, String signature) throws GeneralSecurityException;
    }

    private static Stream<Arguments> token_thatIsNotAsItWasIssuedOpensNothing() {
        return Stream.of(
                change("none", (_, _, _) -> ""),
                change("nonsense", (_, _, _) -> "nonsense"),
                change("dots", (_, _, _) -> ".."),
                change("unsigned", (header, claims, _) -> header + "." + claims + "."),
                change("two parts", (header, claims, _) -> header + "." + claims),
                change("four parts", (header, claims, signature) -> header + "." + claims + "." + signature + ".x"),
                change("cut", (header, claims, signature) -> header + "." + claims + "." + signature.substring(1)),
                change(
                        "other signature",
                        (header, claims, signature) -> header + "." + claims + "."
                                + (signature.startsWith("A") ? "B" : "A") + signature.substring(1)),
                change("alg none", (_, claims, _) -> text("{\"alg\":\"none\"}") + "." + claims + "."),
                change(
                        "alg none, signed",
                        (_, claims, signature) -> text("{\"alg\":\"none\"}") + "." + claims + "." + signature),
                change("alg None", (_, claims, _) -> text("{\"alg\":\"None\"}") + "." + claims + "."),
                change(
                        "other customer",
                        (header, claims, signature) ->
                                header + "." + text(decoded(claims).replace("\"123\"", "\"124\"")) + "." + signature),
                change(
                        "later expiry",
                        (header, claims, signature) -> header + "."
                                + text(decoded(claims).replaceFirst("\"exp\":1", "\"exp\":2")) + "." + signature),
                change(
                        "another key",
                        (header, claims, _) ->
                                header + "." + claims + "." + signature(header + "." + claims, new byte[32])),
                change(
                        "no key",
                        (header, claims, _) ->
                                header + "." + claims + "." + signature(header + "." + claims, new byte[1])),
                change("another algorithm under our key", (_, claims, _) -> {
                    var other = text("{\"alg\":\"HS512\"}") + "." + claims;
                    return other + "." + signature(other, key());
                }),
                change("expired under our key", (header, claims, _) -> {
                    var other = header + "." + text(decoded(claims).replaceFirst("\"exp\":\\d+", "\"exp\":1"));
                    return other + "." + signature(other, key());
                }),
                change("without expiry under our key", (header, claims, _) -> {
                    var other = header + "." + text(decoded(claims).replaceFirst("\"exp\":\\d+", "\"x\":1"));
                    return other + "." + signature(other, key());
                }),
                change(
                        "a browser's",
                        (_, _, _) ->
                                enter(link("customer_admin_sessions", "123")).substring("seatline=".length())),
                change("long", (header, claims, _) -> header + "." + claims + "." + "A".repeat(5000)),
                change("no text", (_, _, _) -> "%ff"),
                change("a NUL", (header, claims, signature) -> header + "." + claims + "." + signature + "%00"),
                change(
                        "given twice",
                        (header, claims, signature) -> header + "." + claims + "." + signature + "&token=x"));
    }

    private static Arguments change(String name, TokenChange change) {
        return Arguments.of(Named.of(name, change));
    }

    private static String text(String json) {
        return base64(json.getBytes(UTF_8));
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), UTF_8);
    }

    @Test
    void token_missingOpensNothing() {
        assertEnded(browse(server.url() + TestServer.BASE + "/auth"));
        assertEnded(browse(server.url() + TestServer.BASE + "/auth?Token=" + token(link("sessions", "123"))));
    }

    @Test
    void token_ofALinkIsNoCookie() {
        assertPage(home("seatline=" + token(link("sessions", "123"))), 401, "You are not signed in");
    }

    @Test
    void endedLink_isExplainedInTheBrowsersLanguage() {
        var page = browse(server.url() + TestServer.BASE + "/auth?token=x", "Accept-Language", "lv");
        assertPage(page, 410, "<html lang=\"lv\">");
        assertThat(page.body()).contains("Šī saite vairs nedarbojas");
    }

    // nobody else learns the token

    @Test
    void token_reachesNeitherTheLogNorTheDatabase() throws IOException {
        var link = link("sessions", "123");
        var token = token(link);
        var cookie = enter(link);
        home(cookie);
        browse(link.replace("auth?token=", "auth?x=1&token="));
        browse(link.replace("auth?token=", "auth?t%6Fken="));
        browse(link.replace("auth?token=", "auth?%74%6f%6b%65%6e="));
        browse(link.replace("/auth", "/%61uth"));
        browse(link.replace("auth?token=", "auth?Token="));
        browse(link.replace("/auth", "/customers/..%2Fauth"));
        browse(link.replace("/auth", "/customers/..%252Fauth"));
        browse(link.replace("/auth", "/customers/1/auth"));
        browse(link.replace("/auth", "/sip_device_routes/1/registrations/..%2F..%2F..%2Fauth"));
        var last = "marker-" + System.nanoTime();
        server.get("/" + last);
        var log = server.directory().resolve("access.log");
        Await.until(() -> {
            try {
                return Files.readString(log).contains(last);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(Files.readString(log))
                .contains("/auth")
                .doesNotContain(token)
                .doesNotContain(token.substring(token.lastIndexOf('.')))
                .doesNotContain(cookie.substring(cookie.lastIndexOf('.')));
        assertThat(server.text("SELECT string_agg(s::text, ' ') FROM sessions s")
                        + server.text("SELECT string_agg(a::text, ' ') FROM audit a"))
                .doesNotContain(token.substring(token.lastIndexOf('.')));
    }

    @Test
    void begin_isAudited() {
        link("sessions", "123");
        link("customer_admin_sessions", "124");
        assertThat(server.text("""
                        SELECT string_agg(concat_ws(' ', operator_id, actor, host(source), action, type, subject), E'\\n'
                            ORDER BY id) FROM audit""")).isEqualTo("""
                        %1$d username 127.0.0.1 create sessions 123
                        %1$d username 127.0.0.1 create customer_admin_sessions 124""".formatted(server.operatorId("test")));
    }

    // errors

    @ParameterizedTest
    @ValueSource(strings = {"sessions", "customer_admin_sessions"})
    void begin_forACustomerOfNobodyOrAnotherOperatorIsNotFound(String type) {
        for (var customer : List.of("nobody", "theirs", "", "1/2")) {
            var body = document(
                    type, "{\"customer\": {\"data\": {\"type\": \"customers\", \"id\": \"" + customer + "\"}}}");
            assertThat(ExpectedError.of(server.post("/" + type, body), body))
                    .containsExactly(ExpectedError.pointer(
                            404,
                            404,
                            "Record not found",
                            ExpectedError.notFoundDetail(customer),
                            CUSTOMER_POINTER + "/data/id"));
        }
        assertNothingBegun();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    {"customer": null}                                                       | ``
                    {"customer": "123"}                                                      | ``
                    {"customer": []}                                                         | ``
                    {"customer": {}}                                                         | ``
                    {"customer": {"id": "123", "type": "customers"}}                         | ``
                    {"customer": {"links": {}}}                                              | ``
                    {"customer": {"data": null}}                                             | /data
                    {"customer": {"data": "123"}}                                            | /data
                    {"customer": {"data": 123}}                                              | /data
                    {"customer": {"data": {}}}                                               | /data
                    {"customer": {"data": {"id": "123"}}}                                    | /data
                    {"customer": {"data": {"type": "customers"}}}                            | /data
                    {"customer": {"data": {"type": "customers", "id": null}}}                | /data
                    {"customer": {"data": {"type": "customers", "id": true}}}                | /data
                    {"customer": {"data": {"type": "customers", "id": ["123"]}}}             | /data
                    {"customer": {"data": {"type": 1, "id": "123"}}}                         | /data
                    {"customer": {"data": []}}                                               | /data
                    {"customer": {"data": [{"type": "customers", "id": "123"}]}}             | /data
                    """)
    void begin_withLinkageOfAWrongFormIsRefused(String relationships, String place) {
        for (var type : List.of("sessions", "customer_admin_sessions")) {
            var body = document(type, relationships);
            assertThat(ExpectedError.of(server.post("/" + type, body), body))
                    .singleElement()
                    .satisfies(refusal -> {
                        assertThat(refusal.status()).isEqualTo(400);
                        assertThat(refusal.code()).isEqualTo("115");
                        assertThat(refusal.title()).isEqualTo("Invalid Links Object");
                        assertThat(refusal.detail()).isEqualTo("Data is not a valid Links Object.");
                        assertThat(refusal.source()).startsWith("pointer " + CUSTOMER_POINTER + place);
                    });
        }
        assertNothingBegun();
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer", "Customers", "sip_device_routes", ""})
    void begin_withLinkageOfAnotherTypeIsRefused(String type) {
        var body = document("sessions", "{\"customer\": {\"data\": {\"type\": \"" + type + "\", \"id\": \"123\"}}}");
        assertThat(ExpectedError.of(server.post("/sessions", body), body))
                .containsExactly(ExpectedError.pointer(
                        400,
                        116,
                        "Type Mismatch",
                        type + " is not a valid type for this operation.",
                        CUSTOMER_POINTER + "/data/type"));
        assertNothingBegun();
    }

    @Test
    void begin_withoutACustomerIsRefused() {
        var without = "{\"data\": {\"type\": \"sessions\"}}";
        assertThat(ExpectedError.of(server.post("/sessions", without), without)).containsExactly(missing("/data"));
        var empty = document("sessions", "{}");
        assertThat(ExpectedError.of(server.post("/sessions", empty), empty))
                .containsExactly(missing("/data/relationships"));
        assertNothingBegun();
    }

    private static ExpectedError missing(String pointer) {
        return ExpectedError.pointer(
                400, 106, "Missing Parameter", "The required parameter, customer, is missing.", pointer);
    }

    @Test
    void begin_withAnythingElseIsRefused() {
        var linkage = "{\"customer\": {\"data\": {\"type\": \"customers\", \"id\": \"123\"}}, \"operator\": {}}";
        var relationship = document("sessions", linkage);
        assertThat(ExpectedError.of(server.post("/sessions", relationship), relationship))
                .containsExactly(ExpectedError.pointer(
                        400, 105, "Param not allowed", "operator is not allowed.", "/data/relationships/operator"));
        var attribute = document("sessions", linkage.replace(", \"operator\": {}", ""))
                .replace("\"type\": \"sessions\"", "\"type\": \"sessions\", \"attributes\": {\"uri\": \"x\"}");
        assertThat(ExpectedError.of(server.post("/sessions", attribute), attribute))
                .containsExactly(ExpectedError.pointer(
                        400, 105, "Param not allowed", "uri is not allowed.", "/data/attributes/uri"));
        var body = document("sessions", linkage.replace(", \"operator\": {}", ""));
        assertThat(ExpectedError.of(server.post("/sessions?x=1", body)))
                .containsExactly(ExpectedError.parameter(400, 105, "Param not allowed", "x is not allowed.", "x"));
        assertNothingBegun();
    }

    private static void assertNothingBegun() {
        assertThat(server.database().number("SELECT count(*) FROM sessions")).isZero();
        assertThat(server.database().number("SELECT count(*) FROM audit")).isZero();
    }
}
