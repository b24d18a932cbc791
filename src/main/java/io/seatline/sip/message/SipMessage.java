package io.seatline.sip.message;

/** What came: a request, or something that is not one. */
public sealed interface SipMessage permits SipRequest, SipMessage.Malformed, SipMessage.Unanswerable {
    /** Whether it is nothing but line ends. */
    static boolean isKeepAlive(SipMessage message) {
        return message instanceof Unanswerable(var cause) && cause == Unanswerable.Cause.KEEP_ALIVE;
    }

    /**
     * A request that breaks the grammar or a limit, and that can be answered: it has a Via.
     *
     * @param headers what the answer copies; From, To, Call-ID and CSeq only as far as they came
     * @param status the answer's status: 400, 505 or 513
     * @param reason the answer's reason phrase: what is wrong and where, in words of our own (nothing of the message)
     */
    record Malformed(ResponseHeaders headers, int status, String reason) implements SipMessage {}

    /** Nothing that could be answered: to be dropped and counted. */
    record Unanswerable(Cause cause) implements SipMessage {
        /** Why there is no answer. */
        public enum Cause {
            /** Nothing but line ends and NULs: what a client sends to keep a way through a NAT open. */
            KEEP_ALIVE,
            /** No start line of SIP. */
            NOT_SIP,
            /** A response; nothing was asked of its sender. */
            RESPONSE,
            /** An ACK, which is never answered (RFC 3261 section 17). */
            ACK,
            /** No topmost Via that can be read: nothing says whose request it is. */
            NO_VIA
        }
    }
}
