package io.seatline.web;

import io.seatline.http.Exchange;
import java.net.URI;
import java.util.Optional;

/**
 * The server as browsers know it: where it lies, and what is its own. Browsers say where a request comes from in
 * {@code Sec-Fetch-Site} and, where that is missing because there is no TLS, in {@code Origin}. A sibling site and
 * another port are other sites. What says nothing is no browser of today, and is refused.
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
        return origin.equalsIgnoreCase(ownOrigin())
                || authority(origin).filter(exchange.host()::equalsIgnoreCase).isPresent();
    }

    /** As browsers write it: without the port that is the scheme's own (RFC 6454 section 6.2). */
    private String ownOrigin() {
        return publicUrl.getScheme() + "://"
                + publicUrl.getRawAuthority().replaceFirst(isSecure() ? ":443$" : ":80$", "");
    }

    private static Optional<String> authority(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
