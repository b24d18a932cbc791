package io.seatline;

import io.seatline.cli.SeatlineCommand;
import io.seatline.cli.command.ExitCode;

/** The program: one command line, of which {@code serve} is the server. */
public final class Main {
    private Main() {}

    /** Runs the command that {@code arguments} name, and exits with its code unless it is a server that runs. */
    public static void main(String[] arguments) {
        var code = SeatlineCommand.run(arguments);
        if (code != ExitCode.RUNNING) {
            System.exit(code);
        }
    }
}
