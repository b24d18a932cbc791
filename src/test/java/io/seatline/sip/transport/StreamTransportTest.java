package io.seatline.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seatline.support.Await;
import io.seatline.support.ExternalProgram;
import io.seatline.support.Promptness;
import io.seatline.support.SipAnswers;
import io.seatline.support.SipStream;
import io.seatline.support.TestCertificate;
import io.seatline.support.TestLimits;
import io.seatline.support.Within;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIP over TCP and TLS, with answers of the test's own. */
@SuppressWarnings("NullAway.Init")
@Timeout(180)
@Tag("pure")
@Tag("slow")
class StreamTransportTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final SipAnswers ANSWERS = new SipAnswers();
    private static StreamTransport tcp;

    @BeforeAll
    static void start() throws IOException {
        tcp = tcp("::", ANSWERS, ConnectionLimits.usual(Duration.ofHours(2)));
    }

    @AfterAll
    static void stop() {
        tcp.close();
    }

    private static StreamTransport tcp(String host, SipAnswers answers, ConnectionLimits limits) throws IOException {
        return StreamTransport.tcp(new InetSocketAddress(host, 0), answers, limits, new SimpleMeterRegistry());
    }

    private static SipStream connect(StreamTransport transport) throws IOException {
        return SipStream.tcp("127.0.0.1", transport.port());
    }

    // messages

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void request_isAnsweredByItsConnection_andItsSourceIsTheConnections(String host) throws IOException {
        try (var client = SipStream.tcp(host, tcp.port())) {
            client.send(SipStream.options("one"));
            assertThat(client.answer())
                    .startsWith("SIP/2.0 200 OK\r\n")
                    .contains("Call-ID: one\r\n")
                    .contains(";rport=" + client.socket().getLocalPort());
            var source = ANSWERS.lastSource();
            assertThat(source.transport()).isEqualTo(Transport.TCP);
            assertThat(source.address())
                    .isEqualTo(new InetSocketAddress(
                            InetAddress.getByName(host), client.socket().getLocalPort()));
        }
    }

    @Test
    void requests_inOneWrite_areAllAnsweredInOrder() throws IOException {
        try (var client = connect(tcp)) {
            var requests = new StringBuilder();
            for (var i = 0; i < 500; i++) {
                requests.append(SipStream.options("pipelined-" + i));
            }
            client.send(requests.toString());
            for (var i = 0; i < 500; i++) {
                assertThat(client.answer()).contains("Call-ID: pipelined-" + i + "\r\n");
            }
        }
    }

    @Test
    void request_cutAnywhere_isRead() throws Exception {
        try (var client = connect(tcp)) {
            var length = SipStream.options("cut-000").length();
            for (var cut = 1; cut < length; cut++) {
                var request = SipStream.options("cut-%03d".formatted(cut));
                client.send(request.substring(0, cut));
                Thread.sleep(1);
                client.send(request.substring(cut));
                assertThat(client.answer()).contains("Call-ID: cut-%03d\r\n".formatted(cut));
            }
        }
    }

    @Test
    void answers_mayComeLaterAndInAnotherOrder() throws IOException {
        try (var client = connect(tcp)) {
            client.send(SipStream.options("late-1") + SipStream.options("soon-2"));
            assertThat(client.answer()).contains("Call-ID: soon-2\r\n");
            ANSWERS.answerLate();
            assertThat(client.answer()).contains("Call-ID: late-1\r\n");
        }
    }

    @Test
    void doubleCrlf_isAnsweredWithOneCrlf() throws IOException {
        try (var client = connect(tcp)) {
            client.send("\r\n\r\n");
            assertThat(client.bytes(2)).isEqualTo("\r\n");
            client.send(SipStream.options("after-ping") + "\r\n\r\n");
            assertThat(client.answer()).contains("Call-ID: after-ping\r\n");
            assertThat(client.bytes(2)).isEqualTo("\r\n");
        }
    }

    @Test
    void brokenStream_isAnsweredWith400_behindTheOtherAnswers_andClosed() throws Exception {
        try (var client = connect(tcp)) {
            client.send(SipStream.options("late-3")
                    + SipStream.options("broken").replace("Content-Length: 0\r\n", "")
                    + "x".repeat(100_000));
            assertThat(client.answer()).startsWith("SIP/2.0 400 ").contains("Call-ID: broken\r\n");
            ANSWERS.answerLate();
            assertThat(client.answer()).startsWith("SIP/2.0 200 ").contains("Call-ID: late-3\r\n");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void whatIsNoSip_isClosed() throws IOException {
        for (var text : List.of(
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(70_000), "\u0016\u0003\u0001\r\n\r\n")) {
            try (var client = connect(tcp)) {
                client.send(text);
                assertThat(client.isClosed()).isTrue();
            }
        }
    }

    @Test
    void clientThatHasSentAll_stillGetsItsAnswers() throws IOException {
        try (var client = connect(tcp)) {
            client.send(SipStream.options("late-4") + SipStream.options("last"));
            client.socket().shutdownOutput();
            assertThat(client.answer()).contains("Call-ID: last\r\n");
            ANSWERS.answerLate();
            assertThat(client.answer()).contains("Call-ID: late-4\r\n");
            assertThat(client.isClosed()).isTrue();
        }
    }

    // limits

    @Test
    void connections_moreThanThereMayBe_areClosedAtOnce() throws Exception {
        var meters = new SimpleMeterRegistry();
        var limits = ConnectionLimits.usual(Duration.ofHours(2)).withConnections(2);
        try (var transport = StreamTransport.tcp(LOOPBACK, new SipAnswers(), limits, meters)) {
            try (var first = connect(transport);
                    var second = connect(transport);
                    var third = connect(transport)) {
                assertThat(third.isClosed()).isTrue();
                first.send(SipStream.options("first"));
                assertThat(first.answer()).contains("Call-ID: first\r\n");
                second.send(SipStream.options("second"));
                assertThat(second.answer()).contains("Call-ID: second\r\n");
                assertThat(meters.get("seatline.sip.connections")
                                .tag("transport", "tcp")
                                .gauge()
                                .value())
                        .isEqualTo(2);
                assertThat(meters.get("seatline.sip.connections.refused")
                                .tag("limit", "total")
                                .counter()
                                .count())
                        .isEqualTo(1);
            }
            Await.until(() -> meters.get("seatline.sip.connections").gauge().value() == 0);
            try (var next = connect(transport)) {
                next.send(SipStream.options("next"));
                assertThat(next.answer()).contains("Call-ID: next\r\n");
            }
        }
    }

    @Test
    void connectionsOfOneSource_moreThanItMayHave_areClosedAtOnce_andOthersAreNot() throws IOException {
        var limits = new TestLimits().perSource(1).build();
        try (var transport = tcp("127.0.0.1", new SipAnswers(), limits);
                var _ = connect(transport);
                var second = connect(transport);
                var other = new Socket(
                        InetAddress.getLoopbackAddress(), transport.port(), InetAddress.getByName("127.0.0.2"), 0);
                var elsewhere = new SipStream(other)) {
            assertThat(second.isClosed()).isTrue();
            elsewhere.send(SipStream.options("elsewhere"));
            assertThat(elsewhere.answer()).contains("Call-ID: elsewhere\r\n");
        }
    }

    @Test
    void messagesInWork_asManyAsThereMayBe_stopTheReading_untilTheyAreAnsweredOrOld() throws Exception {
        var answers = new SipAnswers();
        var limits = new TestLimits().inWork(4).answer(Duration.ofSeconds(1)).build();
        try (var transport = tcp("127.0.0.1", answers, limits);
                var client = connect(transport)) {
            client.send(SipStream.options("late").repeat(4)
                    + SipStream.options("never").repeat(5)
                    + SipStream.options("last"));
            Await.until(() -> answers.handled() == 4);
            Thread.sleep(300);
            assertThat(answers.handled()).isEqualTo(4);
            answers.answerLate();
            for (var i = 0; i < 4; i++) {
                assertThat(client.answer()).contains("Call-ID: late\r\n");
            }
            Await.until(() -> answers.handled() == 8);
            assertThat(client.answer()).as("a second later").contains("Call-ID: last\r\n");
        }
    }

    @Test
    @Within(seconds = 2)
    void connectionThatBringsNoMessage_isClosed_whateverItPings() throws Exception {
        var limits = new TestLimits().firstMessage(Duration.ofMillis(700)).build();
        try (var transport = tcp("127.0.0.1", new SipAnswers(), limits);
                var silent = connect(transport);
                var pinging = connect(transport)) {
            pinging.send("\r\n\r\n");
            assertThat(pinging.bytes(2)).isEqualTo("\r\n");
            // as often as it likes, from then on
            var pings = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        pinging.send("\r\n\r\n");
                        Thread.sleep(50);
                    }
                } catch (IOException | InterruptedException e) {
                    // cut off, as it should be
                }
            });
            assertThat(pings.join(Duration.ofSeconds(20))).isTrue();
            assertThat(silent.isClosed()).isTrue();
        }
    }

    @Test
    void messageThatDripsIn_isCutOff() throws Exception {
        var limits = new TestLimits().message(Duration.ofMillis(500)).build();
        try (var transport = tcp("127.0.0.1", new SipAnswers(), limits);
                var client = connect(transport)) {
            client.send(SipStream.options("whole"));
            assertThat(client.answer()).contains("Call-ID: whole\r\n");
            var request = SipStream.options("dripping");
            var cutOff = false;
            for (var i = 0; i < request.length() && !cutOff; i++) {
                client.send(request.substring(i, i + 1));
                cutOff = client.isClosedWithin(50);
            }
            assertThat(cutOff).isTrue();
        }
    }

    @Test
    @Within(seconds = 7)
    void connectionThatIsIdle_isClosed_andAKeepAliveIsLife() throws Exception {
        var limits = new TestLimits().idle(Duration.ofSeconds(2)).build();
        try (var transport = tcp("127.0.0.1", new SipAnswers(), limits);
                var client = connect(transport)) {
            client.send(SipStream.options("before"));
            assertThat(client.answer()).contains("Call-ID: before\r\n");
            for (var i = 0; i < 10; i++) {
                Thread.sleep(250);
                client.send("\r\n\r\n");
                assertThat(client.bytes(2)).isEqualTo("\r\n");
            }
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void clientThatDoesNotRead_isCutOff_andHoldsNobodyUp() throws Exception {
        var answers = new SipAnswers();
        var limits = new TestLimits().write(Duration.ofSeconds(1)).build();
        try (var transport = tcp("127.0.0.1", answers, limits);
                var deaf = connect(transport);
                var other = connect(transport)) {
            deaf.socket().setReceiveBufferSize(4096);
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    for (var i = 0; i < 5000; i++) {
                        deaf.send(SipStream.options("large"));
                    }
                } catch (IOException e) {
                    // cut off, as it should be
                }
            });
            Promptness.within("50 answers beside a client that does not read", Duration.ofSeconds(4), () -> {
                for (var i = 0; i < 50; i++) {
                    other.send(SipStream.options("other"));
                    assertThat(other.answer()).contains("Call-ID: other\r\n");
                    Thread.sleep(50);
                }
            });
            assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
            assertThat(answers.handled()).isLessThan(2000);
        }
    }

    /** Many clients each begin a long message: together they may not fill the memory. */
    @Test
    @Tag("slow")
    void unfinishedMessages_ofManyConnections_areBoundedTogether() throws Exception {
        var meters = new SimpleMeterRegistry();
        var limits = new TestLimits()
                .connections(2000)
                .firstMessage(Duration.ofSeconds(60))
                .message(Duration.ofSeconds(60))
                .build();
        var begun = "OPTIONS sip:seatline.example SIP/2.0\r\n" + ("X-Long: " + "x".repeat(8000) + "\r\n").repeat(8);
        var clients = new ArrayList<SipStream>();
        try (var transport = StreamTransport.tcp(LOOPBACK, new SipAnswers(), limits, meters)) {
            for (var i = 0; i < 600; i++) {
                var client = connect(transport);
                clients.add(client);
                try {
                    client.send(begun);
                } catch (IOException e) {
                    // cut off already
                }
            }
            Await.until(
                    () -> meters.get("seatline.sip.connections.cut").counter().count() > 0);
            assertThat(meters.get("seatline.sip.connections").gauge().value()).isBetween(250.0, 600.0);
            try (var small = connect(transport)) {
                small.send(SipStream.options("small"));
                assertThat(small.answer()).contains("Call-ID: small\r\n");
            }
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    /** In a process that may open few files: it waits for some without keeping a processor busy, and then goes on. */
    @Test
    @Tag("slow")
    void fileDescriptors_whenThereAreNone_areWaitedFor() throws Exception {
        var process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 300 && exec \"$0\" -cp \"$1\" io.seatline.support.SipTransportProgram",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.inputReader()) {
            var port = Integer.parseInt(Objects.requireNonNull(out.readLine()));
            // loads the classes, which takes files too
            try (var client = SipStream.tcp("127.0.0.1", port)) {
                client.send(SipStream.options("warm"));
                assertThat(client.answer()).contains("Call-ID: warm\r\n");
            }
            var clients = new ArrayList<SipStream>();
            for (var i = 0; i < 400; i++) {
                clients.add(SipStream.tcp("127.0.0.1", port));
            }
            clients.getFirst().send(SipStream.options("first"));
            assertThat(clients.getFirst().answer()).contains("Call-ID: first\r\n");
            clients.getLast().send(SipStream.options("last"));
            assertThat(clients.getLast().isClosedWithin(500)).isFalse();
            var before = process.info().totalCpuDuration().orElseThrow();
            Thread.sleep(2000);
            assertThat(process.info().totalCpuDuration().orElseThrow().minus(before))
                    .isLessThan(Duration.ofSeconds(1));
            for (var client : clients.subList(0, 300)) {
                client.close();
            }
            assertThat(clients.getLast().socket().isClosed()).isFalse();
            clients.getLast().socket().setSoTimeout(10_000);
            assertThat(clients.getLast().answer()).contains("Call-ID: last\r\n");
            for (var client : clients) {
                client.close();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void errorInOneConnection_endsNoOther() throws IOException {
        try (var other = connect(tcp);
                var client = connect(tcp)) {
            client.send(SipStream.options("error"));
            assertThat(client.isClosed()).isTrue();
            other.send(SipStream.options("other"));
            assertThat(other.answer()).contains("Call-ID: other\r\n");
            try (var next = connect(tcp)) {
                next.send(SipStream.options("next"));
                assertThat(next.answer()).contains("Call-ID: next\r\n");
            }
        }
    }

    @Test
    void close_endsEverythingAtOnce() throws IOException {
        var transport = tcp("127.0.0.1", new SipAnswers(), ConnectionLimits.usual(Duration.ofHours(2)));
        var clients = new ArrayList<SipStream>();
        for (var i = 0; i < 50; i++) {
            clients.add(connect(transport));
        }
        clients.getFirst().send(SipStream.options("never"));
        clients.getLast().send("OPTIONS sip:");
        Promptness.within("the end of 50 connections", Duration.ofSeconds(1), transport::close);
        for (var client : clients) {
            assertThat(client.isClosed()).isTrue();
            client.close();
        }
        assertThatThrownBy(() -> connect(transport)).isInstanceOf(IOException.class);
    }

    @Test
    void portThatIsTaken_isABindException() {
        assertThatThrownBy(() -> StreamTransport.tcp(
                        new InetSocketAddress("::", tcp.port()),
                        ANSWERS,
                        ConnectionLimits.usual(Duration.ofHours(2)),
                        new SimpleMeterRegistry()))
                .isInstanceOf(BindException.class);
    }

    // TLS

    @Test
    void tls_12And13_isAnswered_andNothingElse(@TempDir Path directory) throws Exception {
        var certificate = TestCertificate.create(directory);
        var answers = new SipAnswers();
        try (var transport = tls(certificate, answers, ConnectionLimits.usual(Duration.ofHours(2)))) {
            for (var version : List.of("TLSv1.2", "TLSv1.3")) {
                try (var client = new SipStream(secure(certificate, transport, version))) {
                    client.send(SipStream.options("secure-1") + SipStream.options("secure-2") + "\r\n\r\n");
                    assertThat(client.answer()).contains("Call-ID: secure-1\r\n");
                    assertThat(client.answer()).contains("Call-ID: secure-2\r\n");
                    assertThat(client.bytes(2)).isEqualTo("\r\n");
                    assertThat(answers.lastSource().transport()).isEqualTo(Transport.TLS);
                    client.send("no SIP\r\n\r\n");
                    assertThat(client.isClosed()).isTrue();
                }
            }
            assertThat(ExternalProgram.output(
                            "openssl",
                            "s_client",
                            "-tls1_1",
                            "-cipher",
                            "ALL:@SECLEVEL=0",
                            "-connect",
                            "127.0.0.1:" + transport.port()))
                    .contains("Cipher is (NONE)");
            try (var plain = connect(transport)) {
                plain.send(SipStream.options("plain"));
                assertThat(plain.bytes(1)).as("an alert of TLS").isEqualTo("\u0015");
            }
            assertThatThrownBy(() -> secure(certificate, tcp, "TLSv1.3"))
                    .as("TLS spoken to TCP")
                    .isInstanceOf(IOException.class)
                    // closed without a word of TLS: with a reset, or in an orderly way, as it comes
                    .satisfiesAnyOf(
                            failure -> assertThat(failure).isNotInstanceOf(SSLHandshakeException.class),
                            failure -> assertThat(failure).hasCauseInstanceOf(EOFException.class));
        }
    }

    @Test
    @Within(seconds = 4)
    void tlsHandshake_thatIsNotFinished_isCutOff(@TempDir Path directory) throws Exception {
        var limits = new TestLimits()
                .handshake(Duration.ofMillis(500))
                .firstMessage(Duration.ofMillis(500))
                .build();
        try (var transport = tls(TestCertificate.create(directory), new SipAnswers(), limits);
                var silent = connect(transport);
                var begun = connect(transport)) {
            begun.send("\u0016\u0003\u0001\u0002\u0000\u0001");
            assertThat(silent.isClosed()).isTrue();
            assertThat(begun.isClosed()).isTrue();
        }
    }

    private static StreamTransport tls(TestCertificate certificate, SipAnswers answers, ConnectionLimits limits)
            throws IOException {
        return StreamTransport.tls(certificate.server(), LOOPBACK, answers, limits, new SimpleMeterRegistry());
    }

    private static Socket secure(TestCertificate certificate, StreamTransport transport, String version)
            throws IOException {
        var socket = (SSLSocket) certificate.client().getSocketFactory().createSocket("127.0.0.1", transport.port());
        try {
            socket.setSoTimeout(10_000);
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
