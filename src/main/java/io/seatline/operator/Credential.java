package io.seatline.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.validation.Characters;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an operator's system logs in with.
 *
 * @param username unique on the server
 * @param operator the operator's name
 * @param changedAt when the password was last set
 */
public record Credential(String username, String operator, Instant createdAt, Instant changedAt) {
    /** How long a username is at most, in characters. */
    static final int MAX_USERNAME = 64;

    private static final Pattern USERNAME = Pattern.compile("[\\x21-\\x39\\x3b-\\x7e]{1," + MAX_USERNAME + "}");
    private static final int MIN_PASSWORD = 12;
    private static final int MAX_PASSWORD = 128;

    /** With the longest username it fits into the longest header that is read. */
    private static final int MAX_PASSWORD_BYTES = 1024;

    /** What a username must be instead, if it can't be used: HTTP Basic ends it at a colon (RFC 7617, 2). */
    public static Optional<String> usernameProblem(String username) {
        return USERNAME.matcher(username).matches()
                ? Optional.empty()
                : Optional.of("1 to " + MAX_USERNAME + " printable ASCII characters, no space or colon");
    }

    /** What a password that somebody chose must be instead, if it can't be used. */
    public static Optional<String> passwordProblem(String password) {
        var characters = Characters.count(password, MAX_PASSWORD);
        return characters >= MIN_PASSWORD
                        && characters <= MAX_PASSWORD
                        && password.getBytes(UTF_8).length <= MAX_PASSWORD_BYTES
                ? Optional.empty()
                : Optional.of("must be " + MIN_PASSWORD + " to " + MAX_PASSWORD + " characters long, and take at most "
                        + MAX_PASSWORD_BYTES + " bytes in UTF-8");
    }
}
