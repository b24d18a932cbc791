package io.seatline.cli.command;

import io.seatline.environment.Config;
import io.seatline.environment.ConfigSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a command has around it: the environment that its settings are in, and the streams it reads and writes.
 *
 * @param environment by the variables' names
 */
public record Terminal(Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** The command of all commands, which knows where it was started. */
    public interface Root {
        /** Where. */
        Terminal terminal();
    }

    /** Those of this process. */
    public static Terminal ofProcess() {
        return new Terminal(System.getenv(), System.in, System.out, System.err);
    }

    /** The one that the command of {@code spec} was started at. */
    public static Terminal of(CommandSpec spec) {
        return ((Root) spec.root().userObject()).terminal();
    }

    /** The first line of the standard input, empty where there is none. */
    public String line() {
        try {
            var line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the environment and the file it names set. */
    public Config config() {
        return Config.read(ConfigSource.of(environment));
    }
}
