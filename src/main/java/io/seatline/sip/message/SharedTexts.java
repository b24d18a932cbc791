package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts that many messages have alike, such as our domain, the realm, a model of phones or a parameter's value: found
 * by their bytes, so that each message need not bring its own. A place holds one text, the last that came for it, and
 * there are few places: what strangers send can neither fill nor slow it. Threads may see another's text or not, and
 * are right either way.
 */
final class SharedTexts {
    private static final int PLACES = 512;
    private static final int MAX = 64;
    private static final @Nullable Shared[] TEXTS = new Shared[PLACES];

    /** A text and the bytes it was read from. */
    private record Shared(byte[] bytes, String text) {}

    private SharedTexts() {}

    static String of(byte[] bytes, int start, int end) {
        var length = end - start;
        if (length == 0 || length > MAX) {
            return new String(bytes, start, length, UTF_8);
        }
        var place = place(bytes, start, length);
        var known = TEXTS[place];
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, start, end)) {
            return known.text;
        }
        var text = new String(bytes, start, length, UTF_8);
        TEXTS[place] = new Shared(Arrays.copyOfRange(bytes, start, end), text);
        return text;
    }

    /** Made of the length and a few bytes: two texts in one place only take turns. */
    private static int place(byte[] bytes, int start, int length) {
        var hash = length;
        hash = 31 * hash + bytes[start];
        hash = 31 * hash + bytes[start + length / 2];
        hash = 31 * hash + bytes[start + length - 1];
        return (hash ^ hash >>> 9) & PLACES - 1;
    }
}
