package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seatline.db.Notifications;
import io.seatline.registration.BindingLimits;
import io.seatline.support.TestCertificate;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SIP edge as a whole. */
class SipServerTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static SipServer on(TestServer server) {
        var environment = server.environment();
        return new SipServer(
                new SipServer.Settings(
                        "seatline", List.of(), List.of("SHA-256"), List.of(), BindingLimits.USUAL, false, List.of()),
                environment.database().jdbi(),
                environment.secretKey(),
                environment.accountPasswords(),
                new Notifications(environment.database()),
                new SimpleMeterRegistry());
    }

    /** Ends what was opened so many listeners ago, as nobody does while the server runs. */
    private static void end(SipServer sip, int ago) {
        sip.parts.stream().skip(ago).findFirst().orElseThrow().run();
    }

    @Test
    void listenerThatHasEnded_isTold_whateverItsTransport(@TempDir Path directory) throws IOException {
        var tls = TestCertificate.create(directory).server();
        try (var server = TestServer.empty()) {
            try (var sip = on(server)) {
                sip.listen(LOOPBACK);
                sip.listenTls(LOOPBACK, tls);
                assertThat(sip.isListening()).isTrue();
                end(sip, 0);
                assertThat(sip.isListening()).as("without TLS").isFalse();
            }
            try (var sip = on(server)) {
                sip.listen(LOOPBACK);
                assertThat(sip.isListening()).isTrue();
                end(sip, 0);
                assertThat(sip.isListening()).as("without TCP").isFalse();
            }
            try (var sip = on(server)) {
                sip.listen(LOOPBACK);
                assertThat(sip.isListening()).isTrue();
                end(sip, 1);
                assertThat(sip.isListening()).as("without UDP").isFalse();
            }
        }
    }
}
