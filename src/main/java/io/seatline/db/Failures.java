package io.seatline.db;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure of the database means (SQLSTATE, PostgreSQL appendix A). */
public final class Failures {
    /** Shut down, crashed, starting; statement time-out; standby; deadlock; lock time-out. */
    private static final Set<String> PASSING =
            Set.of("57P01", "57P02", "57P03", "57P05", "57014", "25006", "40P01", "40001", "55P03");

    /** Statement time-out; deadlock; lock time-out: another statement may succeed meanwhile. */
    private static final Set<String> OF_ONE_STATEMENT = Set.of("57014", "40P01", "40001", "55P03");

    private static final String DISK_FULL = "53100";
    private static final String READ_ONLY = "25006";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private Failures() {}

    /** Whether the same work may succeed later, without anybody changing the request. */
    public static boolean isAway(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return true;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                var state = sql.getSQLState();
                // 08: connection; 53: out of connections, memory or disk
                if (state.startsWith("08") || state.startsWith("53") || PASSING.contains(state)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether it {@link #isAway} for others as well, which is told once and not by each of them. */
    static boolean isOutage(@Nullable Throwable failure) {
        return isAway(failure) && OF_ONE_STATEMENT.stream().noneMatch(state -> has(failure, state));
    }

    /**
     * Tells the log that it was away for a request: what others find out too is told once, and not for each of them.
     */
    public static void logAway(Logger log, String requestId, Throwable failure) {
        log.log(
                isOutage(failure) ? Level.DEBUG : Level.WARNING,
                "{0}: the database is away: {1}",
                requestId,
                failure.getMessage());
    }

    /** Whether the disk is full. */
    public static boolean isFull(Throwable failure) {
        return has(failure, DISK_FULL);
    }

    /** Whether it can be read and not written to, as a standby. */
    static boolean isReadOnly(Throwable failure) {
        return has(failure, READ_ONLY);
    }

    /** Whether a unique key is taken. */
    public static boolean isTaken(Throwable failure) {
        return has(failure, UNIQUE_VIOLATION);
    }

    /** Whether a row that is referred to is not there. */
    public static boolean isOrphan(Throwable failure) {
        return has(failure, FOREIGN_KEY_VIOLATION);
    }

    private static boolean has(@Nullable Throwable failure, String state) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && state.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
