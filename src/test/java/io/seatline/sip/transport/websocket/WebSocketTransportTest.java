package io.seatline.sip.transport.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seatline.http.ClientAddress;
import io.seatline.http.Exchange;
import io.seatline.http.HttpServer;
import io.seatline.sip.transport.ConnectionLimits;
import io.seatline.sip.transport.Transport;
import io.seatline.support.Await;
import io.seatline.support.Promptness;
import io.seatline.support.RawConnection;
import io.seatline.support.RawWebSocket;
import io.seatline.support.SipAnswers;
import io.seatline.support.SipStream;
import io.seatline.support.TestCertificate;
import io.seatline.support.TestLimits;
import io.seatline.support.Within;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIP over WebSocket, with answers of the test's own, on an HTTP server that is more impatient than the real one. */
@SuppressWarnings("NullAway.Init")
@Timeout(180)
@Tag("slow")
class WebSocketTransportTest {
    private static Edge edge;

    @BeforeAll
    static void start() throws IOException {
        edge = new Edge(ConnectionLimits.usual(Duration.ofHours(2)), List.of(), null);
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    private static final String HANDSHAKE = """
            GET /sip HTTP/1.1\r
            Host: localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Protocol: sip\r
            Sec-WebSocket-Version: 13\r
            \r
            """;

    /** An HTTP server with SIP at its place, put together as the real one is. */
    private static final class Edge implements AutoCloseable {
        private static final Duration HTTP_LIMIT = Duration.ofSeconds(1);

        private final SipAnswers answers = new SipAnswers();
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final WebSocketTransport transport;
        private final HttpServer server;

        Edge(ConnectionLimits limits, List<IPAddress> trustedProxies, @Nullable SSLContext tls) throws IOException {
            transport = new WebSocketTransport("/sip", answers, limits, meters);
            server = new HttpServer(
                    new HttpServer.Options(
                            "edge",
                            "",
                            ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                            Optional.ofNullable(tls),
                            true,
                            HTTP_LIMIT,
                            Duration.ofSeconds(7),
                            1_500,
                            750),
                    new ClientAddress(trustedProxies),
                    List.of(transport, Edge::other),
                    (exchange, nanos) -> {});
        }

        private static boolean other(Exchange exchange) {
            exchange.send("other".getBytes(UTF_8));
            return true;
        }

        int port() {
            return server.port();
        }

        @Override
        public void close() {
            transport.close();
            server.close();
        }
    }

    // handshake

    @Test
    void handshake_withTheSubprotocol_opens() throws IOException {
        try (var client = RawWebSocket.open(edge.port(), "Sec-WebSocket-Protocol: chat, sip")) {
            assertThat(client.answer())
                    .contains(
                            "HTTP/1.1 101 Switching Protocols",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            // the example of RFC 6455 section 1.3
                            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                            "Sec-WebSocket-Protocol: sip");
        }
    }

    @Test
    void handshake_thatIsNone_isRefusedAndSaysWhy() throws IOException {
        refused("Sec-WebSocket-Protocol: chat", 400, "The subprotocol sip must be offered");
        refused("Sec-WebSocket-Protocol: SIP", 400, "The subprotocol sip must be offered");
        refused("Sec-WebSocket-Key: c2hvcnQ=", 400, "Sec-WebSocket-Key must be 16 bytes");
        refused("Sec-WebSocket-Key: *", 400, "Sec-WebSocket-Key must be 16 bytes");
        refused("Sec-WebSocket-Version: 8", 426, "version 13");
        refused("Upgrade: h2c", 426, "Here SIP is spoken over WebSocket");
        try (var http = new RawConnection(edge.port())) {
            var answer = http.exchange("POST /sip HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).isEqualTo("GET");
        }
        // as by a proxy that was told half of it
        try (var http = new RawConnection(edge.port())) {
            var answer = http.exchange(
                    "GET /sip HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: close\r\n\r\n");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("not a well-formed HTTP request");
        }
    }

    private static void refused(String header, int status, String why) throws IOException {
        try (var http = new RawConnection(edge.port())) {
            var name = header.substring(0, header.indexOf(':') + 1);
            var request = new StringBuilder("GET /sip HTTP/1.1\r\nHost: localhost\r\n");
            for (var line : List.of(
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Protocol: sip",
                    "Sec-WebSocket-Version: 13")) {
                request.append(line.startsWith(name) ? header : line).append("\r\n");
            }
            var answer = http.exchange(request.append("\r\n").toString());
            assertThat(answer.status()).as(header).isEqualTo(status);
            assertThat(answer.body()).contains(why);
            assertThat(answer.header("Upgrade")).isEqualTo(status == 426 ? "websocket" : "");
            // it is HTTP still
            assertThat(http.exchange("GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .body())
                    .isEqualTo("other");
        }
    }

    /** Anybody could take all places otherwise, and no phone would come in any more. */
    @Test
    void handshake_thatTheLibraryRefuses_keepsNoPlace() throws IOException {
        try (var small = new Edge(ConnectionLimits.usual(Duration.ofHours(2)).withConnections(1), List.of(), null)) {
            for (var request : List.of(
                    HANDSHAKE.replace("Upgrade: websocket", "Upgrade: h2c, websocket"),
                    HANDSHAKE.replace("HTTP/1.1", "HTTP/1.0"))) {
                for (var i = 0; i < 3; i++) {
                    try (var http = new RawConnection(small.port())) {
                        var answer = http.exchange(request);
                        assertThat(answer.status()).isEqualTo(400);
                        assertThat(answer.body()).contains("A WebSocket is opened by HTTP/1.1");
                    }
                }
            }
            try (var client = RawWebSocket.open(small.port())) {
                assertThat(client.answer().getFirst()).contains(" 101 ");
            }
        }
    }

    /** As a phone's network breaks off. */
    @Test
    void handshake_whoseClientResets_keepsNoPlace() throws Exception {
        try (var small = new Edge(ConnectionLimits.usual(Duration.ofHours(2)), List.of(), null)) {
            for (var i = 0; i < 100; i++) {
                var client = new Socket(InetAddress.getLoopbackAddress(), small.port());
                client.getOutputStream().write(HANDSHAKE.getBytes(ISO_8859_1));
                Thread.sleep(i % 3);
                client.setSoLinger(true, 0);
                client.close();
            }
            Await.until(
                    () -> small.meters.get("seatline.sip.connections").gauge().value() == 0);
        }
    }

    @Test
    void handshake_elsewhere_isNone() throws IOException {
        try (var http = new RawConnection(edge.port())) {
            assertThat(http.exchange(
                                    "GET /other HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n"
                                            + "Sec-WebSocket-Version: 13\r\n\r\n")
                            .body())
                    .isEqualTo("other");
        }
    }

    /** A page has no credential here that it did not ask its user for: no cookie, no HTTP log-in. */
    @Test
    void handshake_fromAPageOfAnyOrigin_opens() throws IOException {
        try (var client = RawWebSocket.open(edge.port(), "Origin: https://elsewhere.example")) {
            assertThat(client.answer().getFirst()).contains(" 101 ");
        }
    }

    // messages

    @Test
    void message_ofARealClient_isAnsweredInKind() throws Exception {
        var received = new LinkedBlockingQueue<String>();
        try (var http = HttpClient.newHttpClient()) {
            var client = open(http, "ws://127.0.0.1:" + edge.port() + "/sip", received);
            assertThat(client.getSubprotocol()).isEqualTo("sip");
            client.sendText(withoutLength("text"), true).join();
            assertThat(received.poll(30, TimeUnit.SECONDS))
                    .startsWith("text: SIP/2.0 200 ")
                    .contains("Call-ID: text\r\n");
            assertThat(edge.answers.lastSource().transport()).isEqualTo(Transport.WS);
            client.sendBinary(ByteBuffer.wrap(withoutLength("binary").getBytes(UTF_8)), true)
                    .join();
            assertThat(received.poll(30, TimeUnit.SECONDS)).startsWith("binary: SIP/2.0 200 ");
            client.sendText(withoutLength("late-fragmented").substring(0, 50), false)
                    .join();
            client.sendText(withoutLength("late-fragmented").substring(50), true)
                    .join();
            client.sendText(withoutLength("large-1"), true).join();
            assertThat(received.poll(30, TimeUnit.SECONDS))
                    .contains("Call-ID: large-1\r\n")
                    .hasSizeGreaterThan(16_000);
            edge.answers.answerLate();
            assertThat(received.poll(30, TimeUnit.SECONDS)).contains("Call-ID: late-fragmented\r\n");
            client.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("closed: 1000");
        }
    }

    /** RFC 7118 section 5 has one in each; some clients put what is due together. */
    @Test
    void messages_thatComeTogether_areEachAnswered() throws IOException {
        try (var client = RawWebSocket.open(edge.port())) {
            client.send(SipStream.options("first") + "\r\n" + SipStream.options("second") + withoutLength("third"));
            for (var name : List.of("first", "second", "third")) {
                assertThat(client.receive().text()).startsWith("SIP/2.0 200 ").contains("Call-ID: " + name);
            }
        }
    }

    @Test
    void handshakeOfARealClient_withoutTheSubprotocol_fails() {
        try (var http = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> http.newWebSocketBuilder()
                            .buildAsync(
                                    URI.create("ws://127.0.0.1:" + edge.port() + "/sip"), new WebSocket.Listener() {})
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("WebSocketHandshakeException");
        }
    }

    private static WebSocket open(HttpClient http, String uri, LinkedBlockingQueue<String> received) {
        return http.newWebSocketBuilder()
                .subprotocols("sip")
                .buildAsync(URI.create(uri), new WebSocket.Listener() {
                    private final StringBuilder message = new StringBuilder();

                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        return part("text: ", socket, data, last);
                    }

                    @Override
                    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
                        return part("binary: ", socket, UTF_8.decode(data), last);
                    }

                    private @Nullable CompletionStage<?> part(
                            String kind, WebSocket socket, CharSequence data, boolean last) {
                        message.append(data);
                        if (last) {
                            received.add(kind + message);
                            message.setLength(0);
                        }
                        socket.request(1);
                        return null;
                    }

                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                        received.add("closed: " + status);
                        return null;
                    }
                })
                .join();
    }

    /** RFC 7118 section 5: a message of WebSocket is one of SIP, and needs no Content-Length. */
    private static String withoutLength(String callId) {
        return SipStream.options(callId).replace("Content-Length: 0\r\n", "");
    }

    @Test
    void message_inAnyPieces_isRead_andControlFramesMayComeBetween() throws Exception {
        try (var client = RawWebSocket.open(edge.port())) {
            var bytes = withoutLength("pieces").getBytes(ISO_8859_1);
            for (var b : RawWebSocket.masked(RawWebSocket.FIN | RawWebSocket.TEXT, bytes)) {
                client.raw(new byte[] {b});
            }
            assertThat(client.receive().text()).contains("Call-ID: pieces\r\n");
            client.send(RawWebSocket.TEXT, "OPTIONS sip:seatline.example".getBytes(ISO_8859_1));
            client.send(RawWebSocket.FIN | RawWebSocket.PING, "between".getBytes(ISO_8859_1));
            client.send(0, new byte[0]);
            client.send(RawWebSocket.FIN, withoutLength("joined").substring(28).getBytes(ISO_8859_1));
            var pong = client.receive();
            assertThat(pong.opcode()).isEqualTo(RawWebSocket.PONG);
            assertThat(pong.text()).isEqualTo("between");
            assertThat(client.receive().text()).startsWith("SIP/2.0 200 ").contains("Call-ID: joined\r\n");
            client.send(RawWebSocket.FIN | RawWebSocket.PONG, new byte[0]);
            client.send("\r\n\r\n");
            assertThat(client.receive().text()).as("RFC 5626 section 4.4.1").isEqualTo("\r\n");
        }
    }

    @Test
    void messageThatIsMalformed_is400_andTheConnectionStays() throws IOException {
        try (var client = RawWebSocket.open(edge.port())) {
            client.send("no SIP at all");
            client.send(withoutLength("malformed").replace("CSeq: 1 OPTIONS", "CSeq: x"));
            assertThat(client.receive().text()).startsWith("SIP/2.0 400 ");
            client.send(withoutLength("good"));
            assertThat(client.receive().text()).contains("Call-ID: good\r\n");
        }
    }

    @Test
    void frameThatBreaksTheProtocol_isAnsweredWithAClose_andTheConnectionCloses() throws IOException {
        var text = "x".getBytes(ISO_8859_1);
        closed(1002, new byte[] {(byte) (RawWebSocket.FIN | RawWebSocket.TEXT), 1, 'x'});
        closed(1002, RawWebSocket.masked(RawWebSocket.FIN | 0x40 | RawWebSocket.TEXT, text));
        closed(1002, RawWebSocket.masked(RawWebSocket.FIN | 0x3, text));
        closed(1002, RawWebSocket.masked(RawWebSocket.FIN, text));
        closed(1002, RawWebSocket.masked(RawWebSocket.PING, text));
        closed(1002, RawWebSocket.masked(RawWebSocket.FIN | RawWebSocket.PING, new byte[126]));
        closed(1002, twice(RawWebSocket.masked(RawWebSocket.TEXT, text)));
        closed(1009, new byte[] {(byte) 0x81, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        closed(1007, RawWebSocket.masked(RawWebSocket.FIN | RawWebSocket.TEXT, new byte[] {(byte) 0xc3, 0x28}));
        closed(1009, RawWebSocket.masked(RawWebSocket.FIN | RawWebSocket.TEXT, new byte[65_537]));
        closed(1009, new byte[] {(byte) 0x82, (byte) 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        closed(1009, twice(RawWebSocket.masked(RawWebSocket.TEXT, new byte[40_000])), 0x80);
    }

    private static byte[] twice(byte[] frame) {
        return ByteBuffer.allocate(2 * frame.length).put(frame).put(frame).array();
    }

    /** @param second what the second frame begins with instead */
    private static void closed(int status, byte[] frames, int second) throws IOException {
        frames[frames.length / 2] = (byte) second;
        closed(status, frames);
    }

    private static void closed(int status, byte[] frames) throws IOException {
        try (var client = RawWebSocket.open(edge.port())) {
            client.raw(frames);
            var close = client.receive();
            assertThat(close.opcode()).isEqualTo(RawWebSocket.CLOSE);
            assertThat(close.status()).isEqualTo(status);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void longestMessage_isRead() throws IOException {
        try (var client = RawWebSocket.open(edge.port())) {
            client.send(RawWebSocket.TEXT, new byte[40_000]);
            client.send(RawWebSocket.FIN, new byte[25_536]);
            client.send(withoutLength("behind"));
            assertThat(client.receive().text()).contains("Call-ID: behind\r\n");
        }
    }

    // where from

    @Test
    void source_isTheConnections_andATrustedProxysWordWhereThereIsOne() throws IOException {
        assertThat(sourceSeenBy(edge, "X-Forwarded-For: 198.51.100.7")).isEqualTo("127.0.0.1");
        var proxy = new IPAddressString("127.0.0.1").getAddress();
        try (var behindProxy = new Edge(ConnectionLimits.usual(Duration.ofHours(2)), List.of(proxy), null)) {
            assertThat(sourceSeenBy(behindProxy, "X-Forwarded-For: 203.0.113.9, 198.51.100.7"))
                    .isEqualTo("198.51.100.7");
            assertThat(sourceSeenBy(behindProxy, "X-Forwarded-For: 2001:db8::7"))
                    .isEqualTo("2001:db8:0:0:0:0:0:7");
            assertThat(sourceSeenBy(behindProxy, "X-Other: x")).isEqualTo("127.0.0.1");
        }
    }

    private static String sourceSeenBy(Edge edge, String header) throws IOException {
        try (var client = RawWebSocket.open(edge.port(), header)) {
            client.send(withoutLength("whence"));
            assertThat(client.receive().text()).contains("Call-ID: whence\r\n");
            return edge.answers.lastSource().address().getAddress().getHostAddress();
        }
    }

    // limits

    @Test
    void connections_moreThanThereMayBe_areRefusedWith503() throws IOException {
        try (var small = new Edge(ConnectionLimits.usual(Duration.ofHours(2)).withConnections(1), List.of(), null)) {
            try (var first = RawWebSocket.open(small.port());
                    var second = RawWebSocket.open(small.port())) {
                assertThat(first.answer().getFirst()).contains(" 101 ");
                assertThat(second.answer().getFirst()).contains(" 503 ");
                assertThat(second.answer()).contains("Retry-After: 10");
                assertThat(small.meters
                                .get("seatline.sip.connections")
                                .tag("transport", "websocket")
                                .gauge()
                                .value())
                        .isEqualTo(1);
            }
            Await.until(
                    () -> small.meters.get("seatline.sip.connections").gauge().value() == 0);
            try (var next = RawWebSocket.open(small.port())) {
                assertThat(next.answer().getFirst()).contains(" 101 ");
            }
        }
    }

    @Test
    @Tag("slow")
    @Within(seconds = 16)
    void connection_outlivesTheLimitsOfHttp_andHasItsOwn(@TempDir Path directory) throws Exception {
        var certificate = TestCertificate.create(directory);
        var limits = new TestLimits().idle(Duration.ofSeconds(5)).build();
        try (var plain = new Edge(limits, List.of(), null);
                var secure = new Edge(limits, List.of(), certificate.server());
                var client = RawWebSocket.open(plain.port());
                var secureClient = RawWebSocket.over(
                        certificate.client().getSocketFactory().createSocket("127.0.0.1", secure.port()))) {
            Thread.sleep(3_000);
            for (var each : List.of(client, secureClient)) {
                each.send(withoutLength("silent-before"));
                assertThat(each.receive().text()).contains("Call-ID: silent-before\r\n");
            }
            assertThat(secure.answers.lastSource().transport()).isEqualTo(Transport.WSS);
            Thread.sleep(2_500);
            client.send(RawWebSocket.FIN | RawWebSocket.PONG, new byte[0]);
            assertThat(secureClient.isClosed()).isTrue();
            assertThat(client.isClosedWithin(500)).isFalse();
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    @Within(seconds = 2)
    void connectionThatBringsNoMessage_isClosed() throws IOException {
        var limits = new TestLimits().firstMessage(Duration.ofMillis(500)).build();
        try (var impatient = new Edge(limits, List.of(), null);
                var client = RawWebSocket.open(impatient.port())) {
            client.send(RawWebSocket.FIN | RawWebSocket.PING, new byte[0]);
            assertThat(client.receive().opcode()).isEqualTo(RawWebSocket.PONG);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void clientThatDoesNotRead_isCutOff(@TempDir Path directory) throws Exception {
        var certificate = TestCertificate.create(directory);
        var limits = new TestLimits().write(Duration.ofSeconds(1)).build();
        try (var secure = new Edge(limits, List.of(), certificate.server());
                var plain = new Edge(limits, List.of(), null)) {
            for (var edge : List.of(plain, secure)) {
                var socket = edge == secure
                        ? certificate.client().getSocketFactory().createSocket("127.0.0.1", edge.port())
                        : new Socket(InetAddress.getLoopbackAddress(), edge.port());
                try (var deaf = RawWebSocket.over(socket)) {
                    var sender = Thread.ofVirtual().start(() -> {
                        try {
                            for (var i = 0; i < 5000; i++) {
                                deaf.send(withoutLength("large"));
                            }
                        } catch (IOException e) {
                            // cut off, as it should be
                        }
                    });
                    assertThat(sender.join(Duration.ofSeconds(20))).isTrue();
                    assertThat(edge.answers.handled()).isLessThan(2000);
                    Await.until(() ->
                            edge.meters.get("seatline.sip.connections").gauge().value() == 0);
                }
            }
        }
    }

    // ends

    @Test
    @Within(seconds = 5)
    void close_saysGoodbye_andTheHttpServerStopsAtOnce() throws IOException {
        var stopped = new Edge(ConnectionLimits.usual(Duration.ofHours(2)), List.of(), null);
        try (var idle = RawWebSocket.open(stopped.port());
                var busy = RawWebSocket.open(stopped.port())) {
            busy.send(withoutLength("never"));
            Promptness.within("the end of an HTTP server with two WebSockets", Duration.ofSeconds(3), stopped::close);
            for (var client : List.of(idle, busy)) {
                assertThat(client.receive().status()).isEqualTo(1001);
                assertThat(client.isClosed()).isTrue();
            }
        }
    }

    @Test
    @Within(seconds = 3)
    void closeOfTheClient_isAnswered_behindTheAnswersThatAreDue() throws Exception {
        try (var client = RawWebSocket.open(edge.port())) {
            client.send(withoutLength("late-close"));
            client.send(RawWebSocket.FIN | RawWebSocket.CLOSE, new byte[] {0x03, (byte) 0xe8});
            Thread.sleep(200);
            edge.answers.answerLate();
            assertThat(client.receive().text()).contains("Call-ID: late-close\r\n");
            assertThat(client.receive().status()).isEqualTo(1000);
            assertThat(client.isClosed()).isTrue();
        }
    }
}
