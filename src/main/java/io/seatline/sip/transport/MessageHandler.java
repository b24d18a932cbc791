package io.seatline.sip.transport;

import io.seatline.sip.message.SipMessage;
import java.util.function.Consumer;

/** What transports hand messages to. */
public interface MessageHandler {
    /**
     * Takes one message and returns at once; never throws.
     *
     * @param reply sends an answer back the way the message came, and returns at once; called at most once, perhaps
     *     later and by another thread
     */
    void handle(SipMessage message, RemoteAddress source, Consumer<byte[]> reply);

    /**
     * Whether a datagram that is none of SIP may be answered now, and counts one that may: its source may be forged.
     */
    default boolean mayBeAnswered(RemoteAddress source) {
        return true;
    }

    /** A connection has ended: no more messages come from there; returns at once and never throws. */
    default void ended(RemoteAddress source) {}
}
