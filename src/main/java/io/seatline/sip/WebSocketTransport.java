package io.seatline.sip;

import inet.ipaddr.IPAddress;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.micrometer.core.instrument.MeterRegistry;
import io.seatline.http.ClientAddress;
import io.seatline.http.SlowClients;
import io.seatline.sip.WebSocketHandshake.Refusal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SIP over WebSocket (RFC 7118) at {@link #PATH} of the HTTP server, which hands over the connections that ask for it. Pages of any
 * origin may connect: what a page can do here it does with a password that it knows, and a browser adds none of its own
 * (docs/decisions/0015).
 */
public final class WebSocketTransport implements AutoCloseable {
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
     * @param trustedProxies those whose word about the client's address is believed
     * @param slowClients who watches the HTTP server's connections
     * @param limits fewer connections than the HTTP server has, which needs some for itself
     */
    public WebSocketTransport(
            MessageHandler handler,
            List<IPAddress> trustedProxies,
            SlowClients slowClients,
            ConnectionLimits limits,
            MeterRegistry meters) {
        this.handler = handler;
        this.clientAddress = new ClientAddress(trustedProxies);
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
    public void refuse(ServerRequest request, ServerResponse response) {
        var refusal = WebSocketHandshake.refusal(request.prologue().method().text(), request.headers())
                .orElse(new Refusal(503, "There are as many SIP connections as there may be: try again later."));
        response.status(Status.create(refusal.status()));
        switch (refusal.status()) {
            case 405 -> response.header(HeaderNames.ALLOW, "GET");
            case 426 -> {
                response.header(HeaderNames.UPGRADE, "websocket");
                response.header(HeaderNames.create("Sec-WebSocket-Version"), WebSocketHandshake.VERSION);
            }
            case 503 -> response.header(HeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
            default -> {}
        }
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.send(refusal.detail() + "\n");
    }

    /** What the HTTP library asks when a request wants to be something else. */
    private final class Upgrader implements Http1Upgrader {
        @Override
        public String supportedProtocol() {
            return "websocket";
        }

        /** A connection; null where there is nothing but {@link #refuse} for it. */
        @Override
        public @Nullable ServerConnection upgrade(
                ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
            if (!prologue.uriPath().rawPath().equals(PATH)
                    || WebSocketHandshake.refusal(prologue.method().text(), headers)
                            .isPresent()) {
                return null;
            }
            var connection = new WebSocketConnection(
                    context,
                    WebSocketHandshake.accepted(headers),
                    slowClients,
                    connections,
                    handler,
                    source(context, headers));
            return connections.add(connection) ? connection : null;
        }
    }

    /** The client's address; the port is that of the connection, of which no proxy tells another. */
    private Source source(ConnectionContext context, WritableHeaders<?> headers) {
        var peer = (InetSocketAddress) context.remotePeer().address();
        var address = clientAddress.of(context.remotePeer(), headers).toInetAddress();
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
