package io.seatline.sip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Await;
import io.seatline.support.ExternalProgram;
import io.seatline.support.Phone;
import io.seatline.support.Phone.Message;
import io.seatline.support.Promptness;
import io.seatline.support.RawConnection;
import io.seatline.support.RawWebSocket;
import io.seatline.support.SipAnswer;
import io.seatline.support.SipStream;
import io.seatline.support.TestCertificate;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Phones register with the real server by TCP, TLS and WebSocket, and operators see by what they came. */
@SuppressWarnings("NullAway.Init")
class SipTransportsTest {
    private static final String ANNA = "00000000-0000-4000-8000-000000000001";

    private static TestCertificate certificate;
    private static TestServer server;
    private static TestServer secure;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        certificate = TestCertificate.create(directory);
        server = TestServer.empty();
        secure = server.another(Map.of(
                "tls.certificate", certificate.certificate().toString(),
                "tls.key", certificate.key().toString()));
        server.customer("test", "123", null);
        server.account("test", TestServer.plain(ANNA, "123", "anna"));
    }

    @AfterAll
    static void stop() {
        secure.stop();
        server.close();
    }

    /** A way to send a message and get an answer. */
    private interface Line {
        String exchange(String message) throws IOException;
    }

    @Test
    void phone_registersByTcp() throws IOException {
        try (var stream = SipStream.tcp("127.0.0.1", server.sipPort())) {
            registers("TCP", stream.socket().getLocalPort(), message -> {
                stream.send(message);
                return stream.answer();
            });
        }
    }

    @Test
    void phone_registersByTls() throws IOException {
        try (var stream =
                new SipStream(certificate.client().getSocketFactory().createSocket("127.0.0.1", secure.sipTlsPort()))) {
            registers("TLS", stream.socket().getLocalPort(), message -> {
                stream.send(message);
                return stream.answer();
            });
        }
    }

    @Test
    void phone_registersByWebSocketOverTls() throws IOException {
        var socket = certificate.client().getSocketFactory().createSocket("127.0.0.1", secure.port());
        try (var webSocket = RawWebSocket.over(socket, "Origin: https://phone.example")) {
            registers("WSS", socket.getLocalPort(), message -> {
                webSocket.send(message.replace("Content-Length: 0\r\n", ""));
                return webSocket.receive().text();
            });
        }
    }

    @Test
    void phone_registersByWebSocket() throws IOException {
        var plain = server.another(Map.of());
        try {
            var socket = new Socket(InetAddress.getLoopbackAddress(), plain.port());
            try (var webSocket = RawWebSocket.over(socket)) {
                registers("WS", socket.getLocalPort(), message -> {
                    webSocket.send(message);
                    return webSocket.receive().text();
                });
                assertThat(plain.management("/metrics").body())
                        .contains("seatline_sip_connections{address=\"/sip\",transport=\"websocket\"} 1.0");
                Promptness.within("the end of a server with a phone", Duration.ofSeconds(5), plain::stop);
                assertThat(webSocket.receive().status()).isEqualTo(1001);
            }
        } finally {
            plain.stop();
        }
    }

    @Test
    void registration_endsWithItsConnection_whereTheOperatorSetsSo() throws IOException {
        var plain = server.another(Map.of("sip.connection.end", "end", "sip.websocket.path", "/phones/ws"));
        try (var udp = Phone.at(plain, "anna", "correct-horse-battery");
                var stays = SipStream.tcp("127.0.0.1", plain.sipPort())) {
            try (var stream = SipStream.tcp("127.0.0.1", plain.sipPort())) {
                registers("TCP", stream.socket().getLocalPort(), message -> {
                    stream.send(message);
                    return stream.answer();
                });
            }
            Await.until(() -> liveTransports().isEmpty());
            var socket = new Socket(InetAddress.getLoopbackAddress(), plain.port());
            try (var webSocket = RawWebSocket.at("/phones/ws", socket)) {
                registers("WS", socket.getLocalPort(), message -> {
                    webSocket.send(message);
                    return webSocket.receive().text();
                });
                assertThat(udp.registers().status()).isEqualTo(200);
                assertThat(liveTransports()).containsExactlyInAnyOrder("WS", "UDP");
            }
            Await.until(() -> liveTransports().equals(List.of("UDP")));
            registers("TCP", stays.socket().getLocalPort(), message -> {
                stays.send(message);
                return stays.answer();
            });
            plain.stop();
            assertThat(liveTransports()).isEmpty();
        } finally {
            plain.stop();
        }
    }

    /**
     * As of a phone that opens a new connection from the port of the old one, of which the server hears the end late.
     */
    @Test
    void registration_byANewConnectionOfTheSamePort_outlivesTheOldOne() throws IOException {
        server.database().run("DELETE FROM bindings");
        var plain = server.another(Map.of("sip.connection.end", "end", "sip.host", "127.0.0.1, 127.0.0.2"));
        try (var phone = Phone.at(plain, "anna", "correct-horse-battery");
                var after = new Socket()) {
            after.setReuseAddress(true);
            try (var before = new Socket()) {
                before.setReuseAddress(true);
                // one that the system gives may be another connection's too, which lets nobody else have it
                before.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ExternalProgram.freePort()));
                before.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), plain.sipPort()));
                var old = new SipStream(before);
                var challenge = answer(exchange(old, phone.register()));
                registers(old, phone.register().with("Contact", "<sip:anna@old.invalid>"), challenge, 1);
                after.bind(before.getLocalSocketAddress());
                after.connect(new InetSocketAddress(InetAddress.getAllByName("127.0.0.2")[0], plain.sipPort()));
                var next = new SipStream(after);
                registers(next, phone.register().with("Contact", "<sip:anna@new.invalid>"), challenge, 2);
                assertThat(live("contact")).containsExactlyInAnyOrder("sip:anna@old.invalid", "sip:anna@new.invalid");
            }
            Await.until(() -> live("contact").size() < 2);
            assertThat(live("contact")).containsExactly("sip:anna@new.invalid");
        } finally {
            plain.stop();
        }
    }

    private static void registers(SipStream stream, Message register, SipAnswer challenge, int count)
            throws IOException {
        var request = register.with("Call-ID", UUID.randomUUID().toString()).answering(challenge, "SHA-256", count);
        assertThat(answer(exchange(stream, request)).status()).isEqualTo(200);
    }

    private static String exchange(SipStream stream, Message register) throws IOException {
        stream.send(register.text());
        return stream.answer();
    }

    private static List<String> liveTransports() {
        return live("transport");
    }

    private static List<String> live(String attribute) {
        var registrations = TestServer.json(server.get("/sip_device_routes/" + ANNA + "/registrations"));
        return StreamSupport.stream(registrations.get("data").spliterator(), false)
                .map(one -> one.at("/attributes/" + attribute).asString())
                .toList();
    }

    private static void registers(String transport, int port, Line line) throws IOException {
        server.database().run("DELETE FROM bindings");
        try (var phone = Phone.at(server, "anna", "correct-horse-battery")) {
            var contact = "<sip:anna@%s.invalid;transport=%s>".formatted(UUID.randomUUID(), transport);
            var challenge = answer(line.exchange(phone.register().text()));
            assertThat(challenge.status()).isEqualTo(401);
            var answer = answer(line.exchange(phone.register()
                    .with("Contact", contact)
                    .answering(challenge, "SHA-256", 1)
                    .text()));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.contacts()).singleElement().asString().startsWith(contact);
            var registration = TestServer.json(server.get("/sip_device_routes/" + ANNA + "/registrations"))
                    .at("/data/0/attributes");
            assertThat(registration.get("transport").asString()).isEqualTo(transport);
            assertThat(registration.get("source_address").asString()).isEqualTo("127.0.0.1");
            assertThat(registration.get("source_port").asInt()).isEqualTo(port);
        }
    }

    private static SipAnswer answer(String text) {
        var bytes = text.getBytes(UTF_8);
        return SipAnswer.of(bytes, bytes.length);
    }

    @Test
    void webSocketHandshake_withoutTheSubprotocol_is400InPlainWords() throws IOException {
        try (var http = new RawConnection(server.port())) {
            var answer = http.exchange(
                    "GET /sip HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("Sec-WebSocket-Protocol: sip");
        }
    }
}
