package io.seatline.sip;

/** Something on its way out of a connection. */
record Outgoing(byte[] bytes, Form form) {
    /** What it is where messages are told apart. A stream has none of that. */
    enum Form {
        TEXT,
        BINARY,
        PONG
    }
}
