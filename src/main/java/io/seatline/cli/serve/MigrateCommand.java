package io.seatline.cli.serve;

import io.seatline.cli.command.Terminal;
import io.seatline.environment.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code migrate}: the tables alone. */
@Command(
        name = "migrate",
        description = "Brings the database's tables up to date, as each start of the server and each command does.",
        mixinStandardHelpOptions = true)
public final class MigrateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        try (var environment = Environment.open(Terminal.of(spec).config(), false)) {
            spec.commandLine()
                    .getOut()
                    .println("The tables of " + environment.database().url() + " are up to date.");
        }
    }
}
