package io.seatline.cli;

import io.seatline.cli.SeatlineCommand.Failed;
import io.seatline.environment.Environment;
import io.seatline.operator.Operator;
import io.seatline.operator.Operators;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands that work with the database share; mixed in to each. */
final class Work {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    /** The option that names an operator, for those commands that work within one. */
    static final class OfOperator {
        @Option(
                names = "--operator",
                paramLabel = "NAME",
                description = "The operator. May be left out while there is only one.")
        private @Nullable String name;

        Operator find(Handle handle) {
            if (name != null) {
                return Work.operator(handle, name);
            }
            var all = Operators.all(handle);
            if (all.size() == 1) {
                return all.getFirst();
            }
            throw all.isEmpty()
                    ? new Failed(
                            SeatlineCommand.NOT_FOUND,
                            "There is no operator yet: `seatline operator create NAME` makes one.")
                    : new Failed(
                            SeatlineCommand.REFUSED,
                            "There are several operators: say which with --operator NAME (`seatline operator list`).");
        }
    }

    /** Whether a script reads the output, which then has everything. */
    boolean forScript() {
        return json;
    }

    Output output() {
        return new Output(spec.commandLine().getOut(), json);
    }

    /** Says something to the person at the terminal that is not the command's result. */
    void say(String text) {
        spec.commandLine().getErr().println(text);
        spec.commandLine().getErr().flush();
    }

    Terminal terminal() {
        return Terminal.of(spec);
    }

    /** The first line of the standard input, empty where there is none. */
    String line() {
        try {
            var line = new BufferedReader(new InputStreamReader(terminal().in(), StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does {@code work} with the database. */
    void with(Consumer<Environment> work) {
        try (var installation = Environment.open(terminal().config(), false)) {
            work.accept(installation);
        }
    }

    static Operator operator(Handle handle, String name) {
        return Operators.find(handle, name)
                .orElseThrow(() -> new Failed(SeatlineCommand.NOT_FOUND, "There is no operator " + name + "."));
    }
}
