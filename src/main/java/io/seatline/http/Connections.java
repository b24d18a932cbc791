package io.seatline.http;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;

/**
 * What becomes of an HTTP/1.1 connection after an answer. A body that nobody read must never be taken for the next request: a short
 * one is read now, behind a long one the connection is closed. So it is when the client asked for that, which the HTTP library
 * leaves to the client.
 */
public final class Connections implements Filter {
    /** The longest body that is read, in bytes. */
    static final int MAXIMUM_BODY = 64 * 1024;

    /** How much of a body that nobody wants is read for the sake of the client, in bytes. */
    private static final long MAXIMUM_REST = 64L * MAXIMUM_BODY;

    /** Whether the request announces a body longer than that. */
    static boolean isTooLong(ServerRequest request) {
        return request.headers().contentLength().orElse(0) > MAXIMUM_BODY;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (!request.prologue().protocolVersion().startsWith("1.")) {
            chain.proceed();
            return;
        }
        if (isTooLong(request)) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        chain.proceed();
        // Read first even where it is closed behind: a client that is still sending would not see the answer.
        if (!isReadToItsEnd(request)
                || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            throw new CloseConnectionException("after this answer");
        }
    }

    private static boolean isReadToItsEnd(ServerRequest request) {
        if (request.content().consumed()) {
            return true;
        }
        if (request.headers().containsToken(HeaderValues.EXPECT_100) && !request.continueSent()) {
            return false;
        }
        try {
            request.content().inputStream().skipNBytes(MAXIMUM_REST);
            return false;
        } catch (IOException | RuntimeException e) {
            // its end came first, or the client is gone, or the handler stopped in the middle of it
            return request.content().consumed();
        }
    }
}
