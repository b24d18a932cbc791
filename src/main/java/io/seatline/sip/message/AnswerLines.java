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
     * Copies. The topmost Via, without received and rport, comes first and To comes last, because each gets something appended.
     *
     * @param toNeedsTag whether there is a To, and without a tag
     */
    AnswerHeaders copy(TopVia top, boolean toNeedsTag) {
        copy = new byte[size()];
        appendName(HeaderName.VIA);
        var position = top.start();
        for (var i = 0; i < top.cuts().length; i += 2) {
            append(position, top.cuts()[i]);
            position = top.cuts()[i + 1];
        }
        append(position, top.end());
        var viaEnd = length;
        var isTop = true;
        var to = -1;
        for (var i = 0; i < count; i++) {
            if (names[i] == HeaderName.TO) {
                to = i;
            } else if (names[i] == HeaderName.VIA && isTop) {
                append(top.end(), ends[i]);
                endLine();
                isTop = false;
            } else {
                line(i);
                endLine();
            }
        }
        if (to >= 0) {
            line(to);
        }
        return new AnswerHeaders(copy, length, viaEnd, top.via(), toNeedsTag);
    }

    private int size() {
        var size = 0;
        for (var i = 0; i < count; i++) {
            size += names[i].text().length() + ends[i] - starts[i] + ": \r\n".length();
        }
        return size;
    }

    private void line(int index) {
        appendName(names[index]);
        append(starts[index], ends[index]);
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

    /** What no parser has looked at may have a control character, which no answer of ours shall have. */
    private void append(int start, int end) {
        for (var i = start; i < end; i++) {
            var character = source[i];
            copy[length++] = Characters.isControl(character) ? (byte) ' ' : character;
        }
    }
}
