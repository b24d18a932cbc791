package io.seatline.environment;

/** The configuration can't be used; the message is for the person who wrote it, and names every problem. */
public final class ConfigException extends RuntimeException {
    /** With what is wrong, for a person. */
    public ConfigException(String message) {
        super(message, null, false, false);
    }
}
