package io.seatline.sip.message;

import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.message.SipMessage.Unanswerable.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a TCP or TLS stream into messages (RFC 3261 sections 7.5 and 18.3), however its bytes come. Bodies are counted
 * and thrown away. Feed what was read, then take {@link #next} until it is null. For one connection and one thread at a
 * time; keeps at most one message's head beside what was fed last, and nothing between messages.
 */
public final class StreamFramer {
    /** What the stream said. */
    public sealed interface Event {
        /** A message whose body, if any, has come too. */
        record Message(SipMessage message) implements Event {}

        /** A double CRLF between messages: to be answered with one CRLF (RFC 5626 section 4.4.1). */
        record Ping() implements Event {}

        /**
         * Where the next message begins can't be known: answer, if it is {@link Malformed}, and close. Nothing follows.
         */
        record Broken(SipMessage message) implements Event {}
    }

    private static final byte[] EMPTY = {};
    private static final Event PING = new Event.Ping();

    private byte[] buffer = EMPTY;
    private int start;
    private int end;
    /** Up to here there is no end of the head. */
    private int scanned;

    private int lineEnds;
    private boolean broken;
    private @Nullable SipMessage pending;
    private int bodyLeft;

    /** Takes bytes that were read; they may be used again afterwards. */
    public void feed(byte[] bytes, int offset, int length) {
        if (broken) {
            return;
        }
        if (buffer.length - end < length) {
            var kept = end - start;
            var room = Math.max(kept + length, Math.min(2 * kept, MessageReader.MAX_MESSAGE));
            var larger = new byte[room];
            System.arraycopy(buffer, start, larger, 0, kept);
            buffer = larger;
            scanned -= start;
            start = 0;
            end = kept;
        }
        System.arraycopy(bytes, offset, buffer, end, length);
        end += length;
    }

    /** What comes next; null when more bytes are needed. */
    public @Nullable Event next() {
        if (broken) {
            return null;
        }
        if (pending == null) {
            var ping = skipLineEnds();
            if (ping != null) {
                return ping;
            }
            var event = head();
            if (event != null) {
                broken = true;
                buffer = EMPTY;
                return event;
            }
        }
        var message = body();
        if (start == end) {
            buffer = EMPTY;
            start = 0;
            end = 0;
            scanned = 0;
        }
        return message;
    }

    /** Whether a message has begun and not yet come whole. */
    public boolean isInMessage() {
        return pending != null || end - start > 1 || (end > start && buffer[start] != '\r');
    }

    /** How many bytes of memory are kept until more is fed. */
    public int held() {
        return buffer.length;
    }

    /** Goes over the line ends before a message; a ping as soon as two have come. */
    private @Nullable Event skipLineEnds() {
        while (start < end) {
            if (buffer[start] == '\n') {
                start++;
            } else if (buffer[start] == '\r' && start + 1 < end && buffer[start + 1] == '\n') {
                start += 2;
                lineEnds++;
            } else {
                break;
            }
            if (lineEnds == 2) {
                lineEnds = 0;
                return PING;
            }
        }
        return null;
    }

    /**
     * Reads a head once it has come whole: {@link #pending} then. Something else than null when the stream is broken.
     */
    private @Nullable Event head() {
        if (start == end || (end - start == 1 && buffer[start] == '\r')) {
            return null;
        }
        var headEnd = headEnd();
        var length = (headEnd < 0 ? end : headEnd) - start;
        if (headEnd < 0 && length <= MessageReader.MAX_MESSAGE) {
            return null;
        }
        var reader = MessageReader.read(buffer, start, start + length);
        var message = reader.message(false);
        if (headEnd < 0 || (message instanceof Unanswerable(var cause) && cause == Cause.NOT_SIP)) {
            return new Event.Broken(message);
        }
        var bodyLength = reader.contentLength();
        if (bodyLength < 0) {
            return new Event.Broken(refused(message, 400, "No usable Content-Length, which a stream needs"));
        }
        if (bodyLength > MessageReader.MAX_MESSAGE - length) {
            return new Event.Broken(refused(message, 513, MessageReader.TOO_LONG));
        }
        pending = message;
        bodyLeft = bodyLength;
        start = headEnd;
        lineEnds = 0;
        return null;
    }

    private static SipMessage refused(SipMessage message, int status, String reason) {
        return message instanceof SipRequest request ? new Malformed(request.answerHeaders(), status, reason) : message;
    }

    /** Behind the empty line that ends the head, -1 when it has not come yet. */
    private int headEnd() {
        for (var i = Math.max(scanned, start + 1); i < end; i++) {
            if (buffer[i] == '\n'
                    && (buffer[i - 1] == '\n' || (i > start + 1 && buffer[i - 1] == '\r' && buffer[i - 2] == '\n'))) {
                return i + 1;
            }
        }
        scanned = end;
        return -1;
    }

    /** The pending message once its body has come, which is thrown away. */
    private @Nullable Event body() {
        if (pending == null) {
            return null;
        }
        var skipped = Math.min(bodyLeft, end - start);
        start += skipped;
        bodyLeft -= skipped;
        if (bodyLeft > 0) {
            return null;
        }
        var message = new Event.Message(pending);
        pending = null;
        return message;
    }
}
