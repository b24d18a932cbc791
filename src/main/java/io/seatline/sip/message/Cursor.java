package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * A place in the bytes of a message that moves forward up to a limit, and the few steps that all headers are read with.
 * The byte at the limit is white space or a line end, which nothing that is read contains: so the steps look at
 * characters only.
 */
final class Cursor {
    private final byte[] bytes;
    private int position;
    private int limit;

    private int nameStart;
    private int nameEnd;
    private long nameHead;
    private boolean hasValue;
    private int valueStart;
    private int valueEnd;
    private boolean escapes;

    private final Repeated repeated;

    Cursor(byte[] bytes) {
        this.bytes = bytes;
        repeated = new Repeated(bytes);
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

    /** Whether the next character is this one, which is no white space. */
    boolean at(char character) {
        return bytes[position] == character;
    }

    void skip() {
        position++;
    }

    void skipSpace() {
        var i = position;
        while (i < limit && isSpace(bytes[i])) {
            i++;
        }
        position = i;
    }

    static boolean isSpace(byte character) {
        return character == ' ' || character == '\t';
    }

    /**
     * Goes over all characters of a class; tells if there was one. Only a class with white space can lead behind the
     * limit.
     */
    boolean skipAll(int characterClass) {
        var start = position;
        var i = start;
        while (Characters.is(characterClass, bytes[i])) {
            i++;
        }
        position = i;
        return i > start;
    }

    boolean accept(char character) {
        if (at(character)) {
            position++;
            return true;
        }
        return false;
    }

    /**
     * A separator with white space around it, such as SEMI, EQUAL or SLASH of RFC 3261 section 25.1. Stays when it is
     * not there.
     */
    boolean acceptSeparator(char separator) {
        var start = position;
        if (!at(separator)) {
            skipSpace();
            if (!at(separator)) {
                position = start;
                return false;
            }
        }
        position++;
        if (isSpace(bytes[position])) {
            skipSpace();
        }
        return true;
    }

    void expectEnd() throws SyntaxException {
        skipSpace();
        if (!atEnd()) {
            throw new SyntaxException("something behind its end");
        }
    }

    /** Goes over a quoted string; stands at its first quote. Tells if it has escapes. */
    boolean skipQuoted() throws SyntaxException {
        var withEscapes = false;
        var i = position + 1;
        while (true) {
            i = Words.endOfPlain(bytes, i);
            if (bytes[i] == '"') {
                position = i + 1;
                return withEscapes;
            }
            if (i + 1 >= limit) {
                throw new SyntaxException("a quoted string without its end");
            }
            if (bytes[i] == '\t') {
                i++;
                continue;
            }
            if (bytes[i] != '\\' || bytes[i + 1] < 0 || bytes[i + 1] == '\r') {
                throw new SyntaxException("a control character");
            }
            withEscapes = true;
            i += 2;
        }
    }

    /**
     * Goes to the next {@code ;name} or {@code ;name=value} and remembers where both are; false when none follows. A
     * value is a token, a host or a quoted string.
     */
    boolean nextParameter() throws SyntaxException {
        if (!acceptSeparator(';')) {
            return false;
        }
        readParameter();
        return true;
    }

    /** Goes over a token and remembers where it is; tells if there was one. */
    boolean readName() {
        nameStart = position;
        var present = skipAll(Characters.TOKEN);
        nameEnd = position;
        nameHead = Name.head(bytes, nameStart, nameEnd);
        return present;
    }

    /** Whether the name that was read last is this one. */
    boolean isName(Name name) {
        return name.is(bytes, nameStart, nameEnd, nameHead);
    }

    int nameStart() {
        return nameStart;
    }

    int nameEnd() {
        return nameEnd;
    }

    /** Reads {@code name} or {@code name=value} here. */
    void readParameter() throws SyntaxException {
        if (!readName()) {
            throw new SyntaxException("a parameter without a name");
        }
        valueStart = nameEnd;
        valueEnd = nameEnd;
        escapes = false;
        if (!acceptSeparator('=')) {
            hasValue = false;
            return;
        }
        hasValue = true;
        valueStart = position;
        if (at('"')) {
            escapes = skipQuoted();
            valueStart++;
            valueEnd = position - 1;
        } else if (skipAll(Characters.VALUE)) {
            valueEnd = position;
        } else {
            throw new SyntaxException("a parameter without its value");
        }
    }

    /** The parameter's value, without quotes and escapes; null when it has none. */
    @Nullable
    String value() throws SyntaxException {
        if (!hasValue) {
            return null;
        }
        return escapes ? unescaped() : text(valueStart, valueEnd);
    }

    /** The same, where the message may say it again. */
    @Nullable
    String repeatedValue() throws SyntaxException {
        return hasValue && !escapes ? repeated(valueStart, valueEnd) : value();
    }

    /** The same, where many messages have it alike. */
    @Nullable
    String sharedValue() throws SyntaxException {
        return hasValue && !escapes ? shared(valueStart, valueEnd) : value();
    }

    /** The same, without angle brackets around it, as a {@code +sip.instance} has them. */
    @Nullable
    String bracketedValue() throws SyntaxException {
        var bracketed = valueEnd - valueStart > 2 && bytes[valueStart] == '<' && bytes[valueEnd - 1] == '>';
        return bracketed && !escapes ? text(valueStart + 1, valueEnd - 1) : value();
    }

    /** The parameter's value as a number; -1 when it is none. */
    int number() {
        var behind = position;
        position = valueStart;
        var number = digits();
        var all = position == valueEnd;
        position = behind;
        return all ? number : -1;
    }

    /**
     * Goes over digits: their number, {@link Integer#MAX_VALUE} when it is larger than that, -1 when there are none.
     */
    int digits() {
        return (int) digits(Integer.MAX_VALUE);
    }

    /** Goes over digits: their number, {@code most} when it is larger than that, -1 when there are none. */
    long digits(long most) {
        var start = position;
        var i = start;
        var number = 0L;
        while (Characters.isDigit(bytes[i])) {
            number = Math.min(number * 10 + bytes[i] - '0', most);
            i++;
        }
        position = i;
        return i == start ? -1 : number;
    }

    /** Whether the bytes are {@code lower}, which is in lower case, in any case. */
    boolean matches(int start, int end, String lower) {
        if (end - start != lower.length()) {
            return false;
        }
        for (var i = 0; i < lower.length(); i++) {
            if (Characters.lower(bytes[start + i]) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether all that follows is this. */
    boolean isRest(String text) {
        if (limit - position != text.length()) {
            return false;
        }
        for (var i = 0; i < text.length(); i++) {
            if (bytes[position + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String text(int start, int end) {
        return new String(bytes, start, end - start, UTF_8);
    }

    /** A text that the message is likely to say again. */
    String repeated(int start, int end) {
        return repeated.text(start, end);
    }

    /** A text that is likely to come in many messages. */
    String shared(int start, int end) {
        return SharedTexts.of(bytes, start, end);
    }

    /** What the quoted value says; refuses control characters that were escaped in it. */
    private String unescaped() throws SyntaxException {
        var plain = new byte[valueEnd - valueStart];
        var length = 0;
        for (var i = valueStart; i < valueEnd; i++) {
            if (bytes[i] == '\\') {
                i++;
            }
            if (Characters.isControl(bytes[i])) {
                throw new SyntaxException("a control character");
            }
            plain[length++] = bytes[i];
        }
        return new String(plain, 0, length, UTF_8);
    }
}
