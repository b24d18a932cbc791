package io.seatline.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.RawConnection;
import io.seatline.support.RawConnection.Answer;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request begins and ends (RFC 9112), and what a connection says of itself. */
@SuppressWarnings("NullAway.Init")
class FramingTest {
    private static final String CUSTOMER = "{\"data\":{\"type\":\"customers\"}}";
    private static final String CUSTOMERS = TestServer.BASE + "/customers";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String headers(String... more) {
        return "Host: localhost\r\nAuthorization: " + server.authorization() + "\r\nContent-Type: "
                + TestServer.JSON_API + "\r\n"
                + String.join(
                        "", List.of(more).stream().map(line -> line + "\r\n").toList()) + "\r\n";
    }

    private static String post(String body, String... headers) {
        return "POST " + CUSTOMERS + " HTTP/1.1\r\n" + headers(headers) + body;
    }

    private static void refused(int status, String request) throws IOException {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(request);
            assertThat(answer.status()).as(request).isEqualTo(status);
            assertThat(answer.body()).contains("\"errors\"").doesNotContain("jetty");
            assertThat(answer.header("Connection")).as(request).isEqualTo("close");
            assertThat(connection.isClosed()).as(request).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /% HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
                "G\tT / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000",
            })
    void requestLinesAndHeaders_thatAreNone_are400_andClose(String request) throws IOException {
        refused(400, request);
    }

    @Test
    void lengths_thatContradictEachOther_are400_andClose() throws IOException {
        refused(400, post(CUSTOMER, "Content-Length: 29", "Content-Length: 28"));
        refused(400, post(CUSTOMER, "Content-Length: +29"));
        refused(400, post(CUSTOMER, "Content-Length: 0x1d"));
        refused(400, post(CUSTOMER, "Content-Length: 99999999999999999999"));
        refused(400, post("0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked"));
        refused(400, post("0\r\n\r\n", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"));
        refused(400, post("0\r\n\r\n", "Transfer-Encoding: chunked, gzip"));
    }

    @Test
    void methods_thatAreNotOfAFile_are405_andSayWhichAre() throws IOException {
        for (var request : List.of(
                "DELETE /docs", "POST /openapi.yaml", "PUT /assets/icon.svg", "TRACE /docs", "CONNECT localhost:80")) {
            try (var connection = new RawConnection(server.port())) {
                var answer = connection.exchange(request + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(answer.status()).as(request).isEqualTo(405);
                assertThat(answer.header("Allow")).startsWith("GET, HEAD");
            }
        }
    }

    @Test
    void chunks_thatAreNone_are400_andClose() throws IOException {
        for (var chunks : List.of(
                "+1d\r\n" + CUSTOMER + "\r\n0\r\n\r\n",
                "-1\r\n",
                "0x1d\r\n" + CUSTOMER + "\r\n0\r\n\r\n",
                " 1d\r\n" + CUSTOMER + "\r\n0\r\n\r\n",
                "1d\r\n" + CUSTOMER + "0\r\n\r\n",
                "1d\r\n" + CUSTOMER + "XY0\r\n\r\n",
                "1d\n" + CUSTOMER + "\n0\n\n",
                "fffffffffffffffff\r\n" + CUSTOMER,
                "\r\n")) {
            refused(400, post(chunks, "Transfer-Encoding: chunked"));
        }
        assertThat(server.text("SELECT count(*)::text FROM customers")).isEqualTo("0");
    }

    @Test
    void codings_thatTheServerDoesNotKnow_areRefusedByTheirNames() throws IOException {
        refused(501, post("1d\r\n" + CUSTOMER + "\r\n0\r\n\r\n", "Transfer-Encoding: deflate, chunked"));
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(post(CUSTOMER, "Content-Length: 29", "Content-Encoding: br"));
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.body()).contains("Content-Encoding br").contains("\"header\":\"Content-Encoding\"");
            assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
        }
    }

    @Test
    void firstLineThatIsTooLong_is414_andTheHeader431() throws IOException {
        refused(414, "GET /?" + "x".repeat(17_000) + " HTTP/1.1\r\n" + headers());
        refused(431, "GET / HTTP/1.1\r\n" + headers("X-Long: " + "x".repeat(17_000)));
        refused(431, "GET / HTTP/1.1\r\n" + headers("X: y\r\n".repeat(3_000) + "X: y"));
    }

    @Test
    void whatIsRight_isAccepted_oneBehindTheOther() throws IOException {
        try (var connection = new RawConnection(server.port())) {
            ok(connection.exchange("GET http://elsewhere.example" + CUSTOMERS + " HTTP/1.1\r\n" + headers()));
            ok(connection.exchange("\r\nGET " + CUSTOMERS + " HTTP/1.1\r\n" + headers()));
            // an error of the document, not of its framing
            var chunks =
                    "5;name=value;other=\"quo;ted\"\r\n{\"dat\r\n00018\r\na\":{\"type\":\"customers\"}}\r\n0\r\nX-Trailer: 1\r\n\r\n";
            var answer = connection.exchange(post(chunks, "Transfer-Encoding: Chunked"));
            assertThat(answer.body()).contains("\"code\":\"10");
            assertThat(answer.header("Connection")).isEmpty();
            ok(connection.exchange("GET " + CUSTOMERS + " HTTP/1.1\r\n" + headers("Content-Length: 3") + "any"));
            ok(connection.exchange("GET " + CUSTOMERS + " HTTP/1.1\r\n" + headers("Connection: close")));
            assertThat(connection.isClosed()).isTrue();
        }
    }

    private static void ok(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"data\":[]");
    }

    /** As health checks and the oldest proxies speak. */
    @Test
    void http10_needsNoHost_andCloses_unlessItIsAskedToStay() throws IOException {
        try (var connection = new RawConnection(server.port())) {
            var authorization = "Authorization: " + server.authorization() + "\r\n";
            var stays = connection.exchange(
                    "GET " + CUSTOMERS + " HTTP/1.0\r\nConnection: keep-alive\r\n" + authorization + "\r\n");
            ok(stays);
            assertThat(stays.header("Connection")).isEqualToIgnoringCase("keep-alive");
            assertThat(stays.header("Content-Length")).isNotEmpty();
            ok(connection.exchange("GET " + CUSTOMERS + " HTTP/1.0\r\n" + authorization + "\r\n"));
            assertThat(connection.isClosed()).isTrue();
        }
        try (var management = new RawConnection(server.managementPort())) {
            var answer = management.exchange("HEAD /health/live HTTP/1.0\r\n\r\n");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(management.isClosed()).isTrue();
        }
    }

    @Test
    void bodyThatNobodyWants_isReadOrEndsTheConnection_andIsNoRequest() throws IOException {
        var smuggled = "GET " + CUSTOMERS + " HTTP/1.1\r\n" + headers();
        try (var connection = new RawConnection(server.port())) {
            var request = "POST " + CUSTOMERS + " HTTP/1.1\r\nHost: x\r\nContent-Length: ";
            var answer = connection.exchange(request + smuggled.length() + "\r\n\r\n" + smuggled);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(connection
                            .exchange(smuggled.replace(CUSTOMERS, CUSTOMERS + "/none"))
                            .status())
                    .isEqualTo(404);
            answer = connection.exchange(request + "70000\r\n\r\n" + smuggled);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("Connection")).isEqualTo("close");
            connection.write(new byte[70_000 - smuggled.length()]);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void body_thatWaitsForAWordOfTheServers_isNotSentInVain() throws IOException {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(post("", "Content-Length: 65537", "Expect: 100-continue"));
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(connection.isClosed()).isTrue();
        }
        try (var connection = new RawConnection(server.port())) {
            connection.write(
                    post("", "Content-Length: 29", "Expect: 100-continue").getBytes(ISO_8859_1));
            assertThat(connection.readInterim()).isEqualTo(100);
            assertThat(connection.exchange(CUSTOMER).body()).contains("\"code\":\"10");
        }
    }
}
