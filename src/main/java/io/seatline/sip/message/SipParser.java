package io.seatline.sip.message;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads SIP requests. Takes what the grammar of RFC 3261 allows, and beyond it a line that ends with a bare LF; refuses
 * the rest with a reason. What a registrar does not need is not looked at, so a defect there does no harm (RFC 3261
 * section 8.2.2).
 */
public final class SipParser {
    private SipParser() {}

    /**
     * Reads one whole message: a datagram. Never throws; time and memory are linear in the length. What comes
     * out keeps nothing of {@code bytes}, which may be used again at once.
     */
    public static SipMessage parse(byte[] bytes, int offset, int length) {
        var reader = MessageReader.read(bytes, offset, offset + length);
        return reader.message(true);
    }

    /**
     * Reads a WebSocket message as {@link #parse} does. It should be one of SIP (RFC 7118 section 5), and may be
     * several of some clients.
     */
    public static List<SipMessage> parseAll(byte[] bytes) {
        var messages = new ArrayList<SipMessage>();
        var start = 0;
        do {
            var reader = MessageReader.read(bytes, start, bytes.length);
            var message = reader.message(true);
            if (messages.isEmpty() || !SipMessage.isKeepAlive(message)) {
                messages.add(message);
            }
            start += reader.length();
        } while (start < bytes.length);
        return messages;
    }
}
