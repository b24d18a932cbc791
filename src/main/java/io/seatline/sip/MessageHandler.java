package io.seatline.sip;

import java.util.function.Consumer;

/** What transports hand messages to. */
public interface MessageHandler {
    /**
     * Takes one whole message and returns at once; never throws.
     *
     * @param message the message, which is the handler's from now on
     * @param reply sends an answer back the way the message came; called at most once, perhaps later and by another thread
     */
    void handle(byte[] message, Source source, Consumer<byte[]> reply);
}
