package io.seatline.web;

import io.seatline.api.OperatorApi;
import io.seatline.http.Exchange;
import io.seatline.http.Handler;
import java.util.Map;

/**
 * The API's description: {@code /openapi.yaml}, and {@code /docs}, where a person reads it. Everything comes from this
 * server.
 */
public final class Docs implements Handler {
    private static final String READER = "org.webjars/swagger-ui";

    /** The reader's scripts set styles, and draw with images inside their style sheet. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none';"
                    + " frame-ancestors 'none'";

    private static final Asset DESCRIPTION = Asset.of("/openapi/openapi.yaml", "application/yaml; charset=utf-8");
    private static final Map<String, Asset> FILES = Map.of(
            "/docs", Asset.of("/docs/index.html", "text/html; charset=utf-8"),
            "/docs/initializer.js", Asset.of("/docs/initializer.js", "text/javascript; charset=utf-8"),
            "/docs/assets/swagger-ui.css", Asset.ofWebjar(READER, "swagger-ui.css", "text/css; charset=utf-8"),
            "/docs/assets/index.css", Asset.ofWebjar(READER, "index.css", "text/css; charset=utf-8"),
            "/docs/assets/swagger-ui-bundle.js",
                    Asset.ofWebjar(READER, "swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
            "/docs/assets/favicon-32x32.png", Asset.ofWebjar(READER, "favicon-32x32.png", "image/png"));

    private final Asset description;

    /**
     * The description of this server.
     *
     * @param base what clients are to put before every address, such as {@code /pbx}; empty for nothing
     */
    public Docs(String base) {
        description = DESCRIPTION.with("- url: " + OperatorApi.BASE, "- url: " + base + OperatorApi.BASE);
    }

    @Override
    public boolean handle(Exchange exchange) {
        if (exchange.path().equals("/docs/")) {
            exchange.status(301).set("Location", "../docs").send();
            return true;
        }
        var file = exchange.path().equals("/openapi.yaml") ? description : FILES.get(exchange.path());
        if (file != null) {
            file.send(exchange, CONTENT_SECURITY_POLICY, "no-cache");
        }
        return file != null;
    }
}
