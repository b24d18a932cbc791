package io.seatline.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;

/** Style sheets, scripts and pictures below {@code /assets}. Each address names its content, so that browsers ask for it once. */
public final class Assets implements HttpService {
    private static final String WEBJARS = "/META-INF/resources/webjars/";
    private static final Map<String, Asset> ASSETS = Map.of(
            "seatline.css", Asset.of("/web/seatline.css", "text/css; charset=utf-8"),
            "seatline.js", Asset.of("/web/seatline.js", "text/javascript; charset=utf-8"),
            "icon.svg", Asset.of("/web/icon.svg", "image/svg+xml"),
            "htmx.js",
                    Asset.of(
                            WEBJARS + "htmx.org/" + webjar("htmx.org") + "/dist/htmx.min.js",
                            "text/javascript; charset=utf-8"),
            "htmx-sse.js",
                    Asset.of(
                            WEBJARS + "htmx-ext-sse/" + webjar("htmx-ext-sse") + "/sse.js",
                            "text/javascript; charset=utf-8"));

    private record Asset(byte[] bytes, byte[] zipped, String contentType, String version) {
        static Asset of(String resource, String contentType) {
            try (var stream = Assets.class.getResourceAsStream(resource)) {
                var bytes = Objects.requireNonNull(stream, resource).readAllBytes();
                var zipped = new ByteArrayOutputStream();
                try (var gzip = new GZIPOutputStream(zipped)) {
                    gzip.write(bytes);
                }
                var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                return new Asset(
                        bytes, zipped.toByteArray(), contentType, HexFormat.of().formatHex(digest, 0, 6));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /** The version of one of npm's packages that the jar has. */
    private static String webjar(String name) {
        return version("org.webjars.npm/" + name);
    }

    static String version(String artifact) {
        var properties = new Properties();
        try (var stream = Assets.class.getResourceAsStream("/META-INF/maven/" + artifact + "/pom.properties")) {
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where an asset lies. */
    static String address(String name) {
        return "/assets/" + name + "?v="
                + Objects.requireNonNull(ASSETS.get(name), name).version();
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any("/assets/{name}", Assets::send);
    }

    private static void send(ServerRequest request, ServerResponse response) {
        var asset = ASSETS.get(request.path().pathParameters().get("name"));
        if (asset == null) {
            response.next();
            return;
        }
        SecurityHeaders.set(response, "default-src 'none'; style-src 'unsafe-inline'");
        response.header(HeaderNames.CONTENT_TYPE, asset.contentType());
        response.header(
                HeaderNames.CACHE_CONTROL,
                request.query().first("v").filter(asset.version()::equals).isPresent()
                        ? "public, max-age=31536000, immutable"
                        : "no-cache");
        response.header(HeaderNames.VARY, "Accept-Encoding");
        if (request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse("").contains("gzip")) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
            response.send(asset.zipped());
        } else {
            response.send(asset.bytes());
        }
    }
}
