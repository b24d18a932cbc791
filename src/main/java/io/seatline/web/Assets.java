package io.seatline.web;

import io.seatline.http.Exchange;
import io.seatline.http.Handler;
import java.util.Map;
import java.util.Objects;

/**
 * Style sheets, scripts and pictures below {@code /assets}. Each address names its content, so that browsers ask for it
 * once.
 */
public final class Assets implements Handler {
    private static final String PLACE = "/assets/";
    private static final Map<String, Asset> ASSETS = Map.of(
            "seatline.css", Asset.of("/web/seatline.css", "text/css; charset=utf-8"),
            "seatline.js", Asset.of("/web/seatline.js", "text/javascript; charset=utf-8"),
            "icon.svg", Asset.of("/web/icon.svg", "image/svg+xml"),
            "htmx.js", Asset.ofWebjar("org.webjars.npm/htmx.org", "dist/htmx.min.js", "text/javascript; charset=utf-8"),
            "htmx-sse.js", Asset.ofWebjar("org.webjars.npm/htmx-ext-sse", "sse.js", "text/javascript; charset=utf-8"));

    /** Where an asset lies. */
    static String address(String name) {
        return PLACE + name + "?v="
                + Objects.requireNonNull(ASSETS.get(name), name).version();
    }

    @Override
    public boolean handle(Exchange exchange) {
        var path = exchange.path();
        var asset = path.startsWith(PLACE) ? ASSETS.get(path.substring(PLACE.length())) : null;
        if (asset == null) {
            return false;
        }
        asset.send(
                exchange,
                "default-src 'none'; style-src 'unsafe-inline'",
                exchange.query().equals("v=" + asset.version()) ? "public, max-age=31536000, immutable" : "no-cache");
        return true;
    }
}
