package io.seatline.sip.transport;

/** Something on its way out of a connection. */
public record Outgoing(byte[] bytes, Form form) {
    /** What it is where messages are told apart. A stream has none of that. */
    public enum Form {
        TEXT,
        BINARY,
        PONG
    }
}
