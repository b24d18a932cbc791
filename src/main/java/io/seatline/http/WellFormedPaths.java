package io.seatline.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.regex.Pattern;

/**
 * Keeps paths that are none (RFC 3986 section 3.3) from the routing behind it, which fails at them with 500: the API itself, which
 * looks at the raw path, answers that there is nothing at such a place.
 */
public final class WellFormedPaths implements Filter {
    private static final Pattern PATH = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*+");

    private final OperatorApi api;

    /** Hands all others to {@code api}. */
    public WellFormedPaths(OperatorApi api) {
        this.api = api;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (PATH.matcher(request.prologue().uriPath().rawPath()).matches()) {
            chain.proceed();
        } else {
            api.handle(request, response);
        }
    }
}
