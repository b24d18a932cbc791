package io.seatline.api;

import java.util.Map;

/**
 * An answer of the API.
 *
 * @param headers besides the usual ones
 * @param body a JSON:API document, empty for none
 */
public record ApiResponse(int status, Map<String, String> headers, byte[] body) {
    private static final byte[] NOTHING = {};

    /** 200 with a document. */
    public static ApiResponse ok(byte[] body) {
        return new ApiResponse(200, Map.of(), body);
    }

    /** 204. */
    public static ApiResponse noContent() {
        return new ApiResponse(204, Map.of(), NOTHING);
    }

    /** 304 (RFC 9110 section 15.4.5). */
    static ApiResponse notModified(String etag) {
        return new ApiResponse(304, Map.of("ETag", etag), NOTHING);
    }
}
