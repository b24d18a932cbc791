package io.seatline.operations;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.seatline.support.Await;
import io.seatline.support.BrowserSession;
import io.seatline.support.ConsoleClient;
import io.seatline.support.ExternalProgram;
import io.seatline.support.ExternalProgram.Tool;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.PortalClient;
import io.seatline.support.RawWebSocket;
import io.seatline.support.SipAnswer;
import io.seatline.support.TestCertificate;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Debian's nginx and HAProxy in front: at their shortest, as {@code docs/proxies.md} has them word for word, and below
 * a path.
 */
@Tag("slow")
@SuppressWarnings("NullAway.Init")
final class ProxiesTest {
    private static final Path DOCS = Path.of("docs", "proxies.md");

    @TempDir
    private Path directory;

    private final int port = ExternalProgram.freePort();

    /** One of both, started with the text of a configuration. */
    enum Proxy {
        NGINX {
            @Override
            ExternalProgram start(Path directory, String http) throws IOException {
                // what Debian's nginx.conf has around a site, for a process without a home of its own
                var text = new StringBuilder(
                        "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n"
                                + "access_log off;\n");
                for (var kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
                    text.append(kind).append("_temp_path ").append(kind).append(";\n");
                }
                Files.writeString(directory.resolve("nginx.conf"), text + http + "\n}\n");
                return ExternalProgram.start(
                        Tool.NGINX, directory, "-p", directory.toString(), "-c", "nginx.conf", "-e", "stderr");
            }

            @Override
            String certificate(String text, TestCertificate certificate, Path directory) {
                return text.replace(
                                "/etc/ssl/voice.example/fullchain.pem",
                                certificate.certificate().toString())
                        .replace(
                                "/etc/ssl/voice.example/privkey.pem",
                                certificate.key().toString());
            }
        },
        HAPROXY {
            @Override
            ExternalProgram start(Path directory, String text) throws IOException {
                Files.writeString(directory.resolve("haproxy.cfg"), text + "\n");
                return ExternalProgram.start(Tool.HAPROXY, directory, "-db", "-f", "haproxy.cfg");
            }

            @Override
            String certificate(String text, TestCertificate certificate, Path directory) throws IOException {
                var both = directory.resolve("voice.example.pem");
                Files.writeString(
                        both, Files.readString(certificate.certificate()) + Files.readString(certificate.key()));
                return text.replace("/etc/haproxy/voice.example.pem", both.toString());
            }
        };

        abstract ExternalProgram start(Path directory, String text) throws IOException;

        /** The configuration with a certificate that there is. */
        abstract String certificate(String text, TestCertificate certificate, Path directory) throws IOException;

        /** What the docs have for it. */
        String documented() throws IOException {
            return blocks(name().toLowerCase(java.util.Locale.ROOT)).getFirst();
        }
    }

