package io.seatline.api;

import io.seatline.http.Exchange;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiException;
import io.seatline.secret.Hashes;
import java.util.Arrays;
import java.util.Map;

/**
 * Entity tags (RFC 9110 section 8.8.3) of the form {@code "version.digest"}. The digest is of the very document, so
 * that a cached one is never taken for fresh when a phone came online or other fields were asked for. {@code If-Match}
 * looks at the version alone: what a phone does, or which fields were fetched, is no reason to refuse a change.
 */
public final class ETags {
    private static final int DIGEST_BYTES = 8;

    private ETags() {}

    /** 200 with a document and its tag, 304 when the client has that document, or 412 when it wants another. */
    public static ApiResponse fetched(ApiRequest request, long version, byte[] document) {
        checkIfMatch(request, version);
        var etag = tag(version, document);
        return request.ifNoneMatch().filter(tags -> names(tags, etag)).isPresent()
                ? ApiResponse.notModified(etag)
                : new ApiResponse(200, Map.of("ETag", etag), document);
    }

    /** 201 with the document of a new record, its address and its tag. */
    public static ApiResponse created(String location, long version, byte[] document) {
        return new ApiResponse(201, Map.of("Location", location, "ETag", tag(version, document)), document);
    }

    /** 200 with the document of a changed record and its new tag. */
    public static ApiResponse changed(long version, byte[] document) {
        return new ApiResponse(200, Map.of("ETag", tag(version, document)), document);
    }

    /**
     * Refuses a change with 412 when it is to be made to another version than the present one (RFC 9110 section
     * 13.2.2).
     */
    public static void check(ApiRequest request, long version) {
        checkIfMatch(request, version);
        // compared weakly (RFC 9110 section 13.1.2), unlike the other
        if (request.ifNoneMatch()
                .filter(tags -> matches(tags.replace("W/", ""), version))
                .isPresent()) {
            throw new ApiException(ApiError.preconditionFailed("If-None-Match"));
        }
    }

    private static void checkIfMatch(ApiRequest request, long version) {
        if (request.ifMatch().filter(tags -> !matches(tags, version)).isPresent()) {
            throw new ApiException(ApiError.preconditionFailed("If-Match"));
        }
    }

    private static boolean matches(String tags, long version) {
        var prefix = '"' + Long.toString(version, 36) + '.';
        return tags.strip().equals("*")
                || Arrays.stream(tags.split(",", -1))
                        .anyMatch(tag -> tag.strip().startsWith(prefix));
    }

    private static boolean names(String tags, String etag) {
        return tags.strip().equals("*")
                || Arrays.stream(tags.split(",", -1))
                        .anyMatch(tag -> plain(tag.strip()).equals(etag));
    }

    private static String plain(String tag) {
        return tag.replaceFirst("^W/", "").replaceFirst(Exchange.COMPRESSED_TAG + '$', "\"");
    }

    private static String tag(long version, byte[] document) {
        return '"' + Long.toString(version, 36) + '.' + Hashes.mark(document, DIGEST_BYTES) + '"';
    }
}
