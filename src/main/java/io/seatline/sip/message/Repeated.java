package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts that a message says several times, such as its user, the domain and the sender's address: each is made once.
 */
final class Repeated {
    /** A REGISTER has a domain, an address, a user and a URI of this kind. */
    private static final int MAX = 4;

    private final byte[] bytes;
    /** Where each text starts, and its length in the upper half. */
    private final long[] slices = new long[MAX];

    private final @Nullable String[] texts = new String[MAX];
    private int next;

    Repeated(byte[] bytes) {
        this.bytes = bytes;
    }

    String text(int start, int end) {
        var length = end - start;
        for (var i = 0; i < MAX; i++) {
            var text = texts[i];
            if (text != null && slices[i] >>> Integer.SIZE == length) {
                var other = (int) slices[i];
                if (Arrays.equals(bytes, other, other + length, bytes, start, end)) {
                    return text;
                }
            }
        }
        var text = new String(bytes, start, length, UTF_8);
        slices[next] = (long) length << Integer.SIZE | start;
        texts[next] = text;
        next = next + 1 == MAX ? 0 : next + 1;
        return text;
    }
}
