package io.seatline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.demo.Demo;
import io.seatline.environment.Config;
import io.seatline.environment.ConfigSource;
import io.seatline.server.Server;
import io.seatline.support.Await;
import io.seatline.support.ExternalProgram;
import io.seatline.support.Phone;
import io.seatline.support.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An external database that is down at the start, or goes away while the server runs. */
@Tag("slow")
class DatabaseAwayTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private EmbeddedPostgres postgres(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(
                        Path.of("target/test-postgres").toAbsolutePath().toFile())
                .setDataDirectory(directory.resolve("cluster"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    private Map<String, String> settings(int port) {
        return Map.of(
                "SEATLINE_DATA_DIR",
                directory.toString(),
                "SEATLINE_DATABASE_URL",
                "jdbc:postgresql://localhost:" + port + "/postgres",
                "SEATLINE_DATABASE_USER",
                "postgres",
                "SEATLINE_HTTP_PORT",
                "0",
                "SEATLINE_MANAGEMENT_PORT",
                "0",
                "SEATLINE_SIP_PORT",
                "0",
                "SEATLINE_LOG_ACCESS",
                directory.resolve("access.log").toString());
    }

    @Test
    void start_waitsForTheDatabase_andAnOutageIs503UntilItIsOver() throws Exception {
        int port;
        try (var first = postgres(0)) {
            port = first.getPort();
        }
        var starting = CompletableFuture.supplyAsync(() -> {
            try {
                return Server.start(Config.read(ConfigSource.of(settings(port))), false);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try (var nobody = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            for (var attempt = 0; attempt < 3; attempt++) {
                nobody.accept().close();
            }
        }
        assertThat(starting).as("after three attempts").isNotDone();
        var up = postgres(port);
        try (var server = starting.get(30, TimeUnit.SECONDS)) {
            Demo.load(server.environment());
            assertThat(status(server, "GET", "/customers")).startsWith("200");
            up.close();
            assertThat(status(server, "GET", "/customers")).isEqualTo("503 5");
            assertThat(status(server, "PATCH", "/sip_device_routes/" + Demo.ACCOUNT))
                    .isEqualTo("503 5");
            assertThat(health(server)).isEqualTo("503");
            up = postgres(port);
            Await.until(() -> status(server, "GET", "/customers").startsWith("200"));
            assertThat(health(server)).isEqualTo("200");
        } finally {
            up.close();
        }
    }

    @Test
    void registrar_answers503WhileTheDatabaseIsAway_neverAFalse401_andHeals() throws Exception {
        var up = postgres(0);
        var port = up.getPort();
        try (var server = Server.start(Config.read(ConfigSource.of(settings(port))), false)) {
            Demo.load(server.environment());
            try (var phone = new Phone("127.0.0.1", "127.0.0.1", server.sipPort(), "z4wnypvker", "08hxobdp5z");
                    var stranger =
                            new Phone("127.0.0.1", "127.0.0.1", server.sipPort(), "stranger", "not-known-at-all");
                    var guesser =
                            new Phone("127.0.0.1", "127.0.0.1", server.sipPort(), "z4wnypvker", "a-wrong-password")) {
                assertThat(phone.registers().status()).isEqualTo(200);
                up.close();
                for (var one : new Phone[] {phone, stranger, guesser}) {
                    var answer = one.registers();
                    assertThat(answer.status()).isEqualTo(503);
                    assertThat(Integer.parseInt(answer.header("Retry-After").orElseThrow()))
                            .isBetween(1, 30);
                }
                up = postgres(port);
                Await.until(() -> phone.registers().status() == 200);
                assertThat(guesser.registers().status()).isEqualTo(401);
            }
        } finally {
            up.close();
        }
    }

    private static String status(Server server, String method, String path) {
        return curl(
                "-X",
                method,
                "-u",
                Demo.USERNAME + ":" + Demo.PASSWORD,
                "-H",
                "Content-Type: " + TestServer.JSON_API,
                "-d",
                "{\"data\":{\"type\":\"sip_device_routes\",\"id\":\"" + Demo.ACCOUNT + "\"}}",
                "-w",
                "%{http_code} %header{retry-after}",
                server.publicUrl() + TestServer.BASE + path);
    }

    private static String health(Server server) {
        return curl("-w", "%{http_code}", "http://127.0.0.1:" + server.managementPort() + "/health/ready");
    }

    private static String curl(String... arguments) {
        try {
            var command =
                    new java.util.ArrayList<>(java.util.List.of("curl", "-s", "-o", "/dev/null", "--max-time", "20"));
            command.addAll(java.util.List.of(arguments));
            return ExternalProgram.output(command.toArray(String[]::new)).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
