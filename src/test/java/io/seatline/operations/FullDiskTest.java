package io.seatline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.demo.Demo;
import io.seatline.support.Await;
import io.seatline.support.ExternalProgram;
import io.seatline.support.Phone;
import io.seatline.support.Program;
import io.seatline.support.Promptness;
import io.seatline.support.RawConnection;
import io.seatline.support.ServingProgram;
import io.seatline.support.SmallDisk;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The program on a data directory whose disk is full, and has room again. */
@Order(1)
@Tag("slow")
@Timeout(180)
@DisabledIfEnvironmentVariable(
        named = "SEATLINE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "no other database")
@SuppressWarnings("NullAway.Init")
class FullDiskTest {
    /** For a database, a demo and the pieces of 16 MB that PostgreSQL writes its log in. */
    private static final int ENOUGH = 120 << 10;

    private static final String NOTHING_IS_WRITTEN = "WARNING Nothing can be written now: the database's disk is full";
    private static final String WRITTEN_AGAIN = "INFO The database can be written to again";
    private static final String DIED = "WARNING The embedded database has died: starting it again";
    private static final String DOES_NOT_START =
            "SEVERE The embedded database does not start; trying again and again: ";
    private static final String RUNS_AGAIN = "INFO The embedded database runs again";

    private static final String NOTHING_IS_LOGGED =
            "WARNING The access log can't be written, and loses lines: No space left on device";
    private static final String LOGGED_AGAIN = "INFO The access log is written again";

    @TempDir
    private static Path directory;

    private static SmallDisk disk;
    private static ServingProgram server;

    /** What the server has said is stored: each of these must stay. */
    private static final List<String> ACKNOWLEDGED = new ArrayList<>();

    private static int customers;

    private int logged;

    @BeforeAll
    static void start() throws Exception {
        var where = Files.createDirectory(directory.resolve("disk"));
        disk = SmallDisk.mount(where, ENOUGH);
        var _ = Program.dataDirectory(disk.path(""));
        server = ServingProgram.start(disk.under(program(where).process("serve")), directory.resolve("output"));
    }

    private static Program program(Path where) {
        return new Program(Program.settings(where));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        if (disk != null) {
            disk.close();
        }
    }

    @BeforeEach
    void look() {
        logged = server.log().size();
    }

    @AfterEach
    void nothingThatWasAcknowledgedIsLost() throws Exception {
        disk.free();
        Await.until(() -> read().status() == 200
                && Collections.frequency(server.log(), NOTHING_IS_LOGGED)
                        == Collections.frequency(server.log(), LOGGED_AGAIN));
        try (var connection = new RawConnection(server.port())) {
            for (var id : ACKNOWLEDGED) {
                assertThat(connection
                                .exchange(request("GET", "/customers/" + id, ""))
                                .status())
                        .as(id)
                        .isEqualTo(200);
            }
        }
    }

    /** What it has logged during this test. */
    private List<String> log() {
        return server.log().stream().skip(logged).toList();
    }

    private static RawConnection.Answer health(String what) {
        return exchange(server.managementPort(), "GET /health/" + what + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private static RawConnection.Answer exchange(int port, String request) {
        try (var connection = new RawConnection(port)) {
            return connection.exchange(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String request(String method, String path, String body) {
        return method + " " + TestServer.BASE + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + TestServer.basic(Demo.USERNAME, Demo.PASSWORD) + "\r\nContent-Type: " + TestServer.JSON_API
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Creates a customer with a long name. */
    private static RawConnection.Answer create() {
        var id = "customer-" + ++customers;
        var answer =
                exchange(server.port(), request("POST", "/customers", """
                {"data": {"type": "customers", "id": "%s", "attributes": {"name": "%s", "language": "EN"}}}
                """.formatted(id, "Secret Bakery ".repeat(15))));
        if (answer.status() == 201) {
            ACKNOWLEDGED.add(id);
        }
        return answer;
    }

    /** Creates customers until there is no room for one more, which there may be in what the database has already. */
    private static RawConnection.Answer createUntilRefused() {
        var answer = create();
        while (answer.status() == 201) {
            answer = create();
        }
        return answer;
    }

    private static RawConnection.Answer read() {
        return exchange(server.port(), request("GET", "/sip_device_routes/" + Demo.ACCOUNT, ""));
    }

    @Test
    void diskThatIsFull_isToldWithinASecond_andChangesAre503UntilThereIsRoom() throws Exception {
        assertThat(health("ready").status()).isEqualTo(200);
        disk.fill();
        Promptness.within("the word of a full disk", Duration.ofSeconds(1), () -> {
            var ready = health("ready");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.body()).isEqualTo("not ready: the database's disk is full\n");
        });
        for (var i = 0; i < 5; i++) {
            var refused = createUntilRefused();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("5");
        }
        try (var phone = new Phone("127.0.0.1", "127.0.0.1", server.sipPort(), "z4wnypvker", "08hxobdp5z")) {
            var refused = phone.registers();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isPresent();

            assertThat(health("live").status()).as("a new start would not help").isEqualTo(200);
            Await.until(
                    () -> read().status() == 200 && log().containsAll(List.of(NOTHING_IS_WRITTEN, NOTHING_IS_LOGGED)));

            disk.free();
            Await.until(() -> health("ready").status() == 200);
            assertThat(create().status()).isEqualTo(201);
            assertThat(phone.registers().status()).isEqualTo(200);
        }
        Await.until(() -> read().status() == 200 && log().containsAll(List.of(WRITTEN_AGAIN, LOGGED_AGAIN)));
        assertThat(log())
                .as("one line for each state, however many were refused")
                .containsSubsequence(NOTHING_IS_WRITTEN, WRITTEN_AGAIN)
                .containsSubsequence(NOTHING_IS_LOGGED, LOGGED_AGAIN)
                .hasSize(4);
    }

    @Test
    void databaseThatEndsWhileItsDiskIsFull_comesBackWithTheRoom_eachTime() throws Exception {
        endOnAFullDisk(FullDiskTest::kill);
        endOnAFullDisk(FullDiskTest::exhaust);
    }

    private interface End {
        void come() throws Exception;
    }

    private void endOnAFullDisk(End end) throws Exception {
        look();
        disk.fill();
        assertThat(createUntilRefused().status()).isEqualTo(503);
        Await.until(() -> log().contains(NOTHING_IS_WRITTEN));
        end.come();
        Await.until(() -> {
            // also the room that it gives back by its end
            disk.fill();
            return log().stream().anyMatch(line -> line.startsWith(DOES_NOT_START));
        });
        assertThat(health("ready").body()).isEqualTo("not ready: the database's disk is full\n");
        assertThat(health("live").status()).as("it may mend itself").isEqualTo(200);

        disk.free();
        Await.until(() -> health("ready").status() == 200);
        Await.until(() -> create().status() == 201);
        Await.until(() -> log().contains(WRITTEN_AGAIN));
        var log = log().stream().filter(line -> !line.contains("access log")).toList();
        assertThat(log)
                .as("one line for each state, however often it was tried")
                .hasSize(5)
                .startsWith(NOTHING_IS_WRITTEN, DIED)
                .endsWith(RUNS_AGAIN, WRITTEN_AGAIN);
        assertThat(log.get(2)).startsWith(DOES_NOT_START).endsWith("; its disk is full");
    }

    /** PostgreSQL ends by itself where it finds no room for its log. */
    private static void exhaust() throws Exception {
        var port = postmaster().get(3).strip();
        var password = Files.readString(disk.path("data/postgres.password"));
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + port + "/postgres", "postgres", password);
                var statement = connection.createStatement()) {
            while (true) {
                statement.execute("SELECT pg_logical_emit_message(false, 'test', 'something'), pg_switch_wal()");
            }
        } catch (SQLException e) {
            // it has ended
        }
    }

    private static void kill() throws IOException {
        var _ = ExternalProgram.output("kill", "-KILL", postmaster().getFirst().strip());
    }

    private static List<String> postmaster() throws IOException {
        return Files.readAllLines(disk.path("data/postgres/postmaster.pid"));
    }

    @Test
    void firstStart_onADiskWithoutRoom_endsAtOnceWithTheReason_andTheNextOneIsNotHindered() throws Exception {
        var where = directory.resolve("small");
        try (var small = SmallDisk.mount(Files.createDirectory(where), 8 << 10)) {
            small.fill();
            assertThat(refused(small, where))
                    .contains("The key file", "can't be read or made: No space left on device");
            small.free();

            // room for the key, and not for PostgreSQL's programs
            assertThat(refused(small, where)).contains("does not start: No space left on device", "Its disk is full");
            assertThat(small.path("data/postgres-binaries")).isEmptyDirectory();

            // room for those, and not for a database
            Files.delete(small.path("data/postgres-binaries"));
            Program.linkPrograms(small.path("data"));
            small.resize(20 << 10);
            assertThat(refused(small, where)).contains("does not start: initdb failed", "No space left on device");
            assertThat(small.path("data/postgres.half")).doesNotExist();

            small.resize(ENOUGH);
            var output = directory.resolve("next");
            assertThat(ServingProgram.ended(small.under(program(where).process("operator", "list")), output))
                    .as(Files.readString(output))
                    .isZero();
        }
    }

    /** What a start says that ends by itself, and leaves nothing running. */
    private static String refused(SmallDisk small, Path where) throws Exception {
        var output = directory.resolve("refused");
        var exitCode = ServingProgram.ended(small.under(program(where).process("serve")), output);
        assertThat(exitCode).as(Files.readString(output)).isEqualTo(4);
        assertThat(ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().commandLine().stream())
                        .filter(command -> command.contains(where + "/data")))
                .isEmpty();
        return Files.readString(output);
    }
}
