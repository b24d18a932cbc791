package io.seatline.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seatline.environment.Config;
import io.seatline.environment.ConfigException;
import io.seatline.environment.ConfigSource;
import io.seatline.server.Server;
import io.seatline.support.TestCertificate;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings: where they come from, and what is said of a bad one. */
class ConfigTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static Config read(Map<String, String> environment) {
        return Config.read(ConfigSource.of(environment));
    }

    @Test
    void nothingSet_listensOnLoopbackWithADatabaseOfItsOwn() {
        var config = read(Map.of());
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.management().port()).isEqualTo(8081);
        assertThat(config.database().url()).isEmpty();
        assertThat(config.dataDir()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(config.links().lifetime()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void file_isReadAndTheEnvironmentWins() throws IOException {
        var file = directory.resolve("seatline.properties");
        Files.writeString(file, "http.port=9000\nlink.lifetime=1h30m\npublic.url=https://sip.example.com/\n");
        var config = read(Map.of("SEATLINE_CONFIG", file.toString(), "SEATLINE_HTTP_PORT", "9001"));
        assertThat(config.http().port()).isEqualTo(9001);
        assertThat(config.links().lifetime()).isEqualTo(Duration.ofMinutes(90));
        assertThat(config.http().publicUrl().map(Object::toString)).hasValue("https://sip.example.com");
    }

    @Test
    void publicUrl_mayHaveAPath_thatNobodyTakesForAPlaceOfOurs() {
        for (var path : List.of("", "/pbx", "/tele/phones.v2", "/sipphones", "/~voice")) {
            assertThat(read(Map.of("SEATLINE_PUBLIC_URL", "https://voice.example" + path + "/"))
                            .http()
                            .publicUrl()
                            .map(URI::getRawPath))
                    .hasValue(path);
        }
        for (var path : List.of("/a%20b", "/a//b", "/../pbx", "/pbx/.", "/pbx;v=1", "/пбх")) {
            assertThatThrownBy(() -> read(Map.of("SEATLINE_PUBLIC_URL", "https://voice.example" + path)))
                    .as(path)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("SEATLINE_PUBLIC_URL: may have a path of letters");
        }
        for (var url :
                List.of("https://user:secret@voice.example", "https://voice.example:99999", "ftp://voice.example")) {
            assertThatThrownBy(() -> read(Map.of("SEATLINE_PUBLIC_URL", url)))
                    .as(url)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("SEATLINE_PUBLIC_URL: must be an http or https address");
        }
        for (var path : List.of("/sip", "/api/pbx", "/accounts", "/console", "/docs", "/assets", "/openapi.yaml")) {
            assertThatThrownBy(() -> read(Map.of("SEATLINE_PUBLIC_URL", "https://voice.example" + path)))
                    .as(path)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("SEATLINE_PUBLIC_URL: has a path that Seatline serves itself, " + path);
        }
    }

    @Test
    void everyAddressOfTheMachine_isNoNameForLinks() {
        for (var host : List.of("0.0.0.0", "::")) {
            assertThat(read(Map.of("SEATLINE_HTTP_HOST", host)).http().isNameless())
                    .as(host)
                    .isTrue();
        }
        assertThat(read(Map.of("SEATLINE_HTTP_HOST", "0.0.0.0", "SEATLINE_PUBLIC_URL", "https://voice.example"))
                        .http()
                        .isNameless())
                .isFalse();
        assertThat(read(Map.of("SEATLINE_HTTP_HOST", "192.0.2.7")).http().isNameless())
                .isFalse();
    }

    @Test
    void everyProblem_isNamedAtOnce_withWhereItIsAndWhatIsMeant() throws IOException {
        var file = directory.resolve("seatline.properties");
        Files.writeString(file, "htp.port=1\n");
        assertThatThrownBy(() -> read(Map.of(
                        "SEATLINE_CONFIG", file.toString(),
                        "SEATLINE_HTTP_PORT", "80800",
                        "SEATLINE_PUBLIC_URL", "example.com",
                        "SEATLINE_TRUSTED_PROXIES", "10.0.0.0/8, 300.0.0.1, ::/20000000000000000000000000000000000000",
                        "SEATLINE_LINK_LIFETIME", "soon",
                        "SEATLINE_SIP_PUBLIC_HOST", "sip.example.com:5060",
                        "SEATLINE_TLS_KEY", "/nowhere/key.pem",
                        "SEATLINE_DATABASE_URL", "postgres://localhost")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "htp.port in " + file + ": there is no such setting; did you mean http.port?",
                        "SEATLINE_HTTP_PORT: must be a number from 0 to 65535",
                        "SEATLINE_PUBLIC_URL: must be an http or https address",
                        "SEATLINE_TRUSTED_PROXIES: 300.0.0.1 is not an address",
                        "SEATLINE_TRUSTED_PROXIES: ::/20000000000000000000000000000000000000 is not an address",
                        "SEATLINE_LINK_LIFETIME: must be a duration",
                        "SEATLINE_SIP_PUBLIC_HOST: must be a host's name or address",
                        "SEATLINE_TLS_KEY: there is no readable file /nowhere/key.pem",
                        "tls.certificate and tls.key must be set both",
                        "SEATLINE_DATABASE_URL: must begin with jdbc:postgresql:");
    }

    @Test
    void settingsOfThePhones_thatContradictEachOther_areNamed() {
        assertThatThrownBy(() -> read(Map.of(
                        "SEATLINE_SIP_EXPIRES_MIN", "2h",
                        "SEATLINE_SIP_CONTACTS_MAX", "0",
                        "SEATLINE_SIP_CONNECTION_END", "drop",
                        "SEATLINE_SIP_WEBSOCKET_PATH", "/api/sip",
                        "SEATLINE_SIP_DIGEST", "SHA-512")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "sip.expires.default: must not be below sip.expires.min",
                        "SEATLINE_SIP_CONTACTS_MAX: must be a number from 1 to 100",
                        "SEATLINE_SIP_CONNECTION_END: must be one of keep, end",
                        "SEATLINE_SIP_WEBSOCKET_PATH: must be a path",
                        "SEATLINE_SIP_DIGEST: must be one or both of SHA-256, MD5");
        for (var path : List.of("sip", "/", "/sip/", "/s p", "/console", "/api")) {
            assertThatThrownBy(() -> read(Map.of("SEATLINE_SIP_WEBSOCKET_PATH", path)))
                    .as(path)
                    .hasMessageContaining("must be a path");
        }
    }

    /** Each row of the page that has one: the defaults, as it says them, change nothing. */
    @Test
    void defaults_areThoseOfThePage() throws IOException {
        var documented = new HashMap<String, String>();
        for (var line : Files.readAllLines(Path.of("docs", "configuration.md"))) {
            var cells = line.split("\\|", -1);
            if (cells.length > 2) {
                var names = cells[1].strip().replace("`", "").split(", ", -1);
                var values = Pattern.compile("`([^`]+)`|[^ ,`][^,`]*")
                        .matcher(cells[2])
                        .results()
                        .toList();
                for (var i = 0; i < Math.min(names.length, values.size()); i++) {
                    var value = values.get(i).group(1);
                    if (value != null) {
                        documented.put(
                                "SEATLINE_" + names[i].toUpperCase(Locale.ROOT).replace('.', '_'), value);
                    }
                }
            }
        }
        assertThat(documented).hasSizeGreaterThan(20);
        assertThat(read(documented)).isEqualTo(read(Map.of()));
    }

    @Test
    void secrets_printAsRedacted() {
        var config = read(Map.of("SEATLINE_DATABASE_PASSWORD", "hunter2", "SEATLINE_SECRET_KEY", "hunter3"));
        assertThat(config.toString()).contains("[redacted]").doesNotContain("hunter");
    }

    @Test
    void portThatIsTaken_isSaidBeforeAnythingStarts() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            assertThatThrownBy(() -> Server.start(
                            read(Map.of(
                                    "SEATLINE_HTTP_PORT",
                                    port,
                                    "SEATLINE_DATA_DIR",
                                    directory.resolve("none").toString())),
                            false))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll("Port " + port + " of 127.0.0.1 can't be had", "SEATLINE_HTTP_PORT");
            assertThat(directory.resolve("none")).doesNotExist();
        }
    }

    @Test
    void key_thatIsNotTheDatabases_stopsTheStart() {
        try (var server = TestServer.empty()) {
            var config = TestServer.config(
                    server.database(),
                    server.directory(),
                    Map.of("secret.key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
            assertThatThrownBy(() -> Server.start(config, false))
                    .hasMessageContaining("The key is not the one that the secrets")
                    .hasMessageContaining("SEATLINE_SECRET_KEY");
        }
    }

    @Test
    void keyFile_openToOthers_stopsTheStart() throws IOException {
        try (var server = TestServer.empty()) {
            var key = server.directory().resolve("secret.key");
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
            assertThatThrownBy(() -> server.another()).hasMessageContaining("chmod 600 " + key);
        }
    }

    @Test
    void dataDirectory_openToOthers_isClosedBeforeAnythingIsPutThere() throws IOException {
        try (var server = TestServer.empty()) {
            var open = PosixFilePermissions.fromString("rwxr-xr-x");
            Files.setPosixFilePermissions(server.directory(), open);
            server.another().stop();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.directory())))
                    .isEqualTo("rwx------");

            var shared = Files.createDirectory(directory.resolve("shared"));
            Files.writeString(shared.resolve("notes.txt"), "");
            Files.setPosixFilePermissions(shared, open);
            var config = TestServer.config(server.database(), shared, Map.of());
            assertThatThrownBy(() -> Server.start(config, false))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll(shared.toString(), "open to others (rwxr-xr-x)", "SEATLINE_DATA_DIR");
            assertThat(shared).isDirectoryContaining("glob:**notes.txt");
            assertThat(Files.getPosixFilePermissions(shared)).isEqualTo(open);
        }
    }

    @Test
    void tlsKey_thatEverybodyCanRead_stopsTheStart() throws Exception {
        var certificate = TestCertificate.create(directory);
        Files.setPosixFilePermissions(certificate.key(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> read(Map.of(
                        "SEATLINE_TLS_CERTIFICATE", certificate.certificate().toString(),
                        "SEATLINE_TLS_KEY", certificate.key().toString())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chmod 640 " + certificate.key());
    }

    @Test
    void demo_isNotServedBeyondLoopback() {
        try (var server = TestServer.withDemo()) {
            for (var settings :
                    List.of(Map.of("http.host", "0.0.0.0"), Map.of("public.url", "https://sip.example.com"))) {
                assertThatThrownBy(() ->
                                Server.start(TestServer.config(server.database(), server.directory(), settings), false))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContainingAll(
                                "the demo's credential", "bin/seatline operator credential rotate username");
            }
        }
    }
}
