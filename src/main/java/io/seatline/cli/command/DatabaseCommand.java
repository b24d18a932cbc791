package io.seatline.cli.command;

import io.seatline.environment.Config;
import io.seatline.environment.ConfigException;
import io.seatline.environment.Environment;
import java.nio.file.Files;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that works with the database, and prints a table, or JSON for scripts. */
@Command(mixinStandardHelpOptions = true)
public abstract class DatabaseCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    /** Does {@code work} with the database. */
    protected final void withDatabase(Consumer<Environment> work) {
        var config = terminal().config();
        requireSeatline(config);
        try (var environment = Environment.open(config, false)) {
            work.accept(environment);
        }
    }

    /** A command in the wrong directory finds nothing: it must not begin a new Seatline there. */
    private static void requireSeatline(Config config) {
        var directory = config.dataDir();
        if (config.database().url().isEmpty()
                && (!Files.exists(directory) || Files.isReadable(directory))
                && Stream.of("postgres", "secret.key").noneMatch(file -> Files.exists(directory.resolve(file)))) {
            throw new ConfigException("There is no Seatline in the data directory " + directory + ".\n"
                    + "Set SEATLINE_DATA_DIR (data.dir) to the one of the server, or SEATLINE_DATABASE_URL (database.url)"
                    + " to its database.\n`seatline serve` makes a new one, and so does `seatline migrate`.");
        }
    }

    /** Whether a script reads the output, which then has everything. */
    protected final boolean forScript() {
        return json;
    }

    /** Where the command's result goes. */
    protected final Output output() {
        return new Output(spec.commandLine().getOut(), json);
    }

    /** Says something to the person at the terminal that is not the command's result. */
    protected final void say(String text) {
        spec.commandLine().getErr().println(text);
        spec.commandLine().getErr().flush();
    }

    /** Where the command was started. */
    protected final Terminal terminal() {
        return Terminal.of(spec);
    }

    /** What to throw when the options don't fit together: the message is followed by the help. */
    protected final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
