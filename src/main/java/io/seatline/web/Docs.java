package io.seatline.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.staticcontent.ClasspathHandlerConfig;
import io.helidon.webserver.staticcontent.StaticContentFeature;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The API's description: {@code /openapi.yaml}, and {@code /docs}, where a person reads it. Everything comes from this server. */
public final class Docs implements HttpService {
    private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/";

    /** The reader's scripts set styles, and draw with images inside their style sheet. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none';"
                    + " frame-ancestors 'none'";

    @Override
    public void routing(HttpRules rules) {
        rules.get("/openapi.yaml", file("/openapi/openapi.yaml", "application/yaml; charset=utf-8"))
                .get("/docs", file("/docs/index.html", "text/html; charset=utf-8"))
                .get("/docs/", Docs::withoutSlash)
                .get("/docs/initializer.js", file("/docs/initializer.js", "text/javascript; charset=utf-8"))
                .any("/docs/assets/*", (request, response) -> {
                    SecurityHeaders.set(response, CONTENT_SECURITY_POLICY);
                    response.next();
                })
                .register(
                        "/docs/assets",
                        StaticContentFeature.createService(ClasspathHandlerConfig.builder()
                                .location(WEBJAR + Assets.version("org.webjars/swagger-ui"))
                                .build()));
    }

    private static void withoutSlash(ServerRequest request, ServerResponse response) {
        response.status(Status.MOVED_PERMANENTLY_301);
        response.header(HeaderNames.LOCATION, "/docs");
        response.send();
    }

    private static Handler file(String resource, String contentType) {
        var bytes = read(resource);
        return (request, response) -> {
            SecurityHeaders.set(response, CONTENT_SECURITY_POLICY);
            response.header(HeaderNames.CONTENT_TYPE, contentType);
            response.header(HeaderNames.CACHE_CONTROL, "no-cache");
            response.send(bytes);
        };
    }

    private static byte[] read(String resource) {
        try (var stream = Docs.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the jar has no " + resource);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
