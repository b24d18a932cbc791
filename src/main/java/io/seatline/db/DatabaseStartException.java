package io.seatline.db;

import org.jspecify.annotations.Nullable;

/** The database can't be used at start; the message is for the person who starts the server. */
public final class DatabaseStartException extends RuntimeException {
    DatabaseStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
