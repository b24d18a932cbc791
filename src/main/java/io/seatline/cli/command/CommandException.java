package io.seatline.cli.command;

import io.seatline.validation.Violation;
import java.util.List;
import java.util.stream.Collectors;

/** Ends a command with a message for whoever typed it. */
public final class CommandException extends RuntimeException {
    private final int exitCode;

    private CommandException(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** What was given can't be done, or a rule is against it. */
    public static CommandException refused(String message) {
        return new CommandException(ExitCode.REFUSED, message);
    }

    /** What was named is not there. */
    public static CommandException notFound(String message) {
        return new CommandException(ExitCode.NOT_FOUND, message);
    }

    /** Throws if there are violations, with each on a line of its own. */
    public static void refuse(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw refused(violations.stream()
                    .map(violation -> violation.attribute() + " " + violation.message() + ".")
                    .collect(Collectors.joining("\n")));
        }
    }

    /** What the shell is told. */
    public int exitCode() {
        return exitCode;
    }
}
