package io.seatline.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The program as a process that serves, and what it writes to its terminal. */
public final class ServingProgram implements AutoCloseable {
    /** The last line of those that tell that it is ready has it. */
    private static final String LAST_WORD = "sipsak ";

    private final Process process;
    private final Path output;

    private ServingProgram(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts it with its output in a file, and returns when it is ready; fails with what it wrote when it ends before
     * that.
     */
    public static ServingProgram start(ProcessBuilder program, Path output) throws IOException, InterruptedException {
        var serving = new ServingProgram(process(program, output), output);
        while (!serving.output().contains(LAST_WORD)) {
            assertThat(serving.process.waitFor(20, TimeUnit.MILLISECONDS))
                    .as("ended: " + serving.output())
                    .isFalse();
        }
        return serving;
    }

    private static Process process(ProcessBuilder program, Path output) throws IOException {
        return program.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    /** Waits for the end of a program that is not to become ready, and gives its exit code. */
    public static int ended(ProcessBuilder program, Path output) throws IOException, InterruptedException {
        var process = process(program, output);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + Files.readString(output));
        }
        return process.exitValue();
    }

    /** What it has written so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it has written since it was ready, by line, without the time. */
    public List<String> log() {
        return output().lines()
                .dropWhile(line -> !line.contains(LAST_WORD))
                .skip(1)
                .map(line -> line.replaceFirst("^\\S+Z ", ""))
                .toList();
    }

    private int number(String pattern) {
        var matcher = Pattern.compile(pattern).matcher(output());
        assertThat(matcher.find()).as(output()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    public int port() {
        return number("Operator API +http://[^:]+:(\\d+)");
    }

    public int managementPort() {
        return number("Management +http://[^:]+:(\\d+)");
    }

    public int sipPort() {
        return number("SIP registrar .* port (\\d+)");
    }

    public Process process() {
        return process;
    }

    /** Stops it as a supervisor does, within ten seconds, and leaves what it wrote in the test's report. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                throw new AssertionError("does not end: " + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
            System.out.println(output());
        }
    }
}
