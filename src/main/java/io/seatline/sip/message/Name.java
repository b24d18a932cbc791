package io.seatline.sip.message;

import java.util.Locale;

/**
 * A name that is compared in any case: of a header, a parameter or a scheme. As a token's bit 5 tells nothing but the
 * case of a letter, setting it in eight bytes at once makes them lower case, and three numbers say whether it is the
 * name.
 *
 * @param length of the name, at most 24
 * @param head its first eight bytes
 * @param middle the eight behind them, when it is longer than 16
 * @param tail its last eight, when it is longer than eight
 */
record Name(int length, long head, long middle, long tail) {
    private static final int MAX = 3 * Long.BYTES;
    private static final long BIT_5 = 0x2020_2020_2020_2020L;

    static Name of(String name) {
        if (name.length() > MAX) {
            throw new IllegalArgumentException("a name of more than " + MAX + " letters: " + name);
        }
        var lower = name.toLowerCase(Locale.ROOT);
        return new Name(
                name.length(),
                number(lower),
                number(lower.substring(Math.min(name.length(), Long.BYTES))),
                number(lower.substring(Math.max(0, name.length() - Long.BYTES))));
    }

    private static long number(String lower) {
        var number = 0L;
        for (var i = Math.min(lower.length(), Long.BYTES) - 1; i >= 0; i--) {
            number = number << Byte.SIZE | lower.charAt(i);
        }
        return number;
    }

    /** The first eight bytes of the token in lower case; zeros behind its end. */
    static long head(byte[] bytes, int start, int end) {
        var word = Words.at(bytes, start) | BIT_5;
        var unusedBits = Byte.SIZE * Math.max(0, Long.BYTES - (end - start));
        return (word << unusedBits) >>> unusedBits;
    }

    /** Whether the token is this name; {@code itsHead} is the one of the token. */
    boolean is(byte[] bytes, int start, int end, long itsHead) {
        return itsHead == head
                && end - start == length
                && (length <= Long.BYTES || head(bytes, end - Long.BYTES, end) == tail)
                && (length <= 2 * Long.BYTES || head(bytes, start + Long.BYTES, start + 2 * Long.BYTES) == middle);
    }
}
