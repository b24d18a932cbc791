package io.seatline.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seatline.db.DatabaseStartException;
import io.seatline.environment.Config;
import io.seatline.environment.ConfigSource;
import io.seatline.server.Server;
import io.seatline.support.Await;
import io.seatline.support.ExternalProgram;
import io.seatline.support.Program;
import io.seatline.support.Promptness;
import io.seatline.support.RawConnection;
import io.seatline.support.Within;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the database that the program brings along, and what is told of it. */
@Tag("slow")
@DisabledIfEnvironmentVariable(
        named = "SEATLINE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "no other database")
class EmbeddedDatabaseFailuresTest {
    @TempDir
    private Path directory;

    private Server start(Path data) throws IOException {
        var settings = new HashMap<String, String>();
        Map.of("DATA_DIR", data.toString(), "LOG_ACCESS", "/dev/null", "DEMO", "off")
                .forEach((name, value) -> settings.put("SEATLINE_" + name, value));
        for (var port : List.of("HTTP", "MANAGEMENT", "SIP", "SIP_TLS")) {
            settings.put("SEATLINE_" + port + "_PORT", "0");
        }
        return Server.start(Config.read(ConfigSource.of(settings)), false);
    }

    private Server start() throws IOException {
        return start(Program.dataDirectory(directory));
    }

    private static RawConnection.Answer ask(Server server, String what) {
        try (var connection = new RawConnection(server.managementPort())) {
            return connection.exchange("GET /health/" + what + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isReady(Server server) {
        return ask(server, "ready").status() == 200;
    }

    private static List<String> postmaster(Path data) throws IOException {
        return Files.readAllLines(data.resolve("postgres/postmaster.pid"));
    }

    private static void kill(String signal, Path data) throws IOException {
        var _ = ExternalProgram.output(
                "kill", "-" + signal, postmaster(data).getFirst().strip());
    }

    @Test
    void databaseThatIsKilled_comesBack_howeverOften_alsoWhenItsPortWasTakenMeanwhile() throws Exception {
        try (var server = start()) {
            var data = directory.resolve("data");
            assertThat(isReady(server)).isTrue();
            for (var i = 0; i < 2; i++) {
                kill("KILL", data);
                Await.until(() -> !isReady(server));
                Await.until(() -> isReady(server));
            }
            var port = Integer.parseInt(postmaster(data).get(3).strip());
            kill("KILL", data);
            try (var taken = takeWhenFree(port)) {
                assertThat(ask(server, "ready").body()).contains("the database does not answer");
                Thread.sleep(2_500);
                assertThat(taken.isBound()).isTrue();
                assertThat(isReady(server)).isFalse();
                assertThat(ask(server, "live").status())
                        .as("it may mend itself")
                        .isEqualTo(200);
            }
            Await.until(() -> isReady(server));
        }
    }

    private static ServerSocket takeWhenFree(int port) throws InterruptedException {
        while (true) {
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                Thread.sleep(5);
            }
        }
    }

    @Test
    @Within(seconds = 30)
    void databaseThatHangs_isToldWithinASecond_andDoesNotHoldUpTheEnd() throws Exception {
        var server = start();
        var data = directory.resolve("data");
        var pid = Long.parseLong(postmaster(data).getFirst().strip());
        kill("STOP", data);
        var children = ProcessHandle.of(pid).orElseThrow().descendants().toList();
        // one that stands still would be in the way of the next start
        var _ = ExternalProgram.output(
                "kill", "-STOP", Long.toString(children.getFirst().pid()));
        // not those that are there already: they work on
        Promptness.within("the word of a database that hangs", Duration.ofSeconds(1), () -> {
            var answer = ask(server, "ready");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("not ready: the database does not answer in time");
        });
        // a process is there, and no help: how long that lasts is what fails liveness
        Await.until(() -> server.environment().database().downFor().isPositive());
        server.close();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        Await.until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** One after the other on one data directory, which each leaves as it found it. */
    @Test
    void dataDirectory_thatIsNotAsItWas_isMendedOrRefusedAtOnce_withWhatToDo() throws Exception {
        var data = Program.dataDirectory(directory);
        try (var server = start(data)) {
            applicationIsNoSuperuser(server);
        }
        directoriesAreTheOwnersAlone(data);

        var version = data.resolve("postgres/PG_VERSION");
        Files.writeString(version, "16\n");
        assertThatThrownBy(() -> start(data))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContainingAll("made by PostgreSQL 16", "brings PostgreSQL 18", "pg_dump");
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
        Files.writeString(version, "18\n");

        var configuration = data.resolve("postgres/postgresql.conf");
        var before = Files.readString(configuration);
        Files.writeString(configuration, "shared_buffers = plenty\n");
        assertThatThrownBy(() -> start(data))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("invalid value for parameter \"shared_buffers\": \"plenty\"");
        Files.writeString(configuration, before);

        var password = data.resolve("postgres.password");
        Files.writeString(password, "another");
        assertThatThrownBy(() -> start(data))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContainingAll("password authentication failed", "delete that file");
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();

        Files.delete(password);
        try (var server = start(data)) {
            assertThat(isReady(server)).as("with a new password").isTrue();
        }

        // as after a loss of power, or in a container that counts from 1 again
        var stranger = new ProcessBuilder("sleep", "120").start();
        try {
            for (var left : List.of(stranger.pid() + "\n" + data + "/postgres\n1000\n5432\n\n\n", "x\ny\nz\n")) {
                Files.writeString(data.resolve("postgres/postmaster.pid"), left);
                try (var server = start(data)) {
                    assertThat(isReady(server)).isTrue();
                }
                assertThat(stranger.isAlive()).isTrue();
            }
        } finally {
            stranger.destroy();
        }
    }

    private static void applicationIsNoSuperuser(Server server) {
        var jdbi = server.environment().database().jdbi();
        var superuser = jdbi.withHandle(handle -> handle.createQuery("SELECT current_setting('is_superuser')")
                .mapTo(String.class)
                .one());
        assertThat(superuser).isEqualTo("off");
        assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute("COPY (SELECT 1) TO PROGRAM 'true'")))
                .hasMessageContaining("permission denied");
        var others = jdbi.withHandle(
                handle -> handle.createQuery("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                                + " AND relowner <> 'seatline'::regrole")
                        .mapTo(Long.class)
                        .one());
        assertThat(others).isZero();
    }

    private static void directoriesAreTheOwnersAlone(Path data) throws IOException {
        for (var path : List.of(
                data,
                data.resolve("postgres"),
                data.resolve("postgres-binaries").toRealPath())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .as(path.toString())
                    .isEqualTo("rwx------");
        }
    }
}
