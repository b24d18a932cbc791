package io.seatline.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seatline.demo.Demo;
import io.seatline.support.Await;
import io.seatline.support.ExternalProgram;
import io.seatline.support.Program;
import io.seatline.support.ServingProgram;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The program on an empty data directory, with the database that it brings along. */
@Order(1)
@Tag("slow")
@DisabledIfEnvironmentVariable(
        named = "SEATLINE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "no other database")
@SuppressWarnings("NullAway.Init")
class EmbeddedDatabaseTest {
    @TempDir
    private Path directory;

    private ServingProgram server;

    private Program program() {
        return new Program(Program.settings(directory));
    }

    /** Starts the server, and gives its start-up lines. */
    private String serve() throws IOException, InterruptedException {
        server = ServingProgram.start(program().process("serve"), directory.resolve("output"));
        return server.output();
    }

    private int status() throws IOException {
        var status = ExternalProgram.output(
                "curl",
                "-s",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "--max-time",
                "20",
                "-u",
                "username:password",
                "http://127.0.0.1:" + server.port() + TestServer.BASE + "/sip_device_routes/" + Demo.ACCOUNT);
        return Integer.parseInt(status);
    }

    private long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(directory.resolve("data/postgres/postmaster.pid"))
                .getFirst()
                .strip());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        assertThat(directory.resolve("data/postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void emptyDirectory_getsADatabaseAndTheDemo_whichLastThroughKillsAndRestarts() throws Exception {
        assertThat(serve())
                .contains(
                        "is ready after",
                        "/docs",
                        "/health/ready",
                        "its own PostgreSQL under",
                        "curl -i -u username:password");
        assertThat(status()).isEqualTo(200);
        var accounts = program().runProcess("account", "list", "--json");
        assertThat(TestServer.JSON.readTree(accounts.out()).size())
                .as("a command uses the server's database")
                .isEqualTo(30);
        assertThat(program().runProcess("customer", "show", "fleet-7", "--json").out())
                .contains("\"sip_account_limit\":5,\"sip_accounts\":5");

        var second = program().runProcess("serve");
        assertThat(second.exitCode()).isEqualTo(4);
        assertThat(second.err())
                .contains("Another Seatline runs on the data directory")
                .contains("SEATLINE_DATA_DIR");

        var port = Integer.parseInt(Files.readAllLines(directory.resolve("data/postgres/postmaster.pid"))
                .get(3)
                .strip());
        assertThatThrownBy(() -> DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "guess"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");

        // the database dies: it is started again, and nobody else has to do anything
        var before = postmaster();
        ProcessHandle.of(before).orElseThrow().destroyForcibly();
        Await.until(() -> {
            try {
                return status() == 200 && postmaster() != before;
            } catch (IOException e) {
                return false;
            }
        });

        // the server is killed: the next one takes over what it left behind
        var orphan = postmaster();
        server.process().destroyForcibly().waitFor();
        assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isPresent();
        assertThat(serve()).doesNotContain("A new database");
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void commandsWithoutAServer_startTheDatabaseForThemselves() throws Exception {
        Program.dataDirectory(directory);
        assertThat(program().runProcess("migrate").exitCode()).isZero();
        assertThat(program().runProcess("operator", "create", "first", "--json").exitCode())
                .isZero();
        assertThat(program().runProcess("operator", "list").out()).contains("first");
        // a server that is told to end before it is ready
        var early = program()
                .process("serve")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("early").toFile())
                .start();
        var pidFile = directory.resolve("data/postgres/postmaster.pid");
        Await.until(() -> pidFile.toFile().length() > 0);
        var starting = postmaster();
        early.destroy();
        assertThat(early.waitFor(12, TimeUnit.SECONDS)).isTrue();
        assertThat(ProcessHandle.of(starting).filter(ProcessHandle::isAlive)).isEmpty();

        assertThat(serve()).as("an operator is there: no demo").doesNotContain("password everybody knows");
        assertThat(status()).isEqualTo(401);

        // the database hangs: the end comes all the same, and leaves nothing running
        var hanging = postmaster();
        var _ = ExternalProgram.output("kill", "-STOP", Long.toString(hanging));
        server.process().destroy();
        assertThat(server.process().waitFor(12, TimeUnit.SECONDS)).isTrue();
        Await.until(
                () -> ProcessHandle.of(hanging).filter(ProcessHandle::isAlive).isEmpty());
        Files.deleteIfExists(directory.resolve("data/postgres/postmaster.pid"));
    }
}
