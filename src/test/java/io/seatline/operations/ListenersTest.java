package io.seatline.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seatline.support.Await;
import io.seatline.support.RawConnection;
import io.seatline.support.TestServer;
import java.net.ConnectException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a supervisor is told of a server one of whose listeners has ended, while the rest of it runs. */
class ListenersTest {
    /** Ends a listener by its thread, as a fault would. */
    private static void end(String name) {
        var named = Pattern.compile(name);
        var threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> named.matcher(thread.getName()).find())
                .toList();
        assertThat(threads).as(name).hasSize(1);
        threads.getFirst().interrupt();
    }

    private static void isToldTo(TestServer server, String why) {
        for (var what : List.of("live", "ready")) {
            Await.until(() -> server.management("/health/" + what).statusCode() != 200);
            var answer = server.management("/health/" + what);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("not " + what + ": " + why + "\n");
        }
    }

    private static String acceptor(int port) {
        return "-acceptor-.*:" + port + "}";
    }

    @Test
    void listenerOfHttp_thatHasEnded_isNeitherLiveNorReady() {
        try (var server = TestServer.empty()) {
            assertThat(server.management("/health/live").statusCode()).isEqualTo(200);
            end(acceptor(server.port()));
            isToldTo(server, "HTTP does not listen");
        }
    }

    /** Of SIP's other listeners, SipServerTest shows it. */
    @Test
    void listenerOfSip_thatHasEnded_isNeitherLiveNorReady() {
        try (var server = TestServer.empty()) {
            assertThat(server.management("/health/live").statusCode()).isEqualTo(200);
            end("^sip-udp-" + server.sipPort() + "$");
            isToldTo(server, "SIP does not listen");
        }
    }

    @Test
    void listenerOfTheHealthItself_thatHasEnded_refusesWhoeverAsks() {
        try (var server = TestServer.empty()) {
            end(acceptor(server.managementPort()));
            Await.until(() -> !isAnswered(server));
            assertThatThrownBy(() -> new RawConnection(server.managementPort())).isInstanceOf(ConnectException.class);
        }
    }

    private static boolean isAnswered(TestServer server) {
        try (var connection = new RawConnection(server.managementPort())) {
            return connection
                            .exchange("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status()
                    == 200;
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
