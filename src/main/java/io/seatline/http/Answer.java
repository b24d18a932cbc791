package io.seatline.http;

import java.util.Map;

/**
 * An answer of the API.
 *
 * @param headers besides the usual ones
 * @param body a JSON:API document, empty for none
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final byte[] NOTHING = {};

    /** 200 with a document. */
    public static Answer ok(byte[] body) {
        return new Answer(200, Map.of(), body);
    }

    /** 204. */
    public static Answer noContent() {
        return new Answer(204, Map.of(), NOTHING);
    }

    /** 304 (RFC 9110 section 15.4.5). */
    static Answer notModified(String etag) {
        return new Answer(304, Map.of("ETag", etag), NOTHING);
    }
}
