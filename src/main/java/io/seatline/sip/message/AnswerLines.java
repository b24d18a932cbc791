package io.seatline.sip.message;

import java.util.Arrays;

/** Remembers which header lines of a request its answer copies, and copies them once all are known. */
final class AnswerLines {
    private static final int USUAL_LINES = 5;

    private final byte[] source;
    private HeaderName[] names = new HeaderName[USUAL_LINES];
    private int[] starts = new int[USUAL_LINES];
    private int[] ends = new int[USUAL_LINES];
    private int count;

    private byte[] copy = {};
    private int length;

    AnswerLines(byte[] source) {
        this.source = source;
    }

    /** Remembers a line of an answer; Vias in their order, the others once each. */
    void add(HeaderName name, int start, int end) {
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        names[count] = name;
        starts[count] = start;
        ends[count] = end;
        count++;
    }

    /**
     * Copies. The topmost Via, without received and rport, comes first and To comes last, because each gets something added.
     *
     * @param toNeedsTag whether there is a To, and without a tag
     * @param wellFormed whether the lines that are read keep the grammar, which allows a control character only where it does no harm
     */
    AnswerHeaders copy(TopVia top, boolean toNeedsTag, boolean wellFormed) {
        copy = new byte[size()];
        var topLine = indexOf(HeaderName.VIA);
        var to = indexOf(HeaderName.TO);
        appendName(HeaderName.VIA);
        append(top.start(), top.sentByEnd(), wellFormed);
        var sentByEnd = length;
        var position = top.sentByEnd();
        for (var i = 0; i < top.cuts().length; i += 2) {
            append(position, top.cuts()[i], wellFormed);
            position = top.cuts()[i + 1];
        }
        append(position, ends[topLine], false);
        endLine();
        for (var i = 0; i < count; i++) {
            if (i != topLine && i != to) {
                line(i, wellFormed && names[i] != HeaderName.VIA);
                endLine();
            }
        }
        if (to >= 0) {
            line(to, wellFormed);
        }
        return new AnswerHeaders(copy, length, sentByEnd, top.via(), toNeedsTag);
    }

    /** The first line of this name, -1 when there is none. */
    private int indexOf(HeaderName name) {
        for (var i = 0; i < count; i++) {
            if (names[i] == name) {
                return i;
            }
        }
        return -1;
    }

    private int size() {
        var size = 0;
        for (var i = 0; i < count; i++) {
            size += names[i].text().length() + ends[i] - starts[i] + ": \r\n".length();
        }
        return size;
    }

    private void line(int index, boolean wellFormed) {
        appendName(names[index]);
        append(starts[index], ends[index], wellFormed);
    }

    private void endLine() {
        copy[length++] = '\r';
        copy[length++] = '\n';
    }

    private void appendName(HeaderName name) {
        for (var i = 0; i < name.text().length(); i++) {
            copy[length++] = (byte) name.text().charAt(i);
        }
        copy[length++] = ':';
        copy[length++] = ' ';
    }

    private void append(int start, int end, boolean wellFormed) {
        System.arraycopy(source, start, copy, length, end - start);
        if (!wellFormed) {
            for (var i = length; i < length + end - start; i++) {
                if (Characters.isControl(copy[i])) {
                    copy[i] = ' ';
                }
            }
        }
        length += end - start;
    }
}
