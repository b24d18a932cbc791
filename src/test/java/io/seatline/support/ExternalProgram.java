package io.seatline.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A program of others, such as a phone, a proxy or a spreadsheet, as a process of its own that lives in a directory of
 * the test's.
 */
public final class ExternalProgram implements AutoCloseable {
    private static final int SECONDS = 60;

    /**
     * Below the ports that servers pick, and those that systems give to connections: nobody else comes between look and
     * use.
     */
    private static final int FIRST_PORT = 10_000;

    private static final int PORTS = 6_000;
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private final List<String> command;
    private final Path output;
    private final Process process;

    /** The programs, each with the Debian package that brings it. */
    public enum Tool {
        SIPP("sip-tester"),
        SIPSAK("sipsak"),
        SVWAR("sipvicious"),
        SVCRACK("sipvicious"),
        BARESIP("baresip-core"),
        TWINKLE_CONSOLE("twinkle-console"),
        LINPHONE_DAEMON("linphone-cli"),
        KAMAILIO("kamailio"),
        NGINX("nginx"),
        HAPROXY("haproxy"),
        LOCALC("libreoffice-calc");

        private final String debianPackage;

        Tool(String debianPackage) {
            this.debianPackage = debianPackage;
        }

        private String command() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        /** Fails the test, and says how to mend it, where the program is not installed. */
        private void require() {
            for (var directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
                if (Files.isExecutable(Path.of(directory, command()))) {
                    return;
                }
            }
            throw new AssertionError(command()
                    + " is not there; install it as root: apt-get install --no-install-recommends " + debianPackage);
        }
    }

    /** What a run came to: its exit code, and all that it wrote. */
    public record Ended(int exitCode, String output) {}

    private ExternalProgram(List<String> command, Path output, Process process) {
        this.command = command;
        this.output = output;
        this.process = process;
    }

    /** A port, free for UDP and TCP, for a program that can't find one itself. */
    public static int freePort() {
        for (var tries = 0; tries < PORTS; tries++) {
            var port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            try (var _ = new DatagramSocket(port, InetAddress.getLoopbackAddress());
                    var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException e) {
                // somebody has it
            }
        }
        throw new AssertionError("no port is free");
    }

    /** Starts a program. Its home and working directory is {@code directory}, where it leaves its files. */
    public static ExternalProgram start(Tool tool, Path directory, String... arguments) {
        tool.require();
        var command = new ArrayList<>(List.of(tool.command()));
        command.addAll(List.of(arguments));
        try {
            var output = Files.createTempFile(directory, tool.command(), ".out");
            var builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("HOME", directory.toString());
            builder.environment().put("TERM", "dumb");
            return new ExternalProgram(command, output, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end, which must come within a minute. */
    public static Ended run(Tool tool, Path directory, String... arguments) {
        try (var peer = start(tool, directory, arguments)) {
            return peer.ended();
        }
    }

    /** Waits for its end, which must come within a minute. */
    public Ended ended() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after " + SECONDS + " s: " + command + "\n" + output());
            }
            return new Ended(process.exitValue(), output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What any command writes to its standard output until it ends; what it says beside that is left out. */
    public static String output(String... command) throws IOException {
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    /** Writes a line to its standard input. */
    public void type(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end, as an administrator or a desktop does: SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Waits until something is so; where it does not come about, the failure shows what the program wrote. */
    public void until(BooleanSupplier condition) {
        try {
            Await.until(condition);
        } catch (AssertionError e) {
            throw new AssertionError(command + " wrote:\n" + output(), e);
        }
    }

    /** What it has written so far. */
    public String output() {
        try {
            return new String(Files.readAllBytes(output), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
