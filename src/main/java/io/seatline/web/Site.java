package io.seatline.web;

import io.seatline.http.Exchange;
import java.net.URI;

/**
 * The server as browsers know it: where it lies, and what is its own. Browsers say where a request comes from in
 * {@code Sec-Fetch-Site} and, where that is missing because there is no TLS, in {@code Origin}. A sibling site and another port are
 * other sites. What says nothing is no browser of today, and is refused.
 *
 * @param publicUrl without a slash at the end
 */
public record Site(URI publicUrl) {
    /** What comes before the address of every page, such as {@code /pbx}; empty for nothing. */
    public String base() {
        return publicUrl.getRawPath();
    }

    /** Whether browsers come by TLS alone. */
    boolean isSecure() {
        return "https".equals(publicUrl.getScheme());
    }

    /** Tells requests that our own pages make from those that another site makes a visitor's browser send. */
    public boolean isOurs(Exchange exchange) {
        var site = exchange.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return site.get().equals("same-origin");
        }
        var origin = exchange.header("Origin").orElse("");
        // a proxy may put a name of its own into Host
        return origin.equalsIgnoreCase(publicUrl.getScheme() + "://" + publicUrl.getRawAuthority())
                || authority(origin).equalsIgnoreCase(exchange.header("Host").orElse("-"));
    }

    private static String authority(String origin) {
        try {
            var authority = URI.create(origin).getAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
