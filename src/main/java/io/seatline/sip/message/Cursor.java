package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** A place in the bytes of a message that moves forward up to a limit, and the few steps that all headers are read with. */
final class Cursor {
    private final byte[] bytes;
    private int position;
    private int limit;

    private int nameStart;
    private int nameEnd;
    private int valueStart;
    private int valueEnd;

    Cursor(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    int position() {
        return position;
    }

    int limit() {
        return limit;
    }

    /** Stands at {@code start} and goes no further than {@code end}. */
    void set(int start, int end) {
        position = start;
        limit = end;
    }

    void seek(int newPosition) {
        position = newPosition;
    }

    boolean atEnd() {
        return position == limit;
    }

    boolean at(char character) {
        return position < limit && bytes[position] == character;
    }

    void skip() {
        position++;
    }

    void skipSpace() {
        while (position < limit && (bytes[position] == ' ' || bytes[position] == '\t')) {
            position++;
        }
    }

    /** Goes over all characters of a class; tells if there was one. */
    boolean skipAll(int characterClass) {
        var start = position;
        while (position < limit && Characters.is(characterClass, bytes[position])) {
            position++;
        }
        return position > start;
    }

    /** Goes to the next {@code character}; to the limit, and false, when there is none. */
    boolean skipTo(char character) {
        while (position < limit && bytes[position] != character) {
            position++;
        }
        return position < limit;
    }

    boolean accept(char character) {
        if (at(character)) {
            position++;
            return true;
        }
        return false;
    }

    /** A separator with white space around it, such as SEMI, EQUAL or SLASH of RFC 3261 section 25.1. Stays when it is not there. */
    boolean acceptSeparator(char separator) {
        var start = position;
        skipSpace();
        if (!accept(separator)) {
            position = start;
            return false;
        }
        skipSpace();
        return true;
    }

    void expectEnd() throws SyntaxException {
        skipSpace();
        if (!atEnd()) {
            throw new SyntaxException("something behind its end");
        }
    }

    /** Goes over a quoted string; stands at its first quote. */
    void skipQuoted() throws SyntaxException {
        position++;
        while (position < limit) {
            var character = bytes[position++];
            if (character == '"') {
                return;
            }
            if (character == '\\') {
                if (position == limit || bytes[position] == '\r' || bytes[position] < 0) {
                    break;
                }
                position++;
            } else if (Characters.isControl(character)) {
                throw new SyntaxException("a control character");
            }
        }
        throw new SyntaxException("a quoted string without its end");
    }

    /**
     * Goes to the next {@code ;name} or {@code ;name=value} and remembers where both are; false when none follows. A value is a token,
     * a host or a quoted string.
     */
    boolean nextParameter() throws SyntaxException {
        if (!acceptSeparator(';')) {
            return false;
        }
        readParameter();
        return true;
    }

    /** Reads {@code name} or {@code name=value} here. */
    void readParameter() throws SyntaxException {
        nameStart = position;
        if (!skipAll(Characters.TOKEN)) {
            throw new SyntaxException("a parameter without a name");
        }
        nameEnd = position;
        valueStart = nameEnd;
        valueEnd = nameEnd;
        if (acceptSeparator('=')) {
            valueStart = position;
            if (at('"')) {
                skipQuoted();
            } else if (!skipAll(Characters.VALUE)) {
                throw new SyntaxException("a parameter without its value");
            }
            valueEnd = position;
        }
    }

    /** Whether the parameter has this name, given in lower case. */
    boolean isParameter(String name) {
        return matches(nameStart, nameEnd, name);
    }

    int nameStart() {
        return nameStart;
    }

    int nameEnd() {
        return nameEnd;
    }

    /** The parameter's value, without quotes and escapes; null when it has none. */
    @Nullable
    String value() throws SyntaxException {
        return value(null);
    }

    /** The same, where it is {@code likely} that one. */
    @Nullable
    String value(@Nullable String likely) throws SyntaxException {
        if (valueStart == valueEnd) {
            return null;
        }
        return bytes[valueStart] == '"' ? unquoted(valueStart, valueEnd) : text(valueStart, valueEnd, likely);
    }

    /** The parameter's value as a number: all digits, {@link Integer#MAX_VALUE} when it is larger than that, -1 when it is no number. */
    int number() {
        return number(valueStart, valueEnd);
    }

    int number(int start, int end) {
        if (start == end) {
            return -1;
        }
        var number = 0L;
        for (var i = start; i < end; i++) {
            if (!Characters.isDigit(bytes[i])) {
                return -1;
            }
            number = Math.min(number * 10 + bytes[i] - '0', Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /** Whether the bytes are {@code lower}, which is in lower case, in any case. */
    boolean matches(int start, int end, String lower) {
        if (end - start != lower.length()) {
            return false;
        }
        for (var i = 0; i < lower.length(); i++) {
            var character = bytes[start + i];
            var lowered = character >= 'A' && character <= 'Z' ? character + 32 : character;
            if (lowered != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean isExactly(int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (var i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String text(int start, int end) {
        return new String(bytes, start, end - start, UTF_8);
    }

    /** The text, which is {@code likely} that one: no new string then. */
    String text(int start, int end, @Nullable String likely) {
        return likely != null && isExactly(start, end, likely) ? likely : text(start, end);
    }

    /** A text that comes in many messages, such as a host or a realm. */
    String recurring(int start, int end) {
        return text(start, end);
    }

    /** What a quoted string says; refuses control characters that were escaped in it. */
    String unquoted(int start, int end) throws SyntaxException {
        var escapes = 0;
        for (var i = start + 1; i < end - 1; i++) {
            if (bytes[i] == '\\') {
                escapes++;
                i++;
            }
            if (Characters.isControl(bytes[i])) {
                throw new SyntaxException("a control character");
            }
        }
        if (escapes == 0) {
            return text(start + 1, end - 1);
        }
        var plain = new byte[end - start - 2 - escapes];
        var length = 0;
        for (var i = start + 1; i < end - 1; i++) {
            if (bytes[i] == '\\') {
                i++;
            }
            plain[length++] = bytes[i];
        }
        return new String(plain, UTF_8);
    }
}
