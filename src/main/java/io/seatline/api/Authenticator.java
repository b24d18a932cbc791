package io.seatline.api;

import inet.ipaddr.IPAddress;
import org.jspecify.annotations.Nullable;

/** Finds out whose request it is. */
@FunctionalInterface
public interface Authenticator {
    /**
     * Checks a request's credentials.
     *
     * @param authorization the header, null without one
     * @param source where the request comes from
     * @throws io.seatline.jsonapi.ApiException 401 without right credentials, 429 after too many wrong ones
     */
    Principal authenticate(@Nullable String authorization, IPAddress source);
}
