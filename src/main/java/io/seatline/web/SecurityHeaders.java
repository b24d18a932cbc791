package io.seatline.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;

/** The headers that everything a browser shows has: what it may load, and that nobody learns where a visitor came from. */
final class SecurityHeaders {
    private SecurityHeaders() {}

    static void set(ServerResponse response, String contentSecurityPolicy) {
        response.header(HeaderNames.create("Content-Security-Policy"), contentSecurityPolicy);
        response.header(HeaderNames.create("Referrer-Policy"), "no-referrer");
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        response.header(HeaderNames.create("Cross-Origin-Opener-Policy"), "same-origin");
    }
}
