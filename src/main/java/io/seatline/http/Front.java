package io.seatline.http;

import io.seatline.jsonapi.MediaTypes;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Where requests come in: each is answered by the first handler that knows its place, and logged. */
final class Front extends org.eclipse.jetty.server.Handler.Abstract {
    private static final Logger LOG = System.getLogger(Front.class.getName());

    private final Connections connections;
    private final ClientAddress clientAddress;
    private final List<Handler> handlers;
    private final ObjLongConsumer<Exchange> log;

    /**
     * Asks {@code handlers} in this order.
     *
     * @param log is told of each answer, and how many nanoseconds it took
     */
    Front(Connections connections, ClientAddress clientAddress, List<Handler> handlers, ObjLongConsumer<Exchange> log) {
        this.connections = connections;
        this.clientAddress = clientAddress;
        this.handlers = List.copyOf(handlers);
        this.log = log;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var began = System.nanoTime();
        try (var work = connections.begin(request)) {
            var exchange = new Exchange(request, response, callback, work, clientAddress);
            try {
                answer(exchange);
            } finally {
                log.accept(exchange, System.nanoTime() - began);
            }
            exchange.end();
        } catch (UncheckedIOException e) {
            // the client has gone, or was too slow
            callback.failed(e.getCause());
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "A request fails", e);
            callback.failed(e);
        }
        return true;
    }

    /** RFC 9110 section 9.3.7; HAProxy asks so, of {@code /}, whether a server is there. */
    private static boolean isAboutTheServer(Exchange exchange) {
        return exchange.method().equals("OPTIONS")
                && (exchange.path().equals("*") || exchange.path().equals("/"));
    }

    private boolean isHandled(Exchange exchange) {
        for (var handler : handlers) {
            if (handler.handle(exchange)) {
                return true;
            }
        }
        return false;
    }

    private void answer(Exchange exchange) {
        exchange.set("X-Request-Id", exchange.id());
        if (exchange.isSecure()) {
            // RFC 6797; a proxy that speaks TLS for us says it itself
            exchange.set("Strict-Transport-Security", "max-age=31536000");
        }
        if (exchange.method().equals("CONNECT")) {
            exchange.status(405).set("Allow", "GET, HEAD, OPTIONS").close().send();
        } else if (isAboutTheServer(exchange)) {
            exchange.status(204).set("Allow", "GET, HEAD, OPTIONS").send();
        } else if (!isHandled(exchange)) {
            exchange.status(404)
                    .set("Content-Type", MediaTypes.JSON_API)
                    .set("Vary", "Accept")
                    .send(BadRequests.document(404));
        }
    }
}
