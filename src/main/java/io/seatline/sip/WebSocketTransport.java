package io.seatline.sip;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.micrometer.core.instrument.MeterRegistry;
import io.seatline.http.ClientAddress;
import io.seatline.http.Exchange;
import io.seatline.http.Handler;
import io.seatline.http.SlowClients;
import io.seatline.sip.WebSocketHandshake.Refusal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SIP over WebSocket (RFC 7118) at {@link #PATH} of the HTTP server, which hands over the connections that ask for it. Pages of any
 * origin may connect: what a page can do here it does with a password that it knows, and a browser adds none of its own
 * (docs/decisions/0015).
 */
public final class WebSocketTransport implements Handler, AutoCloseable {
    /** Where it is. */
    public static final String PATH = "/sip";

    private static final String RETRY_AFTER_SECONDS = "10";
    private static final Duration FAREWELL = Duration.ofMillis(200);

    private final MessageHandler handler;
    private final ClientAddress clientAddress;
    private final SlowClients slowClients;
    private final OpenConnections connections;

    /**
     * Hands messages to {@code handler}.
     *
     * @param clientAddress where requests come from
     * @param slowClients who watches the HTTP server's connections
     * @param limits fewer connections than the HTTP server has, which needs some for itself
     */
    public WebSocketTransport(
            MessageHandler handler,
            ClientAddress clientAddress,
            SlowClients slowClients,
            ConnectionLimits limits,
            MeterRegistry meters) {
        this.handler = handler;
        this.clientAddress = clientAddress;
        this.slowClients = slowClients;
        this.connections = new OpenConnections("websocket", PATH, limits, meters);
    }

    /** HTTP/1.1 that can become a WebSocket. */
    public ServerConnectionSelector selector(Http1Config http1) {
        return Http1ConnectionSelector.builder()
                .config(http1)
                .addUpgrader(new Upgrader())
                .build();
    }

    /** Says why a request at {@link #PATH} did not become a WebSocket. */
    @Override
    public boolean handle(Exchange exchange) {
        if (!exchange.path().equals(PATH)) {
            return false;
        }
        var refusal = WebSocketHandshake.refusal(exchange.method(), exchange::header)
                .orElse(new Refusal(503, "There are as many SIP connections as there may be: try again later."));
        switch (refusal.status()) {
            case 405 -> exchange.set("Allow", "GET");
            case 426 -> exchange.set("Upgrade", "websocket").set("Sec-WebSocket-Version", WebSocketHandshake.VERSION);
            case 503 -> exchange.set("Retry-After", RETRY_AFTER_SECONDS);
            default -> {}
        }
        exchange.status(refusal.status())
                .set("Content-Type", "text/plain; charset=utf-8")
                .set("Cache-Control", "no-store")
                .send((refusal.detail() + "\n").getBytes(UTF_8));
        return true;
    }

    /** What the HTTP library asks when a request wants to be something else. */
    private final class Upgrader implements Http1Upgrader {
        @Override
        public String supportedProtocol() {
            return "websocket";
        }

        /** A connection; null where there is nothing but {@link #handle} for it. */
        @Override
        public @Nullable ServerConnection upgrade(
                ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
            if (!prologue.uriPath().rawPath().equals(PATH)
                    || WebSocketHandshake.refusal(prologue.method().text(), name -> header(headers, name))
                            .isPresent()) {
                return null;
            }
            var connection = new WebSocketConnection(
                    context,
                    WebSocketHandshake.accepted(name -> header(headers, name)),
                    slowClients,
                    connections,
                    handler,
                    source(context, headers));
            return connections.add(connection) ? connection : null;
        }
    }

    private static Optional<String> header(Headers headers, String name) {
        var key = HeaderNames.create(name);
        return headers.contains(key) ? Optional.of(String.join(",", headers.all(key, List::of))) : Optional.empty();
    }

    /** The client's address; the port is that of the connection, of which no proxy tells another. */
    private Source source(ConnectionContext context, WritableHeaders<?> headers) {
        var peer = (InetSocketAddress) context.remotePeer().address();
        var address = clientAddress
                .of(peer.getAddress(), header(headers, "X-Forwarded-For"))
                .toInetAddress();
        return new Source(
                new InetSocketAddress(address, peer.getPort()), context.isSecure() ? Transport.WSS : Transport.WS);
    }

    /** Says goodbye to the clients and ends all connections. The HTTP server, which would wait for them, is closed after. */
    @Override
    public void close() {
        var open = connections.all();
        open.forEach(connection -> connection.send(WebSocketFramer.close(WebSocketFramer.GOING_AWAY)));
        try {
            if (!open.isEmpty()) {
                Thread.sleep(FAREWELL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.close();
    }
}
