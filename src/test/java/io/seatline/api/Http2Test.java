package io.seatline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Await;
import io.seatline.support.ExternalProgram;
import io.seatline.support.RawConnection;
import io.seatline.support.RawHttp2;
import io.seatline.support.TestCertificate;
import io.seatline.support.TestServer;
import io.seatline.support.Within;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2: spoken over TLS and nowhere else, and no way to stop the server. */
@SuppressWarnings("NullAway.Init")
class Http2Test {
    @TempDir
    private static Path directory;

    private static TestCertificate certificate;
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        certificate = TestCertificate.create(directory);
        server = TestServer.empty(settings(Map.of()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Map<String, String> settings(Map<String, String> more) {
        var settings = new HashMap<>(more);
        settings.put("tls.certificate", certificate.certificate().toString());
        settings.put("tls.key", certificate.key().toString());
        return settings;
    }

    private static String curl(TestServer server, String... options) throws IOException {
        var command = new String[options.length + 7];
        command[0] = "curl";
        command[1] = "-si";
        command[2] = "--cacert";
        command[3] = certificate.certificate().toString();
        command[4] = "-u";
        command[5] = "username:password";
        System.arraycopy(options, 0, command, 6, options.length);
        command[command.length - 1] = server.url() + TestServer.BASE + "/customers";
        return ExternalProgram.output(command);
    }

    @Test
    void tls_offersHttp2_andSpeaksHttp11ToWhoeverDoesNot() throws IOException {
        assertThat(server.url()).startsWith("https://");
        assertThat(curl(server)).startsWith("HTTP/2 200").contains("\"record_count\":0");
        assertThat(curl(server, "--http1.1")).startsWith("HTTP/1.1 200");
        assertThat(ExternalProgram.output("curl", "-s", "--tls-max", "1.1", "-k", server.url() + "/"))
                .isEmpty();
    }

    /** RFC 6797, RFC 9325 section 4.2: no log-in goes over a plain line, or one that can be read later. */
    @Test
    void tls_isKeptTo_andHasNoOutdatedCiphers() throws IOException {
        assertThat(curl(server)).containsIgnoringCase("strict-transport-security: max-age=31536000");
        for (var port : new int[] {server.port(), server.sipTlsPort()}) {
            for (var suite : new String[] {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA"}) {
                assertThat(handshake(port, suite)).as(suite).doesNotContain("Cipher is ECDHE");
            }
            assertThat(handshake(port, "ECDHE-ECDSA-AES128-GCM-SHA256"))
                    .contains("Cipher is ECDHE-ECDSA-AES128-GCM-SHA256");
        }
    }

    private static String handshake(int port, String suite) throws IOException {
        return ExternalProgram.output(
                "openssl", "s_client", "-connect", "127.0.0.1:" + port, "-tls1_2", "-cipher", suite + ":@SECLEVEL=0");
    }

    /** As a renewal does it: no restart, and no connection that ends. */
    @Test
    void certificate_thatChanges_isReadAgain() throws IOException {
        var folder = Files.createDirectory(directory.resolve("renewed"));
        var before = TestCertificate.create(folder);
        try (var renewing = TestServer.empty(Map.of(
                        "tls.certificate",
                        before.certificate().toString(),
                        "tls.key",
                        before.key().toString()));
                var open = new RawConnection(
                        before.client().getSocketFactory().createSocket("127.0.0.1", renewing.port()))) {
            var request = "GET /docs HTTP/1.1\r\nHost: localhost\r\n\r\n";
            assertThat(open.exchange(request).status()).isEqualTo(200);
            var serial = serial(renewing.port());
            var _ = TestCertificate.create(folder);
            Await.until(() -> {
                try {
                    // the connection is used, or it would end for being idle
                    assertThat(open.exchange(request).status()).isEqualTo(200);
                    return !serial(renewing.port()).equals(serial)
                            && !serial(renewing.sipTlsPort()).equals(serial);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static String serial(int port) throws IOException {
        return ExternalProgram.output(
                "sh",
                "-c",
                "openssl s_client -connect 127.0.0.1:" + port
                        + " </dev/null 2>/dev/null | openssl x509 -noout -serial");
    }

    @Test
    void tls_withHttp2SwitchedOff_speaksHttp11() throws IOException {
        try (var off = TestServer.empty(settings(Map.of("tls.http2", "off")))) {
            assertThat(curl(off)).startsWith("HTTP/1.1 200");
        }
    }

    /** Neither by prior knowledge nor by an upgrade: what a port was not told to speak it does not read. */
    @Test
    void plainPorts_speakHttp1Alone() throws IOException {
        try (var plain = TestServer.empty()) {
            for (var port : new int[] {plain.port(), plain.managementPort()}) {
                try (var connection = new RawConnection(port)) {
                    assertThat(connection
                                    .exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                                    .status())
                            .isGreaterThanOrEqualTo(400);
                    assertThat(connection.isClosed()).isTrue();
                }
                try (var connection = new RawConnection(port)) {
                    var upgrade = connection.exchange(
                            "GET /health/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\n"
                                    + "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n");
                    assertThat(upgrade.status()).isNotEqualTo(101);
                }
            }
        }
    }

    /**
     * An entry longer than the whole table empties it and is not kept (RFC 7541 section 4.4). One library looped on it
     * for ever.
     */
    @Test
    @Within(seconds = 20)
    void headerFieldLongerThanTheTable_isAField() throws IOException {
        for (var i = 0; i < 3; i++) {
            try (var connection = new RawHttp2(certificate.client(), server.port())) {
                connection.send(
                        RawHttp2.HEADERS,
                        RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                        1,
                        RawHttp2.header("GET", "/docs", "x-long", "y".repeat(4_200)));
                assertThat(connection.receive(RawHttp2.HEADERS).stream()).isEqualTo(1);
            }
        }
        assertThat(curl(server)).startsWith("HTTP/2 200");
    }

    @Test
    @Within(seconds = 20)
    void requestsThatAreTakenBackAtOnce_endTheirConnection_andNobodyElses() throws IOException {
        try (var connection = new RawHttp2(certificate.client(), server.port())) {
            var header = RawHttp2.header("GET", "/docs");
            try {
                for (var stream = 1; stream < 20_000; stream += 2) {
                    connection.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, stream, header);
                    connection.send(
                            RawHttp2.RST_STREAM,
                            0,
                            stream,
                            ByteBuffer.allocate(4).putInt(8).array());
                }
                assertThat(connection.receive(RawHttp2.GOAWAY).payload()).isNotEmpty();
            } catch (IOException e) {
                // ended, as it should be
            }
        }
        assertThat(curl(server)).startsWith("HTTP/2 200");
    }

    @Test
    @Within(seconds = 20)
    void headerWithoutEnd_endsItsConnection() throws IOException {
        try (var connection = new RawHttp2(certificate.client(), server.port())) {
            connection.send(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, RawHttp2.header("GET", "/docs"));
            var more = RawHttp2.header("GET", "/docs", "x-more", "y".repeat(1_000));
            Await.until(() -> {
                try {
                    connection.send(RawHttp2.CONTINUATION, 0, 1, more);
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
        assertThat(curl(server)).startsWith("HTTP/2 200");
    }
}
