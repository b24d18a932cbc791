package io.seatline.db;

import java.io.IOException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One of PostgreSQL's programs fails, and says why: in its last lines for a person at a terminal, in one line for a
 * log.
 */
final class ProgramFailure extends IOException {
    private static final int LINES_SHOWN = 6;

    /** What each line of PostgreSQL's log begins with: the time, and the process. */
    private static final Pattern WHEN_AND_WHO = Pattern.compile("^[0-9-]+ [0-9:.]+ \\S+ \\[\\d+] ");

    private final String reason;

    ProgramFailure(String what, String output) {
        super(what + (output.isBlank() ? "" : ":\n" + last(output)));
        var told = output.lines()
                .filter(line -> line.contains("could not") || line.contains("FATAL") || line.contains("PANIC"))
                // what ended before says so meanwhile
                .filter(line -> !line.contains("terminating connection"))
                .map(line -> WHEN_AND_WHO.matcher(line).replaceFirst(""))
                .distinct()
                .collect(Collectors.joining("; "));
        reason = told.isEmpty() ? what : told;
    }

    private static String last(String output) {
        var lines = output.strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()))
                .indent(2)
                .stripTrailing();
    }

    /** Why, in one line. */
    String reason() {
        return reason;
    }
}
