package io.seatline.api;

import inet.ipaddr.IPAddress;
import org.jspecify.annotations.Nullable;

/** Finds out whose request it is. */
@FunctionalInterface
public interface Authenticator {
    /** What becomes of credentials. */
    sealed interface Result {
        /** They are right. */
        record Authenticated(Principal principal) implements Result {}

        /** There are none, or they are not right. */
        record Refused() implements Result {}

        /** So many were wrong that these were not looked at. */
        record TooManyFailures(long retryAfterSeconds) implements Result {}
    }

    /**
     * Checks a request's credentials.
     *
     * @param authorization the header, null without one
     * @param source where the request comes from
     */
    Result authenticate(@Nullable String authorization, IPAddress source);
}
