package io.seatline.operator;

import io.seatline.validation.Names;
import java.time.Instant;
import java.util.Optional;

/**
 * A tenant: the telephony operator whose customers and accounts these are.
 *
 * @param name unique on the server, for people
 */
public record Operator(int id, String name, Instant createdAt) {
    private static final int MAX_NAME = 128;

    /** What is wrong with a name, if anything. */
    public static Optional<String> nameProblem(String name) {
        return Names.fault(name, MAX_NAME).map(fault -> fault.message(MAX_NAME));
    }
}
