package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/** Remembers which header lines of a request its answer copies, and copies them once all are known. */
final class ResponseLines {
    /** What is before each value, in the order of {@link HeaderName#answerLine}. */
    private static final byte[][] NAMES = {
        "Via: ".getBytes(ISO_8859_1),
        "From: ".getBytes(ISO_8859_1),
        "Call-ID: ".getBytes(ISO_8859_1),
        "CSeq: ".getBytes(ISO_8859_1),
        "To: ".getBytes(ISO_8859_1)
    };

    private static final int VIA = 0;
    private static final int TO = NAMES.length - 1;
    private static final int[] NONE = {};

    private final byte[] source;
    /** Start and end of the value of each line, two zeros for one that has not come. */
    private final int[] values = new int[2 * NAMES.length];
    /** The same of each Via line behind the first. */
    private int[] moreVias = NONE;

    private byte[] copy = {};
    private int length;

    ResponseLines(byte[] source) {
        this.source = source;
    }

    /** Remembers a line of an answer; Vias in their order, the others once each. */
    void add(int line, int start, int end) {
        if (line == VIA && values[1] > 0) {
            moreVias = Arrays.copyOf(moreVias, moreVias.length + 2);
            moreVias[moreVias.length - 2] = start;
            moreVias[moreVias.length - 1] = end;
        } else {
            values[2 * line] = start;
            values[2 * line + 1] = end;
        }
    }

    /**
     * Copies. The topmost Via, without received and rport, comes first and To comes last, because each gets something
     * added.
     *
     * @param toNeedsTag whether there is a To, and without a tag
     * @param wellFormed whether the lines that are read keep the grammar, which allows a control character only where
     *     it does no harm
     */
    ResponseHeaders copy(TopVia top, boolean toNeedsTag, boolean wellFormed) {
        copy = new byte[size()];
        append(NAMES[VIA]);
        append(top.start(), top.sentByEnd(), wellFormed);
        var sentByEnd = length;
        var position = top.sentByEnd();
        for (var i = 0; i < top.cuts().length; i += 2) {
            append(position, top.cuts()[i], wellFormed);
            position = top.cuts()[i + 1];
        }
        append(position, values[1], wellFormed && !top.hasNext());
        for (var i = 0; i < moreVias.length; i += 2) {
            endLine();
            append(NAMES[VIA]);
            append(moreVias[i], moreVias[i + 1], false);
        }
        for (var line = VIA + 1; line <= TO; line++) {
            if (values[2 * line + 1] > 0) {
                endLine();
                append(NAMES[line]);
                append(values[2 * line], values[2 * line + 1], wellFormed);
            }
        }
        return new ResponseHeaders(copy, length, sentByEnd, top.via(), toNeedsTag);
    }

    private int size() {
        var size = 0;
        for (var line = 0; line < NAMES.length; line++) {
            size += NAMES[line].length + values[2 * line + 1] - values[2 * line] + 2;
        }
        for (var i = 0; i < moreVias.length; i += 2) {
            size += NAMES[VIA].length + moreVias[i + 1] - moreVias[i] + 2;
        }
        return size;
    }

    private void endLine() {
        copy[length++] = '\r';
        copy[length++] = '\n';
    }

    private void append(byte[] name) {
        System.arraycopy(name, 0, copy, length, name.length);
        length += name.length;
    }

    /** What nobody has looked at may have a control character, which no answer of ours shall have. */
    private void append(int start, int end, boolean checked) {
        System.arraycopy(source, start, copy, length, end - start);
        for (var i = length; !checked && i < length + end - start; i++) {
            if (Characters.isControl(copy[i])) {
                copy[i] = ' ';
            }
        }
        length += end - start;
    }
}
