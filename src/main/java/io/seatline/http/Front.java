package io.seatline.http;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.seatline.jsonapi.MediaTypes;
import java.util.List;

/** Where requests come in: each is answered by the first handler that knows its place, and logged. */
public final class Front implements io.helidon.webserver.http.Handler {
    private final ClientAddress clientAddress;
    private final SlowClients slowClients;
    private final RequestLog log;
    private final List<Handler> handlers;

    /** Asks {@code handlers} in this order. */
    public Front(ClientAddress clientAddress, SlowClients slowClients, RequestLog log, List<Handler> handlers) {
        this.clientAddress = clientAddress;
        this.slowClients = slowClients;
        this.log = log;
        this.handlers = List.copyOf(handlers);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        var began = System.nanoTime();
        var exchange = new Exchange(request, response, clientAddress, slowClients);
        exchange.set("X-Request-Id", exchange.id());
        try {
            if (handlers.stream().noneMatch(handler -> handler.handle(exchange))) {
                exchange.status(404)
                        .set("Content-Type", MediaTypes.JSON_API)
                        .set("Vary", "Accept")
                        .send(BadRequests.document(404, "Not Found"));
            }
        } finally {
            log.write(exchange, System.nanoTime() - began);
        }
    }
}
