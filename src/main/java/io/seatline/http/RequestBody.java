package io.seatline.http;

import io.helidon.webserver.http.ServerRequest;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Reads what a request brings, up to the longest that anybody needs. */
public final class RequestBody {
    private static final Logger LOG = System.getLogger(RequestBody.class.getName());

    private RequestBody() {}

    /**
     * The whole body.
     *
     * @throws ApiException 413 when it is too long, 400 when it ends early
     */
    public static byte[] read(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        if (Connections.isTooLong(request)) {
            throw new ApiException(ApiError.tooLarge(Connections.MAXIMUM_BODY));
        }
        byte[] body;
        try {
            // not closed: closing would wait for the end of a body that may have none
            body = request.content().inputStream().readNBytes(Connections.MAXIMUM_BODY + 1);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "unreadable body", e);
            throw new ApiException(ApiError.badRequest(
                    "The body could not be read: it ends early, or its transfer coding is broken.",
                    Source.pointer("")));
        }
        if (body.length > Connections.MAXIMUM_BODY) {
            throw new ApiException(ApiError.tooLarge(Connections.MAXIMUM_BODY));
        }
        return body;
    }
}
