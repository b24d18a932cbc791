package io.seatline.web;

import io.seatline.http.Exchange;
import java.util.Optional;

/**
 * The cookie that a session lies in: for this server alone, and out of reach of scripts.
 *
 * @param name for browsers that come by https it begins with {@code __Host-} (RFC 6265bis section 4.1.3.2), or below a
 *     path with {@code __Secure-}
 * @param attributes what follows its value
 */
public record SessionCookie(String name, String attributes) {
    /**
     * A cookie.
     *
     * @param site where it goes, and nowhere else
     * @param sameSite when a browser sends it along from pages of others
     */
    public static SessionCookie of(String name, Site site, String sameSite) {
        var prefix = site.base().isEmpty() ? "__Host-" : "__Secure-";
        return new SessionCookie(
                (site.isSecure() ? prefix : "") + name,
                "; Path=" + (site.base().isEmpty() ? "/" : site.base()) + "; HttpOnly"
                        + (site.isSecure() ? "; Secure" : "") + "; SameSite=" + sameSite);
    }

    /** What the browser has. */
    public Optional<String> of(Exchange exchange) {
        return exchange.cookie(name);
    }

    /** The header that gives it to a browser, until that is closed. */
    public String with(String value) {
        return name + "=" + value + attributes;
    }
}
