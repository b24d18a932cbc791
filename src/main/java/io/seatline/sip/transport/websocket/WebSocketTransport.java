package io.seatline.sip.transport.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import io.seatline.http.Exchange;
import io.seatline.http.Handler;
import io.seatline.sip.transport.ConnectionLimits;
import io.seatline.sip.transport.MessageHandler;
import io.seatline.sip.transport.OpenConnections;
import io.seatline.sip.transport.RemoteAddress;
import io.seatline.sip.transport.Transport;
import io.seatline.sip.transport.websocket.WebSocketHandshake.Refusal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * SIP over WebSocket (RFC 7118) at a path of the HTTP server, which hands over the connections that ask for it. Pages
 * of any origin may connect: what a page can do here it does with a password that it knows, and a browser adds none of
 * its own (docs/decisions/0015).
 */
public final class WebSocketTransport implements Handler, AutoCloseable {
    /** So many of the HTTP server's connections may carry SIP, as long as a phone is registered. */
    public static final int MAX_CONNECTIONS = 1_000;

    private static final String RETRY_AFTER_SECONDS = "10";
    private static final Duration FAREWELL = Duration.ofMillis(200);

    private final String path;
    private final MessageHandler handler;
    private final OpenConnections connections;

    /**
     * Hands messages to {@code handler}.
     *
     * @param path where it is
     * @param limits fewer connections than the HTTP server has, which needs some for itself
     */
    public WebSocketTransport(String path, MessageHandler handler, ConnectionLimits limits, MeterRegistry meters) {
        this.path = path;
        this.handler = handler;
        this.connections = new OpenConnections("websocket", path, limits, meters);
    }

    /** Opens a WebSocket, or says why not. */
    @Override
    public boolean handle(Exchange exchange) {
        if (!exchange.path().equals(path)) {
            return false;
        }
        var refusal =
                WebSocketHandshake.refusal(exchange.method(), exchange::header).or(() -> open(exchange));
        refusal.ifPresent(why -> refuse(exchange, why));
        return true;
    }

    private Optional<Refusal> open(Exchange exchange) {
        var connection = new WebSocketConnection(connections, handler, source(exchange));
        if (!connections.add(connection)) {
            return Optional.of(new Refusal(503, "There are as many SIP connections as there may be: try again later."));
        }
        if (!exchange.open(WebSocketHandshake.SUBPROTOCOL, connection, connection::bytesCome, connection::end)) {
            connection.end();
            return Optional.of(new Refusal(
                    400,
                    "A WebSocket is opened by HTTP/1.1, with Upgrade: websocket and no other protocol beside it."));
        }
        return Optional.empty();
    }

    private static void refuse(Exchange exchange, Refusal refusal) {
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
    }

    /** The client's address; the port is that of the connection, of which no proxy tells another. */
    private static RemoteAddress source(Exchange exchange) {
        return RemoteAddress.ofConnection(
                new InetSocketAddress(
                        exchange.source().toInetAddress(), exchange.peer().getPort()),
                exchange.isSecure() ? Transport.WSS : Transport.WS);
    }

    /**
     * Says goodbye to the clients and ends all connections. The HTTP server, which would wait for them, is closed
     * after.
     */
    @Override
    public void close() {
        var open = connections.all();
        open.forEach(connection -> ((WebSocketConnection) connection).goAway());
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
