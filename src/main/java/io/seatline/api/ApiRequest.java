package io.seatline.api;

import inet.ipaddr.IPAddress;
import io.seatline.audit.Actor;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Query;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A request that is authenticated and whose media types are right.
 *
 * @param ids those in the path, as many as the route has
 * @param body reads the body; only requests that carry one have it
 */
public record ApiRequest(
        Principal principal,
        List<String> ids,
        Query query,
        Supplier<byte[]> body,
        Optional<String> ifMatch,
        Optional<String> ifNoneMatch,
        IPAddress source,
        String requestId) {

    public ApiRequest {
        ids = List.copyOf(ids);
    }

    /** The first id in the path, of which there is one. */
    public String id() {
        return ids.getFirst();
    }

    /** The operator whose request it is. */
    public int operatorId() {
        return principal.operatorId();
    }

    /** Who makes the changes of this request. */
    public Actor actor() {
        return new Actor(principal.username(), source.toCanonicalString(), requestId);
    }

    /** The refusal of a path whose last id names no record, or one of another operator. */
    public ApiException notFound() {
        return new ApiException(ApiError.notFound(ids.getLast(), Source.none()));
    }
}
