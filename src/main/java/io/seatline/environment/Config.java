package io.seatline.environment;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.seatline.account.PhoneSecret;
import io.seatline.environment.ConfigSource.Problem;
import io.seatline.registration.BindingLimits;
import io.seatline.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Everything that can be set, by concern. The defaults stand here; an unknown key or a value that can't be used stops
 * the start and says so. Read by {@link ConfigSource} from {@code SEATLINE_*} environment variables and
 * {@code seatline.properties}: {@code http.port} is {@code SEATLINE_HTTP_PORT}, and the environment wins.
 */
public record Config(
        Path dataDir,
        Http http,
        Tls tls,
        Sip sip,
        Management management,
        Database database,
        Optional<Secret> secretKey,
        Links links,
        Demo demo) {

    /** What a path of {@code public.url} may be: nothing that proxies and browsers write in several ways. */
    private static final Pattern BASE = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*");

    /** What it may not begin with: nobody could tell it from a place of our own. */
    private static final Pattern OWN_PLACE = Pattern.compile(
            "/(accounts|api|assets|console|docs|language|openapi\\.yaml|provision|sign-out|sip)([/.].*)?");

    private static final String WEBSOCKET = "/sip";

    private static final List<String> DIGESTS = List.of("SHA-256", "MD5");

    /**
     * The API's and pages' socket.
     *
     * @param port 0 picks a free one
     * @param publicUrl the address that clients know the server by, with or without a path, and without a slash at the
     *     end; empty for the address it listens on
     * @param trustedProxies those whose {@code X-Forwarded-For} is believed
     * @param accessLog a file, or {@code -} for the standard output
     */
    public record Http(
            String host, int port, Optional<URI> publicUrl, List<IPAddress> trustedProxies, String accessLog) {
        /** Whether links lead nowhere: it listens at every address, and was not told by which one it is known. */
        public boolean isNameless() {
            return publicUrl.isEmpty() && isWildcard(host);
        }
    }

    /**
     * A certificate chain and its key, PEM files; both or neither. With them the socket speaks TLS.
     *
     * @param http2 whether it then speaks HTTP/2 too
     */
    public record Tls(Optional<Path> certificate, Optional<Path> key, boolean http2) {}

    /**
     * The SIP edge.
     *
     * @param hosts addresses to listen at
     * @param publicHost what phones are told to register at, empty for what the other settings tell
     * @param port of UDP and TCP; 0 picks a free one
     * @param tlsPort of TLS, which is there when {@link Tls} is; 0 picks a free one
     * @param realm what phones log in to
     * @param moreRealms those of other servers whose accounts are here now, for requests to their domains
     * @param digest algorithms to offer, the preferred first
     * @param sha256Agents what the user agents begin with that are known to do SHA-256
     * @param bindings what phones are granted
     * @param endsWithConnection whether what was registered over a connection ends with it
     * @param webSocketPath where phones in browsers connect, below the path of {@code public.url}
     * @param edges proxies that may say where a phone is, and what leads back to it
     */
    public record Sip(
            List<String> hosts,
            Optional<String> publicHost,
            int port,
            int tlsPort,
            String realm,
            List<String> moreRealms,
            List<String> digest,
            List<String> sha256Agents,
            BindingLimits bindings,
            boolean endsWithConnection,
            String webSocketPath,
            List<IPAddress> edges) {}

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

    /**
     * Whether a new database gets demo data: {@code auto} does so with an embedded one on loopback, {@code off} never.
     */
    public record Demo(boolean allowed) {}

    /** Reads it all, or throws one {@link ConfigException} that names every problem. */
    public static Config read(ConfigSource settings) {
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
                        settings.choice("tls.http2", List.of("on", "off")).equals("on")),
                new Sip(
                        settings.list("sip.host", "127.0.0.1"),
                        settings.host("sip.public.host"),
                        settings.port("sip.port", 5060),
                        settings.port("sip.tls.port", 5061),
                        settings.text("sip.realm", "seatline"),
                        settings.list("sip.realms", ""),
                        settings.list("sip.digest", "SHA-256,MD5"),
                        settings.list("sip.sha256.agents", "linphone, baresip v2., baresip v3., baresip v4."),
                        new BindingLimits(
                                settings.duration("sip.expires.min", BindingLimits.USUAL.shortest()),
                                settings.duration("sip.expires.default", BindingLimits.USUAL.byDefault()),
                                settings.duration("sip.expires.max", BindingLimits.USUAL.longest()),
                                settings.number("sip.contacts.max", BindingLimits.USUAL.contacts(), 1, 100)),
                        settings.choice("sip.connection.end", List.of("keep", "end"))
                                .equals("end"),
                        settings.text("sip.websocket.path", WEBSOCKET),
                        settings.networks("sip.edges")),
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
        var base = config.http().publicUrl().map(URI::getRawPath).orElse("");
        if (!BASE.matcher(base).matches()) {
            settings.report(new Problem(
                    "public.url",
                    "may have a path of letters, digits and - . _ ~, such as https://voice.example/pbx, and no other"));
        } else if (OWN_PLACE.matcher(base).matches()) {
            settings.report(new Problem(
                    "public.url",
                    "has a path that Seatline serves itself, " + base + ": choose another, such as /pbx"));
        }
        if (config.tls().certificate().isPresent() != config.tls().key().isPresent()) {
            settings.report(new Problem("tls.key", "tls.certificate and tls.key must be set both, or neither"));
        }
        config.tls()
                .key()
                .filter(Config::isOpenToAll)
                .ifPresent(key -> settings.report(new Problem(
                        "tls.key", "can be read by every user of the system: `chmod 640 " + key + "` mends it")));
        if (config.sip().hosts().isEmpty()) {
            settings.report(new Problem("sip.host", "must be one or more addresses such as 192.0.2.1, 2001:db8::1"));
        }
        if (config.tls().certificate().isPresent()
                && config.sip().port() != 0
                && config.sip().port() == config.sip().tlsPort()) {
            settings.report(new Problem("sip.tls.port", "must be another than sip.port, which TCP has"));
        }
        if (!PhoneSecret.Ha1.isRealm(config.sip().realm())) {
            settings.report(
                    new Problem("sip.realm", "must be 1 to 64 printable ASCII characters, no quotes or backslashes"));
        }
        if (!config.sip().moreRealms().stream().allMatch(PhoneSecret.Ha1::isRealm)) {
            settings.report(new Problem(
                    "sip.realms", "must be the domains that phones register to, such as sip.example, pbx.example"));
        }
        if (config.sip().digest().isEmpty() || !DIGESTS.containsAll(config.sip().digest())) {
            settings.report(new Problem("sip.digest", "must be one or both of " + String.join(", ", DIGESTS)));
        }
        var bindings = config.sip().bindings();
        if (bindings.shortest().toSeconds() < 1
                || bindings.shortest().compareTo(bindings.byDefault()) > 0
                || bindings.byDefault().compareTo(bindings.longest()) > 0) {
            settings.report(new Problem(
                    "sip.expires.default",
                    "must not be below sip.expires.min, which is a second at least, nor above sip.expires.max"));
        }
        var webSocket = config.sip().webSocketPath();
        if (!BASE.matcher(webSocket).matches()
                || webSocket.isEmpty()
                || (OWN_PLACE.matcher(webSocket).matches() && !webSocket.equals(WEBSOCKET))) {
            settings.report(new Problem(
                    "sip.websocket.path",
                    "must be a path of letters, digits and - . _ ~ that Seatline does not serve itself, such as /sip"));
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

    public static boolean isWildcard(String host) {
        var address = new IPAddressString(host).getAddress();
        return address != null && address.isAnyLocal();
    }

    private static boolean isOpenToAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException e) {
            // what can't be read is told by whoever reads it
            return false;
        }
    }
}
