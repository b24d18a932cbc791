package io.seatline.sip;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a client's bytes into WebSocket messages (RFC 6455 section 5), however the bytes come, and writes a server's frames. Feed
 * what was read, then take {@link #next} until it is null. For one connection and one thread at a time. Knows no extensions.
 */
final class WebSocketFramer {
    /** The longest message, all its fragments together, in bytes. */
    static final int LONGEST_MESSAGE = 64 * 1024;

    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int NOT_UTF_8 = 1007;
    static final int TOO_LONG = 1009;

    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int LONGEST_CONTROL = 125;
    private static final int TWO_MORE_BYTES = 126;
    private static final int EIGHT_MORE_BYTES = 127;
    private static final int MASK_BYTES = 4;

    private static final int MOST_FRAGMENTS = 256;

    private static final byte[] EMPTY = {};

    /** What the client said. */
    sealed interface Event {
        /** A whole message, text or binary. */
        record Message(byte[] bytes, boolean text) implements Event {}

        /** To be answered with a pong that has the same bytes. */
        record Ping(byte[] bytes) implements Event {}

        /** Needs no answer. */
        record Pong() implements Event {}

        /** The client closes; nothing follows. */
        record Close() implements Event {}

        /** To be closed with this status; nothing follows. */
        record Broken(int status) implements Event {}
    }

    private byte[] buffer = EMPTY;
    private int start;
    private int end;

    /** The message whose fragments come. */
    private byte[] fragments = EMPTY;

    private int fragmentCount;

    /** Its opcode; {@link #CONTINUATION} when there is none. */
    private int begun = CONTINUATION;

    private boolean over;

    /** Takes bytes that were read; they may be used again afterwards. */
    void feed(byte[] bytes) {
        if (over) {
            return;
        }
        var kept = end - start;
        if (buffer.length - end < bytes.length) {
            var larger = new byte[Math.max(kept + bytes.length, Math.min(2 * kept, LONGEST_MESSAGE))];
            System.arraycopy(buffer, start, larger, 0, kept);
            buffer = larger;
            start = 0;
            end = kept;
        }
        System.arraycopy(bytes, 0, buffer, end, bytes.length);
        end += bytes.length;
    }

    /** What comes next; null when more bytes are needed. */
    @Nullable
    Event next() {
        // a fragment that does not end a message is no event
        while (!over) {
            var frameStart = start;
            var event = frame();
            if (event instanceof Event.Broken || event instanceof Event.Close) {
                over = true;
                buffer = EMPTY;
                fragments = EMPTY;
            } else if (start == end) {
                buffer = EMPTY;
                start = 0;
                end = 0;
            }
            if (event != null || start == frameStart || end == 0) {
                return event;
            }
        }
        return null;
    }

    /** Whether a message has begun and not yet come whole. */
    boolean isInMessage() {
        return begun != CONTINUATION || start < end;
    }

    /** How many bytes of memory are kept until more is fed. */
    int held() {
        return buffer.length + fragments.length;
    }

    /** Takes a frame off the buffer if it has come whole. */
    private @Nullable Event frame() {
        if (end - start < 2) {
            return null;
        }
        var first = buffer[start] & 0xff;
        var second = buffer[start + 1] & 0xff;
        var opcode = first & OPCODE;
        var control = opcode >= CLOSE;
        var shortLength = second & LENGTH;
        if ((first & RESERVED) != 0 || (second & MASKED) == 0 || !isExpected(opcode)) {
            return new Event.Broken(PROTOCOL_ERROR);
        }
        if (control && ((first & FIN) == 0 || shortLength > LONGEST_CONTROL)) {
            return new Event.Broken(PROTOCOL_ERROR);
        }
        var lengthBytes = switch (shortLength) {
            case TWO_MORE_BYTES -> 2;
            case EIGHT_MORE_BYTES -> 8;
            default -> 0;
        };
        var payload = start + 2 + lengthBytes + MASK_BYTES;
        if (end < payload) {
            return null;
        }
        var length = length(shortLength, lengthBytes);
        if (length < 0) {
            return new Event.Broken(PROTOCOL_ERROR);
        }
        if (length > LONGEST_MESSAGE - (control ? 0 : fragments.length)) {
            return new Event.Broken(TOO_LONG);
        }
        if (end - payload < length) {
            return null;
        }
        var bytes = unmasked(payload, (int) length);
        start = payload + (int) length;
        return control ? control(opcode, bytes) : data(opcode, (first & FIN) != 0, bytes);
    }

    private boolean isExpected(int opcode) {
        return switch (opcode) {
            case CONTINUATION -> begun != CONTINUATION;
            case TEXT, BINARY -> begun == CONTINUATION;
            case CLOSE, PING, PONG -> true;
            default -> false;
        };
    }

    /** The payload's; -1 for one that should have been written shorter, or is more than 63 bits long. */
    private long length(int shortLength, int lengthBytes) {
        if (lengthBytes == 0) {
            return shortLength;
        }
        var length = 0L;
        for (var i = start + 2; i < start + 2 + lengthBytes; i++) {
            length = (length << 8) | (buffer[i] & 0xff);
        }
        return length < (lengthBytes == 2 ? TWO_MORE_BYTES : 0x1_0000) ? -1 : length;
    }

    private byte[] unmasked(int payload, int length) {
        var bytes = Arrays.copyOfRange(buffer, payload, payload + length);
        for (var i = 0; i < length; i++) {
            bytes[i] ^= buffer[payload - MASK_BYTES + i % MASK_BYTES];
        }
        return bytes;
    }

    private static Event control(int opcode, byte[] bytes) {
        return switch (opcode) {
            case PING -> new Event.Ping(bytes);
            case PONG -> new Event.Pong();
            default -> new Event.Close();
        };
    }

    /** Each is copied behind those before it: very many small ones would cost a processor for nearly no traffic. */
    private boolean append(byte[] bytes) {
        var before = fragments.length;
        fragments = Arrays.copyOf(fragments, before + bytes.length);
        System.arraycopy(bytes, 0, fragments, before, bytes.length);
        return ++fragmentCount < MOST_FRAGMENTS;
    }

    private @Nullable Event data(int opcode, boolean last, byte[] bytes) {
        var type = opcode == CONTINUATION ? begun : opcode;
        if (!last) {
            begun = type;
            return append(bytes) ? null : new Event.Broken(TOO_LONG);
        }
        var message = bytes;
        if (fragments.length > 0) {
            message = Arrays.copyOf(fragments, fragments.length + bytes.length);
            System.arraycopy(bytes, 0, message, fragments.length, bytes.length);
        }
        begun = CONTINUATION;
        fragmentCount = 0;
        fragments = EMPTY;
        if (type == TEXT && !isUtf8(message)) {
            return new Event.Broken(NOT_UTF_8);
        }
        return new Event.Message(message, type == TEXT);
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** A message as a server's frame. */
    static byte[] message(byte[] bytes, boolean text) {
        return frame(text ? TEXT : BINARY, bytes);
    }

    static byte[] pong(byte[] bytes) {
        return frame(PONG, bytes);
    }

    static byte[] close(int status) {
        return frame(CLOSE, new byte[] {(byte) (status >> 8), (byte) status});
    }

    private static byte[] frame(int opcode, byte[] bytes) {
        var length = bytes.length;
        var frame = ByteBuffer.allocate(length + 10).put((byte) (FIN | opcode));
        if (length < TWO_MORE_BYTES) {
            frame.put((byte) length);
        } else if (length < 0x1_0000) {
            frame.put((byte) TWO_MORE_BYTES).putShort((short) length);
        } else {
            frame.put((byte) EIGHT_MORE_BYTES).putLong(length);
        }
        frame.put(bytes);
        return Arrays.copyOf(frame.array(), frame.position());
    }
}
