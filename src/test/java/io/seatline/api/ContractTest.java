package io.seatline.api;

import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.CALLER_ID_NAME;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.NewAccount;
import io.seatline.account.PhoneSecret;
import io.seatline.support.RawConnection;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The contract's page, request by request: what it shows as sent is sent, with only the host replaced, and what it
 * shows as answered is answered, with the members in the same order.
 */
final class ContractTest {
    private static final String DOCUMENTED_HOST = "api.telecom.center";
    private static final String ID = "c1c798dc-ee42-462e-8fca-0fa96d6fe3c0";

    private static TestServer server;

    /** An answer as the page shows one, or as a client printed it. */
    private record Shown(int status, String contentType, JsonNode body) {}

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.account(
                "test",
                new NewAccount(
                        UUID.fromString(ID),
                        "123",
                        AccountSettings.of("z4wnypvker", new PhoneSecret.Password("08hxobdp5z"))
                                .with(CALLER_ID_NAME, "Helo bye")
                                .with(USE_ALLOWED_IPS, true)
                                .with(ALLOWED_IPS, AllowList.parse("127.0.0.1"))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The account as the page shows it. */
    @BeforeEach
    void settle() {
        server.database().run("UPDATE sip_accounts SET use_allowed_ips = true, allowed_ips = '{127.0.0.1/32}'");
    }

    private static void unsettle() {
        server.database().run("UPDATE sip_accounts SET use_allowed_ips = false, allowed_ips = '{}'");
    }

    @Test
    void list_asTheHttpFormAsks() {
        assertShown(sent(fromHttpForm("list.http")), documented("list.response"));
    }

    @Test
    void list_asTheCurlLineAsks() {
        assertShown(sent(fromCurlLine("list.curl")), documented("list.response"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void list_byCurl(String protocol) {
        assertShown(printed("list.curl", protocol), documented("list.response"));
    }

    @Test
    void one_isTheListsOnlyEntry() {
        var request = fromHttpForm("list.http").replace("/sip_device_routes ", "/sip_device_routes/" + ID + " ");
        var list = documented("list.response");
        var document = TestServer.JSON.createObjectNode();
        document.set("data", list.body().path("data").path(0));
        assertShown(sent(request), new Shown(list.status(), list.contentType(), document));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void one_byCurl(String protocol) {
        var list = documented("list.response");
        var document = TestServer.JSON.createObjectNode();
        document.set("data", list.body().path("data").path(0));
        var line = curlLine("list.curl").replace("/sip_device_routes ", "/sip_device_routes/" + ID + " ");
        assertShown(printedBy(line, protocol), new Shown(list.status(), list.contentType(), document));
    }

    @Test
    void update_asTheHttpFormAsks() {
        unsettle();
        assertShown(sent(fromHttpForm("update.http")), documented("update.response"));
        assertShown(sent(fromHttpForm("update.http")), documented("update.response"));
    }

    @Test
    void update_asTheCurlLineAsks() {
        unsettle();
        assertShown(sent(fromCurlLine("update.curl")), documented("update.response"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void update_byCurl(String protocol) {
        unsettle();
        assertShown(printed("update.curl", protocol), documented("update.response"));
    }

    @Test
    void documents_haveTheMembersInTheOrderOfTheResponses() {
        // JsonNode.equals does not look at the order, so that the other tests' comparison of texts must.
        var one = (ObjectNode) TestServer.JSON.readTree("{\"a\":1,\"b\":2}");
        var other = (ObjectNode) TestServer.JSON.readTree("{\"b\":2,\"a\":1}");
        assertThat(one).isEqualTo(other);
        assertThat(one.toString()).isNotEqualTo(other.toString());
    }

    private static void assertShown(Shown actual, Shown expected) {
        assertThat(actual.status()).as(actual.body().toPrettyString()).isEqualTo(expected.status());
        assertThat(actual.contentType()).isEqualTo(expected.contentType());
        assertThat(actual.body().toPrettyString())
                .isEqualTo(expected.body().toPrettyString().replace("https://" + DOCUMENTED_HOST, server.url()));
    }

    // requests

    /** The form's bytes. Its body's length, which the form leaves to the client, is added. */
    private static String fromHttpForm(String file) {
        var text = resource(file).replace(DOCUMENTED_HOST, "127.0.0.1:" + server.port());
        var headEnd = text.indexOf("\n{");
        var head = headEnd < 0 ? text.stripTrailing() : text.substring(0, headEnd);
        var body = headEnd < 0 ? "" : text.substring(headEnd + 1).stripTrailing();
        return head.replace("\n", "\r\n") + (body.isEmpty() ? "" : length(body)) + "\r\n\r\n" + body;
    }

    private static String length(String body) {
        return "\r\nContent-Length: " + body.getBytes(UTF_8).length;
    }

    /** What curl sends for the line, whether or not there is a curl. */
    private static String fromCurlLine(String file) {
        var words = new ArrayList<>(Pattern.compile("'([^']*)'|(\\S+)")
                .matcher(curlLine(file))
                .results()
                .map(word -> Objects.requireNonNullElse(word.group(1), word.group(2)))
                .toList());
        var method = "GET";
        var target = "";
        var headers = "";
        var body = "";
        for (var i = 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-i" -> {}
                case "-X" -> method = words.get(++i);
                case "-H" -> headers += "\r\n" + words.get(++i);
                case "--data-raw" -> body = words.get(++i);
                case "--user" -> {
                    var login = words.get(++i);
                    var colon = login.indexOf(':');
                    headers += "\r\nAuthorization: "
                            + TestServer.basic(login.substring(0, colon), login.substring(colon + 1));
                }
                default -> target = words.get(i).substring(server.url().length());
            }
        }
        return method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                + "\r\nUser-Agent: curl/8.0.1\r\nAccept: */*" + headers + (body.isEmpty() ? "" : length(body))
                + "\r\n\r\n" + body;
    }

    private static Shown sent(String request) {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(request);
            return new Shown(answer.status(), answer.header("Content-Type"), TestServer.JSON.readTree(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String curlLine(String file) {
        return resource(file).strip().replace("https://" + DOCUMENTED_HOST, server.url());
    }

    private static Shown printed(String file, String protocol) {
        return printedBy(curlLine(file), protocol);
    }

    private static Shown printedBy(String line, String protocol) {
        assumeTrue(run(List.of("sh", "-c", "command -v curl")).exit() == 0, "there is no curl");
        if (protocol.startsWith("--http2")) {
            assumeTrue(run(List.of("curl", "--version")).output().contains("HTTP2"), "this curl has no HTTP/2");
        }
        var curl = run(List.of("sh", "-c", line.replaceFirst("^curl ", "curl -sS --noproxy '*' " + protocol + " ")));
        assertThat(curl.exit()).as(curl.output()).isZero();
        assertThat(curl.output()).startsWith("HTTP/1.1 200");
        // A connection that is upgraded says so first.
        return shown(curl.output().replaceFirst("(?s)^HTTP/1.1 101 .*?\r\n\r\n", ""));
    }

    private record Run(int exit, String output) {}

    private static Run run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return new Run(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    // responses

    private static Shown documented(String file) {
        return shown(resource(file));
    }

    /** Reads an answer's text: a status line, headers, the body from the first brace on. */
    private static Shown shown(String text) {
        var bodyBegins = text.indexOf('{');
        var head = text.substring(0, bodyBegins).lines().toList();
        var contentType = head.stream()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-type:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
        var status = Integer.parseInt(
                Arrays.asList(head.getFirst().strip().split(" ", -1)).get(1));
        return new Shown(status, contentType, TestServer.JSON.readTree(text.substring(bodyBegins)));
    }

    private static String resource(String name) {
        try (var stream = Objects.requireNonNull(ContractTest.class.getResourceAsStream("/contract/" + name))) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
