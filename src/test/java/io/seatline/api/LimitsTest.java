package io.seatline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Await;
import io.seatline.support.TestServer;
import io.seatline.support.Within;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the server does not put up with. */
@SuppressWarnings("NullAway.Init")
class LimitsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void header_longerThanTheServerReads_isRefused() {
        assertThat(server.exchange(
                        server.raw("GET " + TestServer.BASE + "/customers HTTP/1.1", "X-Long: " + "x".repeat(20_000))))
                .startsWith("HTTP/1.1 4")
                .contains("\"errors\"")
                .doesNotContain("jetty");
        assertThat(server.exchange(server.raw(
                        "GET " + TestServer.BASE + "/customers?filter[name]=" + "x".repeat(12_000) + " HTTP/1.1")))
                .startsWith("HTTP/1.1 200");
        assertThat(server.exchange(server.raw(
                        "GET " + TestServer.BASE + "/customers?filter[name]=" + "x".repeat(40_000) + " HTTP/1.1")))
                .satisfiesAnyOf(
                        answer -> assertThat(answer).isEmpty(),
                        answer -> assertThat(answer).startsWith("HTTP/1.1 4"));
    }

    @Test
    void body_longerThanTheServerReads_is413_withoutReadingIt() throws IOException {
        var request = server.raw("POST " + TestServer.BASE + "/customers HTTP/1.1", "Content-Length: 104857600");
        assertThat(answerTo(request)).startsWith("HTTP/1.1 413").contains("The body is longer than 65536 bytes.");
    }

    @Test
    void body_withABrokenTransferCoding_is400() throws IOException {
        for (var broken : List.of("zz\r\nabc\r\n", "-1\r\n", "5\r\nabcdefgh\r\n0\r\n\r\n", "0\r\nTrailer\r\n\r\n")) {
            var request = server.raw("POST " + TestServer.BASE + "/customers HTTP/1.1", "Transfer-Encoding: chunked");
            assertThat(answerTo(request + broken)).as(broken).startsWith("HTTP/1.1 400");
        }
    }

    /** Each of these once kept the whole process busy, or out of memory. */
    @Test
    @Within(seconds = 20)
    void requests_thatAreCheapToSend_areCheapToAnswer() throws IOException {
        assertThat(server.exchange("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept-Language: "
                        + "a-".repeat(6000) + "a\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
        var members = new StringBuilder();
        for (var i = 0; i < 4000; i++) {
            members.append(i == 0 ? "" : ",").append("\"m").append(i).append("\":0");
        }
        var unknown = server.post("/customers", "{\"data\":{\"type\":\"customers\",\"attributes\":{" + members + "}}}");
        assertThat(TestServer.json(unknown).at("/errors").size()).isEqualTo(20);
        var deep = "{\"" + "n".repeat(250) + "\":";
        assertThat(server.post("/customers", deep.repeat(10) + "[" + "0,".repeat(28_000) + "0]" + "}".repeat(10))
                        .statusCode())
                .isEqualTo(400);
        var prefix = "1.1.1.1/" + "9".repeat(50_000);
        assertThat(server.patch("/sip_device_routes/00000000-0000-7000-8000-000000000001", """
                        {"data": {"type": "sip_device_routes", "id": "00000000-0000-7000-8000-000000000001",
                            "attributes": {"allowed_ips": "%s"}}}""".formatted(prefix))
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.exchange(server.raw("GET " + TestServer.BASE + "/customers/\0 HTTP/1.1")))
                .startsWith("HTTP/1.1 4");
        assertThat(server.exchange(server.raw("G\u0001T " + TestServer.BASE + "/customers HTTP/1.1")))
                .startsWith("HTTP/1.1 4");
    }

    /** What comes back to a request whose body is still to come. */
    private static String answerTo(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var answer = new StringBuilder();
            while (!answer.toString().endsWith("]}")) {
                answer.append((char) socket.getInputStream().read());
            }
            return answer.toString();
        }
    }

    @Test
    void whatIsNoHttp_isAnsweredWithAnErrorDocumentOrClosed() {
        for (var request : new String[] {
            "\r\n\r\n",
            "GET\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000",
            "GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
            "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /docs/assets/..%2f..%2f..%2fio/seatline/Main.class HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        }) {
            var answer = exchangeAndShut(request);
            assertThat(answer)
                    .as(request)
                    .satisfiesAnyOf(
                            text -> assertThat(text).isEmpty(),
                            text -> assertThat(text).startsWith("HTTP/1.1 4"),
                            text -> assertThat(text).startsWith("HTTP/1.1 505"));
        }
    }

    private static String exchangeAndShut(String request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    @Tag("slow")
    void clientThatSendsNothingMore_isCutOff_silentOrDripping() throws Exception {
        try (var impatient = TestServer.empty(Duration.ofSeconds(2));
                var silent = new Socket(InetAddress.getLoopbackAddress(), impatient.port());
                var dripping = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
            silent.getOutputStream().write("GET / HTTP/1.1\r\nHost: l".getBytes(StandardCharsets.US_ASCII));
            silent.setSoTimeout(Await.CLOSE);
            var drip = Thread.ofVirtual().start(() -> {
                try {
                    dripping.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
                    for (var i = 0; ; i++) {
                        dripping.getOutputStream().write(("X-" + i + ": x\r\n").getBytes(StandardCharsets.US_ASCII));
                        Thread.sleep(500);
                    }
                } catch (IOException | InterruptedException e) {
                    // cut off, as it should be
                }
            });
            assertThat(ends(silent.getInputStream()))
                    .as("silent for two seconds")
                    .isTrue();
            dripping.setSoTimeout(Await.CLOSE);
            assertThat(ends(dripping.getInputStream()))
                    .as("no request within two seconds")
                    .isTrue();
            assertThat(drip.join(Duration.ofSeconds(30)))
                    .as("nothing more can be written")
                    .isTrue();
            // whose own work may take longer than that on a busy machine
            Await.until(() -> impatient.get("/customers").statusCode() == 200);
        }
    }

    private static boolean ends(InputStream stream) throws IOException {
        try {
            stream.readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void manyIdleConnections_leaveTheServerAnswering() throws Exception {
        var idle = new ArrayList<Socket>();
        try {
            for (var i = 0; i < 500; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
            }
            assertThat(server.get("/customers").statusCode()).isEqualTo(200);
        } finally {
            for (var socket : idle) {
                socket.close();
            }
        }
    }
}
