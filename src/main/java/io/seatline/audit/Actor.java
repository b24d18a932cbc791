package io.seatline.audit;

import org.jspecify.annotations.Nullable;

/**
 * Who makes a change.
 *
 * @param name a credential's username, or {@code command line: } and the system's user
 * @param source the address the change came from, null at the command line
 * @param requestId the request's id, which the access log has too, null at the command line
 */
public record Actor(
        String name, @Nullable String source, @Nullable String requestId) {
    /** Somebody at the command line. */
    public static Actor commandLine() {
        return new Actor("command line: " + System.getProperty("user.name"), null, null);
    }
}
