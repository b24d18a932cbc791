package io.seatline.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.MediaTypes;
import java.util.List;
import java.util.regex.Pattern;

/** Answers a path with a broken percent escape, at which the routing behind it would fail: there is nothing at such a place. */
public final class WellFormedPaths implements Filter {
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        var path = request.prologue().uriPath().rawPath();
        if (path.indexOf('%') < 0 || !BROKEN_ESCAPE.matcher(path).find()) {
            chain.proceed();
            return;
        }
        response.status(Status.NOT_FOUND_404);
        response.header(HeaderNames.CONTENT_TYPE, MediaTypes.JSON_API);
        response.send(Document.errors(List.of(ApiError.noSuchPath(path))));
    }
}