    private static List<String> blocks(String language) throws IOException {
        var blocks = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCS))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).as(language + " in " + DOCS).isNotEmpty();
        return blocks;
    }

    /** The text with what is another's there replaced, all of which it must have. */
    private static String with(String text, String... replaced) {
        var result = text;
        for (var i = 0; i < replaced.length; i += 2) {
            assertThat(result).contains(replaced[i]);
            result = result.replace(replaced[i], replaced[i + 1]);
        }
        return result;
    }

    private ExternalProgram start(Proxy proxy, String text) throws IOException {
        var program = proxy.start(directory, text);
        program.until(this::isListening);
        return program;
    }

    private boolean isListening() {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    // at their shortest

    @Test
    void nginx_withTheShortestProxyPass_carriesTheApiAndTheManagementPort() throws IOException {
        try (var server = TestServer.empty()) {
            server.customer("test", "123", null);
            for (var target : List.of(server.port(), server.managementPort())) {
                try (var _ = start(Proxy.NGINX, shortest(target))) {
                    if (target == server.port()) {
                        assertThat(through(server, "GET", TestServer.BASE + "/customers/123", null)
                                        .body())
                                .contains("\"id\":\"123\"");
                        var changed = through(server, "PATCH", TestServer.BASE + "/customers/123", """
                                {"data": {"type": "customers", "id": "123", "attributes": {"name": "Corner Shop"}}}""");
                        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
                    } else {
                        assertThat(through(server, "GET", "/health/ready", null).statusCode())
                                .isEqualTo(200);
                        assertThat(through(server, "GET", "/metrics", null).body())
                                .contains("seatline_http_requests_seconds");
                    }
                }
            }
        }
    }

    /**
     * The proxy has put a name of its own into {@code Host}, and a browser without TLS says no more than
     * {@code Origin}.
     */
    @Test
    void nginx_withTheShortestProxyPass_letsStaffIn() throws IOException {
        try (var server = TestServer.empty(Map.of("public.url", "http://voice.example"));
                var _ = start(Proxy.NGINX, shortest(server.port()))) {
            assertThat(logIn(server, "http://voice.example").statusCode()).isEqualTo(303);
            assertThat(logIn(server, "http://elsewhere.example").statusCode()).isEqualTo(403);
            assertThat(logIn(server, "https://voice.example").statusCode()).isEqualTo(403);
        }
    }

    private String shortest(int target) {
        return "server { listen 127.0.0.1:%d; location / { proxy_pass http://127.0.0.1:%d; } }".formatted(port, target);
    }

    private HttpResponse<String> logIn(TestServer server, String origin) {
        return through(
                server,
                "POST",
                "/console/login",
                "username=username&password=password",
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Authorization",
                "",
                "Origin",
                origin);
    }

    /**
     * {@code OPTIONS / HTTP/1.0}; where it is answered with an error, HAProxy gives nobody away and answers 503 itself.
     */
    @Test
    void haproxy_withPlainHttpchk_findsBothPortsWell() throws IOException {
        try (var server = TestServer.empty()) {
            for (var target : List.of(server.port(), server.managementPort())) {
                try (var haproxy = start(Proxy.HAPROXY, """
                        global
                            log stdout format raw local0
                        defaults
                            mode http
                            log global
                            option log-health-checks
                            timeout connect 5s
                            timeout client 60s
                            timeout server 60s
                            timeout check 30s
                        listen seatline
                            bind 127.0.0.1:%d
                            option httpchk
                            server one 127.0.0.1:%d check inter 100ms fall 1
                        """.formatted(port, target))) {
                    var path = target == server.port() ? TestServer.BASE + "/customers" : "/health/live";
                    haproxy.until(() -> haproxy.output().contains("Layer7 check passed, code: 204"));
                    assertThat(through(server, "GET", path, null).statusCode()).isEqualTo(200);
                    assertThat(haproxy.output()).doesNotContain("DOWN");
                }
            }
        }
    }

    // as documented

    @ParameterizedTest
    @EnumSource
    void documented_carriesHttp2OverTls_andWebSocket_withTheClientsAddress(Proxy proxy) throws IOException {
        var certificate = TestCertificate.create(directory);
        try (var server = behind();
                var _ = start(proxy, documented(proxy, certificate, server))) {
            // on a busy machine the first check may come too early, and takes the server away until the next
            proxied(certificate, "HTTP/1.1 200", "--http1.1", url("/docs"));
            var answer = proxied(
                    certificate,
                    "HTTP/2 200",
                    "--interface",
                    "127.0.0.3",
                    url(TestServer.BASE + "/customers?page[size]=1"));
            assertThat(answer).contains("\"first\":\"https://voice.example" + TestServer.BASE);
            // a client's own word for where it comes from is not believed
            var _ = curl(
                    certificate, "--interface", "127.0.0.4", "-H", "X-Forwarded-For: 192.0.2.1", url("/console/login"));
            var log = server.directory().resolve("access.log");
            Await.until(() -> read(log).contains("/console/login"));
            assertThat(read(log))
                    .contains(" 127.0.0.3 username \"GET ", " 127.0.0.4 - \"GET ")
                    .doesNotContain("192.0.2.1");

            server.customer("test", "123", null);
            var account = PhoneAccount.create(server, "far.away", "127.0.0.3");
            assertThat(registers(account, certificate, "127.0.0.4")).isEqualTo(401);
            Await.until(() -> account.lastRefusal().equals("address_not_allowed"));
            assertThat(registers(account, certificate, "127.0.0.3")).isEqualTo(200);
            assertThat(account.bindings()).isEqualTo(1);
        }
    }

    /** By WebSocket, through the proxy. */
    private int registers(PhoneAccount account, TestCertificate certificate, String from) throws IOException {
        var line = new Socket();
        line.bind(new InetSocketAddress(from, 0));
        line.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        var tls = certificate.client().getSocketFactory().createSocket(line, "localhost", port, true);
        try (var phone = Phone.from(from, account.server(), account.username(), PhoneAccount.PASSWORD);
                var webSocket = RawWebSocket.over(tls)) {
            webSocket.send(phone.register().text());
            var challenge = answer(webSocket);
            webSocket.send(phone.register().answering(challenge, "SHA-256", 1).text());
            return answer(webSocket).status();
        }
    }

    private static SipAnswer answer(RawWebSocket webSocket) throws IOException {
        var bytes = webSocket.receive().payload();
        return SipAnswer.of(bytes, bytes.length);
    }

    /** A server that knows its proxy, as the docs tell. */
    private static TestServer behind() {
        return TestServer.empty(Map.of("public.url", "https://voice.example", "trusted.proxies", "127.0.0.1, ::1"));
    }

    private String documented(Proxy proxy, TestCertificate certificate, TestServer server) throws IOException {
        var text = with(proxy.documented(), "127.0.0.1:8080", "127.0.0.1:" + server.port());
        text = text.replace("listen 443", "listen 127.0.0.1:" + port)
                .replace("bind :443", "bind 127.0.0.1:" + port)
                .replace("check port 8081", "check inter 500ms fall 50 port " + server.managementPort());
        return proxy.certificate(text, certificate, directory);
    }

    // below a path

    /** The browser complains of every address that is not below the server's. */
    @Test
    @Tag("browser")
    void belowAPath_everyPageLeadsToOthersBelowIt() throws IOException {
        try (var server = belowAPath();
                var _ = start(Proxy.NGINX, belowAPath(1, server));
                var visit = BrowserSession.of(server)) {
            server.customer("test", "123", null);
            var failed = new ArrayList<String>();
            visit.context().onResponse(answer -> {
                if (answer.status() >= 400) {
                    failed.add(answer.status() + " " + answer.url());
                }
            });
            console(visit, server);
            portal(visit, server, PhoneAccount.create(server, "reception"));
            docs(visit, server);
            assertThat(failed).isEmpty();
        }
    }

    @Test
    void belowAPath_thatTheProxyTakesOff_allIsTheSame() throws IOException {
        try (var server = belowAPath();
                var _ = start(Proxy.NGINX, belowAPath(2, server))) {
            server.customer("test", "123", null);
            var customer = server.get("/customers/123");
            assertThat(TestServer.json(customer).at("/data/links/self").asString())
                    .isEqualTo(server.url() + TestServer.BASE + "/customers/123");
            assertThat(PortalClient.enter(server, "123").get("/accounts").body())
                    .contains(" href=\"/pbx/accounts\"", " src=\"/pbx/assets/");
            var turnedAway = server.sendTo(URI.create(server.url() + "/console"), "GET", null);
            assertThat(turnedAway.headers().firstValue("Location")).hasValue("/pbx/console/login");
            assertThat(ConsoleClient.signIn(server, "username", "password")
                            .get("/console")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.sendTo(URI.create(server.url() + "/openapi.yaml"), "GET", null)
                            .body())
                    .contains("- url: /pbx" + TestServer.BASE);
            try (var webSocket = RawWebSocket.at("/pbx/sip", new Socket(InetAddress.getLoopbackAddress(), port))) {
                assertThat(webSocket.answer()).contains("HTTP/1.1 101 Switching Protocols");
            }
        }
    }

    /** What only begins like the path is not below it, and the server's own port needs none. */
    @Test
    void belowAPath_withoutTheProxy_bothAreServed() {
        try (var server = belowAPath()) {
            var own = "http://127.0.0.1:" + server.port();
            for (var path : List.of(
                    "/docs", "/pbx/docs", "/pbx/openapi.yaml?x=1", "/assets/icon.svg", "/pbx/assets/icon.svg")) {
                assertThat(server.sendTo(URI.create(own + path), "GET", null).statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
            assertThat(server.sendTo(URI.create(own + "/pbx"), "GET", null).statusCode())
                    .isEqualTo(server.sendTo(URI.create(own + "/"), "GET", null).statusCode());
            for (var path : List.of("/pbxdocs", "/pbx/pbx/docs", "/PBX/docs", "/pbx//docs")) {
                assertThat(server.sendTo(URI.create(own + path), "GET", null).statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
            for (var path : List.of("/pbx/..", "/pbx/../docs", "/pbx/%2e%2e/docs", "/pbx/docs/../..")) {
                var answer =
                        server.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                assertThat(answer).as(path).startsWith("HTTP/1.1 404 ").contains("X-Request-Id: ");
            }
            assertThat(server.sendTo(
                                    URI.create(own + "/pbx/assets/seatline.css"),
                                    "GET",
                                    null,
                                    "Accept-Encoding",
                                    "gzip")
                            .headers()
                            .firstValue("Content-Encoding"))
                    .hasValue("gzip");
        }
    }

    private TestServer belowAPath() {
        return TestServer.empty(Map.of("public.url", "http://127.0.0.1:" + port + "/pbx"));
    }

    /** The documented configuration with one of the documented locations, without TLS. */
    private String belowAPath(int location, TestServer server) throws IOException {
        return with(
                        Proxy.NGINX.documented(),
                        "    location / {\n        proxy_pass http://seatline;\n",
                        blocks("nginx").get(location),
                        "listen 443 ssl http2",
                        "listen 127.0.0.1:" + port,
                        "127.0.0.1:8080",
                        "127.0.0.1:" + server.port())
                .replaceAll("ssl_.*", "");
    }

    private static void console(BrowserSession visit, TestServer server) {
        var page = visit.go("/console/customers");
        assertThat(page).hasURL(server.url() + "/console/login");
        page.getByLabel("Username").fill("username");
        page.getByLabel("Password").fill("password");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(server.url() + "/console");
        assertThat(visit.context().cookies())
                .singleElement()
                .satisfies(cookie -> assertThat(cookie.path).isEqualTo("/pbx"));
        for (var place : List.of("Customers", "SIP accounts", "Registrations", "Abuse", "Audit log")) {
            page.locator("nav")
                    .getByText(place, new com.microsoft.playwright.Locator.GetByTextOptions().setExact(true))
                    .click();
            assertThat(page.locator("nav [aria-current=page]")).hasText(place);
        }
        page.locator("nav").getByText("Customers").click();
        page.getByLabel("Id or name").fill("corner");
        assertThat(page.locator("#list")).containsText("Nothing matches the search.");
        page.getByText("New customer").click();
        page.getByLabel("Id", new Page.GetByLabelOptions().setExact(true)).fill("corner");
        page.getByLabel("Name").fill("Corner Shop");
        page.getByText("Create customer").click();
        assertThat(page).hasURL(server.url() + "/console/customers/corner?saved");
    }

    private static void portal(BrowserSession visit, TestServer server, PhoneAccount account) {
        var page = visit.page();
        page.navigate(visit.link("sessions", "123"));
        assertThat(page).hasURL(server.url() + "/accounts");
        try (var phone = Phone.at(server, account.username(), PhoneAccount.PASSWORD)) {
            assertThat(phone.registers().status()).isEqualTo(200);
            assertThat(page.locator("tbody")).containsText("online");
        }
        page.locator("#create").click();
        page.locator("#caller_id_name").fill("Reception");
        var proposed = page.locator("#username").inputValue();
        page.locator("#new-username").click();
        assertThat(page.locator("#username")).not().hasValue(proposed);
        page.locator("#save").click();
        assertThat(page).hasURL(Pattern.compile("/pbx/accounts/[0-9a-f-]{36}\\?done=created$"));
        assertThat(page.locator(".note")).isVisible();
        page.getByText("Sign out").click();
        assertThat(page).hasURL(server.url() + "/?signed_out=yes");
    }

    private static void docs(BrowserSession visit, TestServer server) {
        var page = visit.go("/docs/");
        assertThat(page).hasURL(server.url() + "/docs");
        assertThat(page.locator(".servers select")).containsText("/pbx" + TestServer.BASE);
        assertThat(page.locator(".opblock").first()).isVisible();
    }

    // what the tests are made of

    private HttpResponse<String> through(
            TestServer server, String method, String path, @Nullable String body, String... headers) {
        return server.sendTo(URI.create("http://127.0.0.1:" + port + path), method, body, headers);
    }

    private String url(String path) {
        return "https://localhost:" + port + path;
    }

    /** The answer, once it begins so. */
    private static String proxied(TestCertificate certificate, String begin, String... options) {
        var answers = new ArrayList<String>();
        Await.until(() -> {
            try {
                answers.add(curl(certificate, options));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return answers.getLast().startsWith(begin);
        });
        return answers.getLast();
    }

    private static String curl(TestCertificate certificate, String... options) throws IOException {
        var command = new ArrayList<>(
                List.of("curl", "-4sgi", "--cacert", certificate.certificate().toString(), "-u", "username:password"));
        command.addAll(List.of(options));
        return ExternalProgram.output(command.toArray(String[]::new));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
