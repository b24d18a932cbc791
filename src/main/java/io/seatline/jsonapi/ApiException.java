package io.seatline.jsonapi;

import java.util.List;
import java.util.Map;

/** A request that is refused: everything its answer needs. Handlers throw it; one place turns it into an answer. */
public final class ApiException extends RuntimeException {
    private final transient List<ApiError> errors;
    private final transient Map<String, String> headers;

    /** Refuses with one error. */
    public ApiException(ApiError error) {
        this(List.of(error), Map.of());
    }

    /** Refuses with all of {@code errors}, of which there is at least one; the first one's status is the answer's. */
    public ApiException(List<ApiError> errors) {
        this(errors, Map.of());
    }

    /** Refuses with {@code errors} and more headers for the answer. */
    public ApiException(List<ApiError> errors, Map<String, String> headers) {
        super(errors.getFirst().detail(), null, false, false);
        this.errors = List.copyOf(errors);
        this.headers = Map.copyOf(headers);
    }

    /** What is wrong, at least one entry. */
    public List<ApiError> errors() {
        return errors;
    }

    /** Headers the answer carries besides the usual ones. */
    public Map<String, String> headers() {
        return headers;
    }
}
