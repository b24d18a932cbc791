package io.seatline;

/** The configuration can't be used; the message is for the person who wrote it, and names every problem. */
public final class ConfigException extends RuntimeException {
    ConfigException(String message) {
        super(message, null, false, false);
    }
}
