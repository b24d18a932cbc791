package io.seatline.cli.command;

/** What a command tells the shell when it ends; what is not here is picocli's. */
public final class ExitCode {
    /** The command has started a server, which goes on. */
    public static final int RUNNING = -1;

    /** What was given can't be done, or a rule is against it. */
    public static final int REFUSED = 1;

    /** What was named is not there. */
    public static final int NOT_FOUND = 3;

    /** The configuration or the database can't be used. */
    public static final int UNAVAILABLE = 4;

    /** A fault of ours. */
    public static final int FAULT = 70;

    private ExitCode() {}
}
