package io.seatline.secret;

/** A text that must not be seen: it prints as redacted, so that no log or error shows it by accident. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "[redacted]";
    }
}
