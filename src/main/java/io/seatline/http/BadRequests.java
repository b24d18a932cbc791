package io.seatline.http;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.MediaTypes;
import java.util.List;
import java.util.regex.Pattern;

/** Answers to what is no HTTP request, or one that no route was asked about: an error document like any other. */
public final class BadRequests {
    private static final Pattern METHOD = Pattern.compile("[A-Za-z-]+");

    private BadRequests() {}

    /** The handlers for the whole server. */
    public static DirectHandlers handlers() {
        var handlers = DirectHandlers.builder();
        for (var event : EventType.values()) {
            handlers.addHandler(event, (request, type, given, headers, message) -> {
                // What fails before there is a method is no request.
                var status = METHOD.matcher(request.method()).matches() ? given : Status.BAD_REQUEST_400;
                return TransportResponse.builder()
                        .status(status)
                        .headers(headers)
                        .keepAlive(type.keepAlive() && status.equals(given))
                        .header(HeaderNames.CONTENT_TYPE, MediaTypes.JSON_API)
                        .header(HeaderNames.VARY, "Accept")
                        .entity(document(status.code(), status.reasonPhrase()))
                        .build();
            });
        }
        return handlers.build();
    }

    static byte[] document(int status, String reason) {
        var detail = switch (status) {
            case 400 -> "This is not a well-formed HTTP request.";
            case 413 -> "The request is longer than the server reads.";
            case 404 -> "There is nothing at this address.";
            case 431 -> "The header is longer than the server reads.";
            case 503 -> "The server has as many requests as it can work on: try again in a few seconds.";
            default -> reason;
        };
        return Document.errors(List.of(new ApiError(status, Integer.toString(status), reason, detail, Source.none())));
    }
}
