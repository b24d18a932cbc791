package io.seatline.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.cli.SeatlineCommand;
import io.seatline.cli.command.Terminal;
import io.seatline.db.EmbeddedServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The program with an environment of its own: a command in this process, which is quick, or the whole of it as another
 * process.
 */
public final class Program {
    private final Map<String, String> environment = new HashMap<>();

    /** What a run came to. */
    public record Result(int exitCode, String out, String err) {}

    /** The program with settings by their names, such as {@code http.port}, and none of the tests' own environment. */
    public Program(Map<String, String> settings) {
        settings.forEach((key, value) ->
                environment.put("SEATLINE_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    }

    /** Settings of a server that has all its own in {@code directory}, and free ports. */
    public static Map<String, String> settings(Path directory) {
        return Map.of(
                "data.dir",
                directory.resolve("data").toString(),
                "http.port",
                "0",
                "management.port",
                "0",
                "sip.port",
                "0",
                "sip.sha256.agents",
                Phone.AGENT,
                "log.access",
                directory.resolve("access.log").toString());
    }

    /** The program beside a test's server: on its database and with its key. */
    public static Program beside(TestServer server) {
        return new Program(Map.of(
                "data.dir", server.directory().toString(),
                "database.url", server.database().url(),
                "database.user", server.database().user(),
                "database.password", server.database().password()));
    }

    /** Runs a command to its end, here. */
    public Result run(String... arguments) {
        return runWith("", arguments);
    }

    /** Runs a command to its end, here, with something on its standard input. */
    public Result runWith(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                environment,
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
        var exitCode = SeatlineCommand.run(terminal, arguments);
        return new Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }

    /**
     * A data directory of its own in {@code parent}, with nothing in it but the programs of the embedded PostgreSQL,
     * which take longer to unpack than a server takes to start: one test shows that a server brings them itself.
     */
    public static Path dataDirectory(Path parent) throws IOException {
        var data = Files.createDirectory(
                parent.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        linkPrograms(data);
        return data;
    }

    /** Has a data directory use the programs that are unpacked already. */
    public static void linkPrograms(Path data) throws IOException {
        Files.createSymbolicLink(data.resolve("postgres-binaries"), Unpacked.DIRECTORY);
    }

    /** The programs, unpacked once for a run, and for the next ones. */
    private static final class Unpacked {
        private static final Path DIRECTORY = Path.of("target", "test-programs").toAbsolutePath();

        static {
            EmbeddedServer.unpack(DIRECTORY);
        }
    }

    /** A process of its own, which is still to be started. */
    public ProcessBuilder process(String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                "io.seatline.Main"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SEATLINE_"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs a command to its end as a process of its own. */
    public Result runProcess(String... arguments) {
        return runProcessWith("", arguments);
    }

    /** Runs a command to its end as a process of its own, with something on its standard input. */
    public Result runProcessWith(String input, String... arguments) {
        try {
            var process = process(arguments).start();
            var err = CompletableFuture.supplyAsync(() -> {
                try {
                    return new String(process.getErrorStream().readAllBytes(), UTF_8);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(UTF_8));
            } catch (IOException e) {
                // the command did not read it
            }
            var out = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("still running: " + List.of(arguments));
            }
            return new Result(process.exitValue(), out, err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
