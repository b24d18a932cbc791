package io.seatline.http;

import inet.ipaddr.IPAddress;
import io.seatline.audit.Actor;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Query;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A request that is authenticated and whose media types are right.
 *
 * @param id the last part of the path where the route has one, else empty
 * @param body reads the body; only requests that carry one have it
 */
public record ApiRequest(
        Principal principal,
        String id,
        Query query,
        Supplier<byte[]> body,
        Optional<String> ifMatch,
        Optional<String> ifNoneMatch,
        IPAddress source,
        String requestId) {

    /** The operator whose request it is. */
    public int operatorId() {
        return principal.operatorId();
    }

    /** Who makes the changes of this request. */
    public Actor actor() {
        return new Actor(principal.username(), source.toCanonicalString(), requestId);
    }

    /** The refusal of a path that names no record, or one of another operator. */
    public ApiException notFound() {
        return new ApiException(ApiError.notFound(id, Source.none()));
    }
}
