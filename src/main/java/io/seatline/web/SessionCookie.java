package io.seatline.web;

import io.seatline.http.Exchange;
import java.util.Optional;

/**
 * The cookie that a session lies in: for this server alone, and out of reach of scripts.
 *
 * @param name for browsers that come by https it begins with {@code __Host-} (RFC 6265bis section 4.1.3.2)
 * @param attributes what follows its value
 */
public record SessionCookie(String name, String attributes) {
    /**
     * A cookie.
     *
     * @param secure whether browsers come by https, so that it goes nowhere else
     * @param sameSite when a browser sends it along from pages of others
     */
    public static SessionCookie of(String name, boolean secure, String sameSite) {
        return new SessionCookie(
                (secure ? "__Host-" : "") + name,
                "; Path=/; HttpOnly" + (secure ? "; Secure" : "") + "; SameSite=" + sameSite);
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
