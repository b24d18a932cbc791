package io.seatline.cli;

import io.seatline.cli.account.AccountCommand;
import io.seatline.cli.command.CommandException;
import io.seatline.cli.command.ExitCode;
import io.seatline.cli.command.Terminal;
import io.seatline.cli.command.Version;
import io.seatline.cli.customer.CustomerCommand;
import io.seatline.cli.operator.OperatorCommand;
import io.seatline.cli.registration.RegistrationCommand;
import io.seatline.cli.serve.MigrateCommand;
import io.seatline.cli.serve.ServeCommand;
import io.seatline.db.DatabaseStartException;
import io.seatline.db.Failures;
import io.seatline.environment.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code seatline}: the root of all commands. */
@Command(
        name = "seatline",
        description = "Seatline, a SIP account service: the server, and what its operators do at the command line.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ServeCommand.class,
            MigrateCommand.class,
            OperatorCommand.class,
            CustomerCommand.class,
            AccountCommand.class,
            RegistrationCommand.class,
            CommandLine.HelpCommand.class
        },
        footerHeading = "%n",
        footer = {
            "Settings: SEATLINE_* variables, seatline.properties (docs/configuration.md).",
            "",
            "Exit codes:",
            "   0  done",
            "   1  refused: what was given, or a rule",
            "   2  wrong usage",
            "   3  no such operator, credential, customer, account, registration or block",
            "   4  configuration or database can't be used",
            "  70  a fault of ours"
        })
public final class SeatlineCommand implements Terminal.Root {
    private final Terminal terminal;

    private SeatlineCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Terminal terminal() {
        return terminal;
    }

    /** Runs the command that {@code arguments} name as what this process is for, and gives its exit code. */
    public static int run(String... arguments) {
        configureLog();
        return run(Terminal.ofProcess(), arguments);
    }

    /** Runs the command that {@code arguments} name, and gives its exit code. */
    public static int run(Terminal terminal, String... arguments) {
        return new CommandLine(new SeatlineCommand(terminal))
                .setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()))
                .setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((wrong, _) -> explain(wrong))
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command))
                .execute(arguments);
    }

    /**
     * As the library does, but what begins with another letter is no slip to suggest: who types `set` does not mean
     * `delete`.
     */
    private static int explain(ParameterException wrong) {
        var command = wrong.getCommandLine();
        command.getErr().println(command.getColorScheme().errorText(wrong.getMessage()));
        if (wrong instanceof UnmatchedArgumentException unmatched
                && unmatched.getSuggestions().stream()
                        .anyMatch(name -> name.regionMatches(
                                true,
                                name.lastIndexOf(' ') + 1,
                                unmatched.getUnmatched().getFirst(),
                                0,
                                1))) {
            UnmatchedArgumentException.printSuggestions(unmatched, command.getErr());
        } else {
            command.usage(command.getErr(), command.getColorScheme());
        }
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int explain(Exception failure, CommandLine command) {
        var err = command.getErr();
        return switch (failure) {
            case CommandException ended -> {
                err.println(ended.getMessage());
                yield ended.exitCode();
            }
            case ConfigException config -> {
                err.println(config.getMessage());
                yield ExitCode.UNAVAILABLE;
            }
            case DatabaseStartException database -> {
                err.println(database.getMessage());
                yield ExitCode.UNAVAILABLE;
            }
            case UncheckedIOException io -> {
                err.println(io.getCause());
                yield ExitCode.REFUSED;
            }
            case Exception e
            when Failures.isAway(e) -> {
                err.println((Failures.isFull(e) ? "The database's disk is full" : "The database went away")
                        + "; nothing was changed: " + e.getMessage());
                yield ExitCode.UNAVAILABLE;
            }
            case IllegalStateException state
            when state.getMessage() != null -> {
                err.println(state.getMessage());
                yield ExitCode.UNAVAILABLE;
            }
            default -> {
                failure.printStackTrace(err);
                yield ExitCode.FAULT;
            }
        };
    }

    private static void configureLog() {
        if (System.getProperty("java.util.logging.config.file") == null) {
            try (var settings = SeatlineCommand.class.getResourceAsStream("/logging.properties")) {
                LogManager.getLogManager().readConfiguration(settings);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
