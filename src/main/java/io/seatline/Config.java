package io.seatline;

import inet.ipaddr.IPAddress;
import io.seatline.Settings.Problem;
import io.seatline.secret.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be set, by concern. The defaults stand here; an unknown key or a value that can't be used stops the
 * start and says so. Read by {@link Settings} from {@code SEATLINE_*} environment variables and
 * {@code seatline.properties}: {@code http.port} is {@code SEATLINE_HTTP_PORT}, and the environment wins.
 */
public record Config(
        Path dataDir,
        Http http,
        Tls tls,
        Management management,
        Database database,
        Optional<Secret> secretKey,
        Links links,
        Demo demo) {

    /**
     * The API's and pages' socket.
     *
     * @param port 0 picks a free one
     * @param publicUrl the address that clients know the server by, without a slash at the end, or empty for the address it
     *     listens on
     * @param trustedProxies those whose {@code X-Forwarded-For} is believed
     * @param accessLog a file, or {@code -} for the standard output
     */
    public record Http(
            String host, int port, Optional<URI> publicUrl, List<IPAddress> trustedProxies, String accessLog) {}

    /**
     * A certificate chain and its key, PEM files; both or neither. With them the socket speaks TLS.
     *
     * @param http2 whether it then speaks HTTP/2 too
     */
    public record Tls(Optional<Path> certificate, Optional<Path> key, boolean http2) {}

    /** Health and metrics: a socket of its own, which is not for the public. */
    public record Management(String host, int port) {}

    /**
     * The database.
     *
     * @param url empty for the embedded one in the data directory
     * @param poolSize connections
     * @param startWait how long a start waits for a database that is down
     */
    public record Database(
            Optional<String> url, String user, Optional<Secret> password, int poolSize, Duration startWait) {}

    /**
     * Links into the web interface.
     *
     * @param lifetime how long a link opens
     */
    public record Links(Duration lifetime) {}

    /** Whether a new database gets demo data: {@code auto} does so with an embedded one on loopback, {@code off} never. */
    public record Demo(boolean allowed) {}

    /** Reads it all, or throws one {@link ConfigException} that names every problem. */
    public static Config read(Settings settings) {
        var config = new Config(
                settings.path("data.dir", "data"),
                new Http(
                        settings.text("http.host", "127.0.0.1"),
                        settings.port("http.port", 8080),
                        settings.url("public.url"),
                        settings.networks("trusted.proxies"),
                        settings.text("log.access", "-")),
                new Tls(
                        settings.file("tls.certificate"),
                        settings.file("tls.key"),
                        settings.choice("tls.http2", List.of("off", "on")).equals("on")),
                new Management(settings.text("management.host", "127.0.0.1"), settings.port("management.port", 8081)),
                new Database(
                        settings.optional("database.url"),
                        settings.text("database.user", "seatline"),
                        settings.optional("database.password").map(Secret::new),
                        settings.number("database.pool.size", 10, 2, 200),
                        settings.duration("database.start.wait", Duration.ofSeconds(60))),
                settings.optional("secret.key").map(Secret::new),
                new Links(settings.duration("link.lifetime", Duration.ofHours(1))),
                new Demo(settings.choice("demo", List.of("auto", "off")).equals("auto")));
        if (config.tls().certificate().isPresent() != config.tls().key().isPresent()) {
            settings.report(new Problem("tls.key", "tls.certificate and tls.key must be set both, or neither"));
        }
        if (config.tls().http2() && config.tls().certificate().isEmpty()) {
            settings.report(new Problem("tls.http2", "needs tls.certificate and tls.key"));
        }
        config.database()
                .url()
                .filter(url -> !url.startsWith("jdbc:postgresql:"))
                .ifPresent(url -> settings.report(new Problem(
                        "database.url",
                        "must begin with jdbc:postgresql:, such as jdbc:postgresql://localhost:5432/seatline")));
        settings.finish();
        return config;
    }
}
