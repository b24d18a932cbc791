package io.seatline.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.HexFormat;

/**
 * Keeps paths that are none (RFC 3986 section 3.3) from the routing behind it, which fails at them with 500: the API itself, which
 * looks at the raw path, answers that there is nothing at such a place.
 */
public final class WellFormedPaths implements Filter {
    private static final String MARKS = "._~!$&'()*+,;=:@/-";

    private final OperatorApi api;

    /** Hands all others to {@code api}. */
    public WellFormedPaths(OperatorApi api) {
        this.api = api;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (isPath(request.prologue().uriPath().rawPath())) {
            chain.proceed();
        } else {
            api.handle(request, response);
        }
    }

    private static boolean isPath(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length()
                        || !HexFormat.isHexDigit(text.charAt(i + 1))
                        || !HexFormat.isHexDigit(text.charAt(i + 2))) {
                    return false;
                }
                i += 2;
            } else if (!isAlphanumeric(c) && MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
