package io.seatline.sip.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes at a time: most of a message is looked at for nothing but where its lines end and what its names are. */
final class Words {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long LINE_FEEDS = ONES * '\n';
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';
    private static final long DELETES = ONES * 0x7f;

    private Words() {}

    /** The eight bytes from {@code start}, the first one lowest; zeros behind the end of the array. */
    static long at(byte[] bytes, int start) {
        return start <= bytes.length - Long.BYTES ? (long) WORD.get(bytes, start) : last(bytes, start);
    }

    private static long last(byte[] bytes, int start) {
        var word = 0L;
        for (var i = bytes.length - 1; i >= start; i--) {
            word = (word << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return word;
    }

    /** Where the next line feed is, {@code end} when there is none. */
    static int lineFeed(byte[] bytes, int start, int end) {
        var i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            var found = equal((long) WORD.get(bytes, i), LINE_FEEDS);
            if (found != 0) {
                return i + first(found);
            }
        }
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    /**
     * Where a quoted string has something that does not stand for itself: its end, a backslash, or a control character,
     * tabs too.
     */
    static int endOfPlain(byte[] bytes, int start) {
        var i = start;
        for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
            var word = (long) WORD.get(bytes, i);
            var controls = (word - SPACES) & ~word & HIGH_BITS;
            var found = controls | equal(word, QUOTES) | equal(word, BACKSLASHES) | equal(word, DELETES);
            if (found != 0) {
                return i + first(found);
            }
        }
        while (Characters.is(Characters.QUOTED, bytes[i]) && bytes[i] != '\t') {
            i++;
        }
        return i;
    }

    /**
     * The high bits of the bytes in which both words are equal, exact up to the first: such a byte of the difference is
     * zero, and taking one from it borrows ("Hacker's Delight", 6-1). The same with 32 finds a byte below 32, a control
     * character.
     */
    private static long equal(long word, long wanted) {
        var difference = word ^ wanted;
        return (difference - ONES) & ~difference & HIGH_BITS;
    }

    private static int first(long found) {
        return Long.numberOfTrailingZeros(found) / Byte.SIZE;
    }
}
