package io.seatline.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.http.Exchange;
import io.seatline.secret.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/**
 * A file of the jar that browsers fetch.
 *
 * @param version another one for other bytes
 */
record Asset(byte[] bytes, String contentType, String version) {
    private static final int VERSION_BYTES = 6;
    private static final String WEBJARS = "/META-INF/resources/webjars/";

    static Asset of(String resource, String contentType) {
        try (var stream = Asset.class.getResourceAsStream(resource)) {
            return of(Objects.requireNonNull(stream, resource).readAllBytes(), contentType);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Asset of(byte[] bytes, String contentType) {
        return new Asset(bytes, contentType, Hashes.mark(bytes, VERSION_BYTES));
    }

    /** With a text of it replaced by another. */
    Asset with(String text, String other) {
        return of(new String(bytes, UTF_8).replace(text, other).getBytes(UTF_8), contentType);
    }

    /**
     * A file of another project, as its artifact brings it.
     *
     * @param artifact such as {@code org.webjars.npm/htmx.org}
     */
    static Asset ofWebjar(String artifact, String file, String contentType) {
        var name = artifact.substring(artifact.indexOf('/') + 1);
        return of(WEBJARS + name + "/" + version(artifact) + "/" + file, contentType);
    }

    private static String version(String artifact) {
        var properties = new Properties();
        try (var stream = Asset.class.getResourceAsStream("/META-INF/maven/" + artifact + "/pom.properties")) {
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(Exchange exchange, String contentSecurityPolicy, String cacheControl) {
        SecurityHeaders.set(exchange, contentSecurityPolicy);
        if (!exchange.isHead() && !exchange.method().equals("GET")) {
            exchange.status(405).set("Allow", "GET, HEAD").send();
            return;
        }
        exchange.set("Content-Type", contentType)
                .set("Cache-Control", cacheControl)
                .compressible()
                .send(bytes);
    }
}
