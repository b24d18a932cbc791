package io.seatline.account;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The text of a CSV file as spreadsheets write it. Its encoding is told by a byte order mark, or by the zeros of
 * UTF-16, and is UTF-8 else; its separator by a line such as {@code sep=;} before the header, or by the header.
 */
final class SpreadsheetText implements AutoCloseable {
    private static final int MAX_LINE = 64 * 1024;
    private static final Pattern SEPARATOR_LINE = Pattern.compile("\"?sep=([^\"])\"?", Pattern.CASE_INSENSITIVE);
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

    private final Ending ending;
    private final BufferedReader text;
    private final char separator;
    private final int linesBefore;

    /** A byte order mark, and what it is the mark of. */
    private record Mark(Charset charset, int... bytes) {
        boolean begins(byte[] head, int length) {
            if (length < bytes.length) {
                return false;
            }
            for (var i = 0; i < bytes.length; i++) {
                if (Byte.toUnsignedInt(head[i]) != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Mark> MARKS =
            List.of(new Mark(UTF_8, 0xEF, 0xBB, 0xBF), new Mark(UTF_16LE, 0xFF, 0xFE), new Mark(UTF_16BE, 0xFE, 0xFF));

    /**
     * Begins to read.
     *
     * @param encoding of a file without a mark; empty for what can be told from it
     * @throws java.nio.charset.CharacterCodingException here or later, where the file is not in its encoding
     */
    SpreadsheetText(InputStream file, Optional<Charset> encoding) throws IOException {
        var bytes = new PushbackInputStream(file, Integer.BYTES);
        var head = new byte[Integer.BYTES];
        var length = bytes.readNBytes(head, 0, head.length);
        var mark = MARKS.stream().filter(one -> one.begins(head, length)).findFirst();
        var skipped = mark.map(one -> one.bytes().length).orElse(0);
        bytes.unread(head, skipped, length - skipped);
        var charset = mark.map(Mark::charset).or(() -> encoding).orElseGet(() -> guess(head));
        ending = new Ending(new InputStreamReader(bytes, charset.newDecoder()));
        text = new BufferedReader(ending);
        var first = peekLine();
        var said = SEPARATOR_LINE.matcher(first.strip());
        if (said.matches()) {
            separator = said.group(1).charAt(0);
            linesBefore = 1;
            var _ = text.readLine();
        } else {
            separator = SEPARATORS.stream()
                    .max(Comparator.comparingLong((Character one) -> count(first, one))
                            .thenComparing(
                                    Comparator.comparingInt(SEPARATORS::indexOf).reversed()))
                    .orElseThrow();
            linesBefore = 0;
        }
    }

    /** A text of nothing but ASCII at its beginning, such as a header, has a zero beside each character in UTF-16. */
    private static Charset guess(byte[] head) {
        if (head[1] == 0 && head[3] == 0 && head[0] != 0 && head[2] != 0) {
            return UTF_16LE;
        }
        return head[0] == 0 && head[2] == 0 && head[1] != 0 && head[3] != 0 ? UTF_16BE : UTF_8;
    }

    private String peekLine() throws IOException {
        text.mark(MAX_LINE);
        var start = new char[MAX_LINE - 1];
        var length = 0;
        for (var read = text.read(start, 0, start.length);
                read > 0;
                read = text.read(start, length, start.length - length)) {
            length += read;
        }
        text.reset();
        return new String(start, 0, length).lines().findFirst().orElse("");
    }

    private static long count(String line, char separator) {
        var count = 0L;
        var quoted = false;
        for (var i = 0; i < line.length(); i++) {
            quoted ^= line.charAt(i) == '"';
            count += !quoted && line.charAt(i) == separator ? 1 : 0;
        }
        return count;
    }

    /** What is left to read, from the header on. */
    Reader text() {
        return text;
    }

    /** What parts the cells. */
    char separator() {
        return separator;
    }

    /** How many lines there are before the header. */
    int linesBefore() {
        return linesBefore;
    }

    /** Whether what was read last ends a line: a file that was cut off does not, nor do some that are whole. */
    boolean endsWithALine() {
        return ending.last == '\n' || ending.last == '\r';
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    /** Knows the last character that was read. */
    private static final class Ending extends FilterReader {
        private char last = '\n';

        Ending(Reader in) {
            super(in);
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            var read = super.read(buffer, offset, length);
            if (read > 0) {
                last = buffer[offset + read - 1];
            }
            return read;
        }
    }
}
