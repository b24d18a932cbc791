package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.registration.BindingLimits;
import io.seatline.sip.auth.BruteForceGuard;
import io.seatline.sip.auth.Nonces;
import io.seatline.sip.transport.ConnectionLimits;
import io.seatline.sip.transport.websocket.WebSocketTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limits that {@code docs/registrar.md} names are those of the code, wherever it names them. */
@Tag("pure")
class RegistrarPageTest {
    private static String page() throws IOException {
        return Files.readString(Path.of("docs", "registrar.md")).replaceAll("\\s+", " ");
    }

    @Test
    void limits_areThoseOfTheCode() throws IOException {
        var usual = BindingLimits.USUAL;
        var limits = ConnectionLimits.usual(usual.longest());
        assertThat(page())
                .contains(List.of(
                        "`sip.expires.min` (%,d s;".formatted(usual.shortest().toSeconds()),
                        "`sip.expires.max` (%,d s)".formatted(usual.longest().toSeconds()),
                        "`sip.expires.default` (%,d s)"
                                .formatted(usual.byDefault().toSeconds()),
                        "`sip.contacts.max` (%d)".formatted(usual.contacts()),
                        "at each address %,d by TCP and %,d by TLS, but each no more than 1/%d of"
                                .formatted(
                                        ConnectionLimits.MAX_CONNECTIONS,
                                        SipServer.MAX_BY_TLS,
                                        ConnectionLimits.SHARES),
                        "%,d by WebSocket; %d of one source"
                                .formatted(WebSocketTransport.MAX_CONNECTIONS, limits.perSource()),
                        "a TLS handshake of %d s, no message within %d s, a message that takes %d s, an answer unread for %d s"
                                .formatted(
                                        limits.handshake().toSeconds(),
                                        limits.firstMessage().toSeconds(),
                                        limits.message().toSeconds(),
                                        limits.write().toSeconds()),
                        "silence for %d min longer than a registration can last"
                                .formatted(limits.idle().minus(usual.longest()).toMinutes()),
                        "of one source there are %d at most, of all %,d by TCP and %,d by TLS"
                                .formatted(limits.perSource(), ConnectionLimits.MAX_CONNECTIONS, SipServer.MAX_BY_TLS),
                        "a nonce is good for %d min".formatted(Nonces.LIFETIME.toMinutes()),
                        "the same bytes for %d s".formatted(Transactions.LIFETIME.toSeconds()),
                        "%,d at a time; beyond them 503".formatted(SipRequests.MAX_AT_A_TIME),
                        "%d wrong passwords in %d min block that source (an IPv6 /64) for that account for %d min"
                                .formatted(
                                        BruteForceGuard.MAX_FAILURES,
                                        BruteForceGuard.WITHIN.toMinutes(),
                                        BruteForceGuard.BLOCKED_FOR.toMinutes())));
    }
}
