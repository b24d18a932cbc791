package io.seatline.web;

import io.seatline.http.Exchange;

/**
 * The headers that everything a browser shows has: what it may load, and that nobody learns where a visitor came from.
 */
final class SecurityHeaders {
    private SecurityHeaders() {}

    static void set(Exchange exchange, String contentSecurityPolicy) {
        exchange.set("Content-Security-Policy", contentSecurityPolicy)
                .set("Referrer-Policy", "no-referrer")
                .set("X-Content-Type-Options", "nosniff")
                .set("Cross-Origin-Opener-Policy", "same-origin");
    }
}
