package io.seatline.http;

import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.MediaTypes;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers to what is no HTTP request, or one that no handler was asked about: an error document like any other, and a
 * line in the log.
 */
final class BadRequests implements Request.Handler {
    private final Connections connections;
    private final ClientAddress clientAddress;
    private final ObjLongConsumer<Exchange> log;

    BadRequests(Connections connections, ClientAddress clientAddress, ObjLongConsumer<Exchange> log) {
        this.connections = connections;
        this.clientAddress = clientAddress;
        this.log = log;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var status = (int) request.getAttribute(ErrorHandler.ERROR_STATUS);
        try (var work = connections.begin(request)) {
            var exchange = new Exchange(Unread.orItself(request), response, callback, work, clientAddress)
                    .status(status)
                    .set("Content-Type", MediaTypes.JSON_API)
                    .set("Vary", "Accept");
            if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException unreadable) {
                exchange.set("X-Request-Id", exchange.id()).close().send(document(status, why(unreadable)));
                log.accept(exchange, 0);
            } else {
                exchange.send(document(status));
            }
            callback.succeeded();
        } catch (UncheckedIOException e) {
            callback.failed(e.getCause());
        }
        return true;
    }

    /** Of which the library read not even the first line. It has names of its own for what it did not see. */
    private static final class Unread extends Request.Wrapper {
        private Unread(Request request) {
            super(request);
        }

        static Request orItself(Request request) {
            return request.getMethod().equals("BAD") ? new Unread(request) : request;
        }

        @Override
        public String getMethod() {
            return "-";
        }

        @Override
        public HttpURI getHttpURI() {
            return HttpURI.build().path("-").asImmutable();
        }
    }

    private static String why(HttpException unreadable) {
        var status = unreadable.getCode();
        var reason = unreadable.getReason();
        return status != 400 || reason == null || reason.equals(HttpStatus.getMessage(status)) ? "" : ": " + reason;
    }

    static byte[] document(int status) {
        return document(status, "");
    }

    /** @param why what follows the words for it */
    private static byte[] document(int status, String why) {
        var reason = HttpStatus.getMessage(status);
        var detail = switch (status) {
            case 400 -> "This is not a well-formed HTTP request" + why + ".";
            case 404 -> "There is nothing at this address.";
            case 414 -> "The request line is longer than the server reads.";
            case 431 -> "The header is longer than the server reads.";
            case 503 -> "The server is stopping: try again in a few seconds.";
            default -> reason + ".";
        };
        return Document.errors(List.of(ApiError.http(status, reason, detail, Source.none())));
    }
}
