package io.seatline.web;

import io.seatline.http.Exchange;
import java.net.URI;
import java.util.Optional;

/**
 * Tells requests that our own pages make from those that another site makes a visitor's browser send. Browsers say where a request
 * comes from in {@code Sec-Fetch-Site} and, where that is missing because there is no TLS, in {@code Origin}. A sibling site and another
 * port are other sites. What says nothing is no browser of today, and is refused.
 */
public final class CrossSite {
    private CrossSite() {}

    /** Whether one of our own pages makes it. */
    public static boolean isOurs(Exchange exchange) {
        var site = exchange.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return site.get().equals("same-origin");
        }
        var host = exchange.header("Host");
        return exchange.header("Origin")
                .flatMap(CrossSite::authority)
                .filter(authority -> authority.equalsIgnoreCase(host.orElse("")))
                .isPresent();
    }

    private static Optional<String> authority(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
