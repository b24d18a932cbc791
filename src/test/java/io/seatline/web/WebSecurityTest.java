package io.seatline.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no page of the web interface may do, walked through for every route there is: show or change what belongs to
 * somebody else, answer without a session, or carry out what another site makes a browser send.
 */
@Tag("slow")
final class WebSecurityTest {
    private static final String OURS = "0190a000-0000-7000-8000-000000000001";
    private static final String THEIRS = "0190a000-0000-7000-8000-000000000002";
    private static final Pattern ROUTE = Pattern.compile("(get|post)\\(\\s*(\"/[^\"]*\"|HOME)");
    private static final Pattern TOKEN = Pattern.compile("data-session=\"([^\"]+)\"");

    private static TestServer server;
    private static Person customer;
    private static Person operator;
    private static String state;

    /** Somebody with a session: its cookie, and the token of its forms. */
    private record Person(String cookie, String token) {}

    /** A route, such as {@code POST /accounts/{id}}. */
    record Route(String method, String path) {
        /** Whether one of its addresses names something. */
        boolean names() {
            return path.contains("{id}");
        }

        String of(String first, String second) {
            return path.replaceFirst("\\{id}", first).replace("{id}", second);
        }
    }

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "ours", 5L);
        server.customer("test", "theirs", 5L);
        server.account("test", TestServer.plain(OURS, "ours", "ours-account"));
        server.account("test", TestServer.plain(THEIRS, "theirs", "theirs-account"));
        server.operator("other", "other", "password");
        server.customer("other", "foreign", 5L);
        server.database().run("""
                INSERT INTO bindings (account_id, contact, id, user_agent, expires_at)
                VALUES ('%1$s', 'sip:theirs-contact@192.0.2.1', '%1$s', 'theirs-agent', now() + interval '1 hour');
                INSERT INTO refusals (account_id, reason, source, source_port, transport, user_agent)
                VALUES ('%1$s', 'wrong_password', '203.0.113.9', 5060, 'UDP', 'theirs-agent');
                INSERT INTO blocked_sources (id, account_id, source, expires_at)
                VALUES ('%1$s', '%1$s', '203.0.113.9', now() + interval '1 hour')
                """.formatted(THEIRS));
        customer = enter(TestServer.json(server.post("/sessions", """
                        {"data": {"type": "sessions", "relationships":
                            {"customer": {"data": {"type": "customers", "id": "ours"}}}}}"""))
                .at("/data/attributes/uri")
                .asString());
        operator = signIn("other");
        state = checksum();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Person enter(String link) {
        var cookie = cookie(server.sendTo(URI.create(link), "GET", null, "Authorization", "", "Content-Type", ""));
        return person(cookie, "/accounts");
    }

    private static Person signIn(String username) {
        var answer = send(
                "POST",
                "/console/login",
                new Person("", ""),
                "username=" + username + "&password=password",
                "Sec-Fetch-Site",
                "same-origin");
        return person(cookie(answer), "/console");
    }

    private static String cookie(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static Person person(String cookie, String path) {
        var page = send("GET", path, new Person(cookie, ""), null);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        var token = TOKEN.matcher(page.body());
        assertThat(token.find()).isTrue();
        return new Person(cookie, token.group(1));
    }

    private static HttpResponse<String> send(
            String method, String path, Person person, @Nullable String body, String... headers) {
        var all = new ArrayList<>(
                List.of("Authorization", "", "Content-Type", body == null ? "" : "application/x-www-form-urlencoded"));
        if (!person.cookie().isEmpty()) {
            all.addAll(List.of("Cookie", person.cookie()));
        }
        all.addAll(List.of(headers));
        return server.sendTo(URI.create(server.url() + path), method, body, all.toArray(String[]::new));
    }

    /** A form as one of our own pages sends it. */
    private static HttpResponse<String> post(String path, Person person, String more) {
        return send(
                "POST",
                path,
                person,
                "_session=" + URLEncoder.encode(person.token(), StandardCharsets.UTF_8) + more,
                "Sec-Fetch-Site",
                "same-origin");
    }

    /** Everything that a page could change, but sessions. */
    private static String checksum() {
        return server.text("""
                SELECT md5(string_agg(t, '|' ORDER BY t)) FROM (
                    SELECT c::text FROM customers c UNION ALL SELECT a::text FROM sip_accounts a
                    UNION ALL SELECT b::text FROM bindings b UNION ALL SELECT s::text FROM blocked_sources s
                    UNION ALL SELECT p.account_id::text FROM provisioning_links p) AS everything (t)
                """);
    }

    private static Stream<Route> routes(String source) {
        try {
            var found = ROUTE.matcher(Files.readString(Path.of("src/main/java/io/seatline/" + source)));
            return found
                    .results()
                    .map(route -> new Route(
                            route.group(1).toUpperCase(java.util.Locale.ROOT),
                            route.group(2).equals("HOME")
                                    ? "/console"
                                    : route.group(2).replace("\"", "")))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Route> portal() {
        return routes("portal/Portal.java");
    }

    static Stream<Route> console() {
        return routes("console/Console.java");
    }

    static Stream<Route> all() {
        return Stream.concat(portal(), console());
    }

    static Stream<Route> changing() {
        return all().filter(route -> route.method().equals("POST"));
    }

    @Test
    void routes_areAllFound() {
        assertThat(portal()).contains(new Route("GET", "/accounts"), new Route("POST", "/sign-out"));
        assertThat(console()).contains(new Route("GET", "/console"), new Route("POST", "/console/sign-out"));
    }

    @ParameterizedTest
    @MethodSource("portal")
    void page_ofAnotherCustomersAccount_isNotThere(Route route) {
        if (route.path().endsWith("sign-out") || route.path().endsWith("events")) {
            return;
        }
        var path = route.of(THEIRS, THEIRS);
        var answer = route.method().equals("GET")
                ? send("GET", path, customer, null)
                : post(path, customer, "&language=EN&address=192.0.2.7&version=1&username=x");
        if (route.names()) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
        }
        assertThat(answer.statusCode()).isLessThan(500);
        assertThat(answer.body()).doesNotContain("theirs", "correct-horse-battery");
        assertThat(checksum()).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("console")
    void page_ofAnotherOperatorsCustomer_isNotThere(Route route) {
        if (route.path().endsWith("sign-out") || route.path().endsWith("unblock-all")) {
            return;
        }
        var id = route.path().contains("customers") ? "theirs" : THEIRS;
        var path = route.of(id, THEIRS);
        var answer = route.method().equals("GET")
                ? send("GET", path, operator, null)
                : post(path, operator, "&version=1&confirm=theirs&name=x&id=theirs-not&language=XX");
        if (route.names()) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
        }
        assertThat(answer.statusCode()).isLessThan(500);
        assertThat(answer.body()).doesNotContain("theirs-a", "theirs-c", "correct-horse-battery");
        assertThat(checksum()).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("all")
    void page_withoutASession_isNotShown(Route route) {
        for (var cookie : List.of("", "seatline=junk; seatline-console=junk", customer.cookie() + "x")) {
            var path = route.of(OURS, OURS);
            var nobody = new Person(cookie, customer.token());
            var answer = route.method().equals("GET") ? send("GET", path, nobody, null) : post(path, nobody, "");
            assertThat(answer.statusCode()).as(answer.body()).isIn(401, 303);
            if (answer.statusCode() == 303) {
                assertThat(answer.headers().firstValue("Location")).contains("/console/login");
            }
            assertThat(answer.body()).doesNotContain("ours-account");
        }
        assertThat(checksum()).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("all")
    void session_ofTheOtherFace_opensNothing(Route route) {
        var person = route.path().startsWith("/console") ? customer : operator;
        var answer = route.method().equals("GET")
                ? send("GET", route.of(OURS, OURS), person, null)
                : post(route.of(OURS, OURS), person, "");
        assertThat(answer.statusCode()).as(answer.body()).isIn(401, 303);
        assertThat(checksum()).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("changing")
    void change_thatAnotherSiteAsksFor_isRefused(Route route) {
        var person = route.path().startsWith("/console") ? operator : customer;
        var path = route.of(OURS, OURS);
        var body = "_session=" + person.token();
        for (var headers : List.of(
                new String[] {"Sec-Fetch-Site", "cross-site"},
                new String[] {"Sec-Fetch-Site", "same-site"},
                new String[] {"Sec-Fetch-Site", "none"},
                new String[] {"Origin", "https://evil.example"},
                new String[] {"Origin", "null"},
                new String[] {"Origin", "http://127.0.0.1:1"},
                new String[] {})) {
            assertThat(send("POST", path, person, body, headers).statusCode()).isEqualTo(403);
        }
        assertThat(checksum()).isEqualTo(state);
        assertThat(person(person.cookie(), route.path().startsWith("/console") ? "/console" : "/accounts"))
                .isEqualTo(person);
    }

    @ParameterizedTest
    @MethodSource("changing")
    void change_fromAPageOfAnotherSession_isRefused(Route route) {
        var person = route.path().startsWith("/console") ? operator : customer;
        var other = route.path().startsWith("/console") ? customer : operator;
        for (var token : List.of("", "x", other.token())) {
            var answer = post(route.of(OURS, OURS), new Person(person.cookie(), token), "");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        }
        assertThat(checksum()).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("all")
    void page_saysWhatItMayLoad_andIsNotKept(Route route) {
        if (!route.method().equals("GET") || route.path().endsWith("events")) {
            return;
        }
        var person = route.path().startsWith("/console") ? operator : customer;
        var answer = send("GET", route.of(OURS, OURS), person, null);
        assertThat(answer.statusCode()).isLessThan(500);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe", "http:", "https:", "*");
        assertThat(answer.body())
                .doesNotContain("correct-horse-battery")
                .doesNotContainPattern("\\son[a-z]+=|style=\"|<style");
    }
}
