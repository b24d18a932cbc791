package io.seatline.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real program, as a process of its own. */
public final class Program {
    private final Map<String, String> environment = new HashMap<>();

    /** What a run came to. */
    public record Result(int exitCode, String out, String err) {}

    /** The program with settings by their names, such as {@code http.port}, and none of the tests' own environment. */
    public Program(Map<String, String> settings) {
        settings.forEach((key, value) -> environment.put(
                "SEATLINE_" + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_'), value));
    }

    /** The program beside a test's server: on its database and with its key. */
    public static Program beside(TestServer server) {
        return new Program(Map.of(
                "data.dir", server.directory().toString(),
                "database.url", server.database().url(),
                "database.user", server.database().user(),
                "database.password", server.database().password()));
    }

    public ProcessBuilder command(String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
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

    /** Runs a command to its end. */
    public Result run(String... arguments) {
        return runWith("", arguments);
    }

    /** Runs a command to its end, with something on its standard input. */
    public Result runWith(String input, String... arguments) {
        try {
            var process = command(arguments).start();
            var err = Thread.ofVirtual();
            var errText = new StringBuilder();
            var reader = err.start(() -> {
                try {
                    errText.append(new String(process.getErrorStream().readAllBytes(), UTF_8));
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
            reader.join();
            return new Result(process.exitValue(), out, errText.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
