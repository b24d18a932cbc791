package io.seatline.sip.message;

import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.message.SipMessage.Unanswerable.Cause;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message: its start line, then line after line the headers a registrar needs. The first defect is remembered
 * and the reading goes on, because the answer that names it needs headers that may follow.
 */
final class MessageReader {
    static final int MAX_MESSAGE = 65_536;
    static final String TOO_LONG = "Message longer than " + MAX_MESSAGE + " bytes";
    private static final String VERSION = "sip/2.0";
    private static final int MAX_LINE = 8_192;
    private static final int MAX_HEADERS = 100;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final Cursor cursor;

    private @Nullable Cause cause;
    private int status;
    private @Nullable String defect;
    /** The {@link HeaderName#bit}s of the headers that came. */
    private int seen;

    private int bodyStart;
    private boolean lengthUnsure;

    private String method = "";
    private @Nullable SipUri uri;
    private final HeaderValues values;
    private final ResponseLines answerLines;

    private MessageReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        cursor = new Cursor(bytes);
        values = new HeaderValues(cursor);
        answerLines = new ResponseLines(bytes);
    }

    /** Reads the head of the message that begins at {@code start}. */
    static MessageReader read(byte[] bytes, int start, int end) {
        var reader = new MessageReader(bytes, start, end);
        if (!reader.readHead()) {
            var unfolded = Arrays.copyOfRange(bytes, start, end);
            Folding.unfold(unfolded);
            reader = new MessageReader(unfolded, 0, unfolded.length);
            reader.readHead();
        }
        return reader;
    }

    /** The number that Content-Length says, -1 when there is none or more than one. */
    int contentLength() {
        return lengthUnsure ? -1 : values.contentLength();
    }

    /** How many bytes the message takes, with its body if it says how long that is, else with all that follows. */
    int length() {
        var length = bodyStart - start + Math.max(0, contentLength());
        return contentLength() < 0 ? end - start : Math.min(length, end - start);
    }

    /** What the head says; {@code whole} when the body has to be there too. */
    SipMessage message(boolean whole) {
        if (cause != null) {
            return new Unanswerable(cause);
        }
        var via = values.via();
        if (via == null) {
            return new Unanswerable(Cause.NO_VIA);
        }
        if (method.equals("ACK")) {
            return new Unanswerable(Cause.ACK);
        }
        if (whole && values.contentLength() > end - bodyStart) {
            refuse("Content-Length is larger than the message");
        }
        for (var name : HeaderName.NEEDED) {
            if (!hasSeen(name)) {
                refuse(name.text() + " is missing");
            }
        }
        var headers = answerLines.copy(via, values.toNeedsTag(), defect == null);
        if (defect != null || uri == null) {
            return new Malformed(headers, status, String.valueOf(defect));
        }
        return values.request(headers, method, uri);
    }

    private boolean hasSeen(HeaderName name) {
        return (seen & name.bit()) != 0;
    }

    private void refuse(String reason) {
        refuse(400, reason);
    }

    private void refuse(int withStatus, String reason) {
        if (defect == null) {
            status = withStatus;
            defect = reason;
        }
    }

    /** False when a header is folded, which is read only after unfolding. */
    private boolean readHead() {
        if (end - start > MAX_MESSAGE) {
            refuse(513, TOO_LONG);
        }
        var line = start;
        while (line < end && Folding.isLineEnd(bytes[line])) {
            line++;
        }
        if (line == end) {
            cause = Cause.KEEP_ALIVE;
            return true;
        }
        for (var count = 0; cause != Cause.NOT_SIP; count++) {
            var lineFeed = Words.lineFeed(bytes, line, end);
            var next = lineFeed + 1;
            var lineEnd = lineFeed > line && bytes[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
            if (lineFeed < end && lineEnd == line) {
                bodyStart = next;
                return true;
            }
            if (lineFeed == end) {
                // The last line is not read: the cursor needs a line end behind it.
                cause = count == 0 ? Cause.NOT_SIP : cause;
                refuse("No empty line behind the headers");
                bodyStart = end;
                return true;
            }
            if (next < end && Cursor.isSpace(bytes[next])) {
                return false;
            }
            if (count == 0) {
                startLine(line, lineEnd);
            } else if (count > MAX_HEADERS) {
                refuse("More than " + MAX_HEADERS + " headers");
                return true;
            } else {
                header(line, lineEnd);
            }
            line = next;
        }
        return true;
    }

    private void startLine(int lineStart, int lineEnd) {
        cursor.set(lineStart, lineEnd);
        cursor.skipAll(Characters.TOKEN);
        var methodEnd = cursor.position();
        if (cursor.matches(lineStart, Math.min(lineStart + 4, lineEnd), "sip/")) {
            cause = Cause.RESPONSE;
            return;
        }
        var last = lineEnd;
        while (last > methodEnd && Cursor.isSpace(bytes[last - 1])) {
            last--;
        }
        var version = last - VERSION.length();
        var usual = version > methodEnd && cursor.matches(version, last, VERSION) && bytes[version - 1] == ' ';
        if (!usual) {
            version = last;
            while (version > methodEnd && !Cursor.isSpace(bytes[version - 1])) {
                version--;
            }
        }
        if (methodEnd == lineStart || version <= methodEnd || !(usual || isVersion(version, last))) {
            cause = Cause.NOT_SIP;
            return;
        }
        method = cursor.shared(lineStart, methodEnd);
        if (!usual && !cursor.matches(version, last, VERSION)) {
            refuse(505, "Version Not Supported");
        }
        if (last < lineEnd
                || version < methodEnd + 2
                || bytes[methodEnd] != ' '
                || Cursor.isSpace(bytes[methodEnd + 1])
                || bytes[version - 1] != ' ') {
            refuse("Bad request line: white space");
            return;
        }
        if (lineEnd - lineStart > MAX_LINE) {
            refuse("A line longer than " + MAX_LINE + " bytes");
            return;
        }
        try {
            cursor.set(methodEnd + 1, version - 1);
            uri = SipUri.readRequestUri(cursor);
        } catch (SyntaxException e) {
            refuse("Bad request URI: " + e.what());
        }
    }

    /** Whether it is {@code SIP/digits.digits}. */
    private boolean isVersion(int versionStart, int versionEnd) {
        var name = versionStart + 4;
        if (versionEnd < name || !cursor.matches(versionStart, name, "sip/")) {
            return false;
        }
        var dots = 0;
        for (var i = name; i < versionEnd; i++) {
            if (bytes[i] == '.') {
                dots++;
            } else if (!Characters.isDigit(bytes[i])) {
                return false;
            }
        }
        return dots == 1 && versionEnd - name > 2;
    }

    private void header(int lineStart, int lineEnd) {
        cursor.set(lineStart, lineEnd);
        if (!cursor.readName()) {
            refuse("A header line without a name");
            return;
        }
        var name = HeaderName.of(cursor);
        cursor.skipSpace();
        if (!cursor.accept(':')) {
            refuse("A header line without a colon");
            return;
        }
        if (lineEnd - lineStart > MAX_LINE) {
            refuse("A line longer than " + MAX_LINE + " bytes");
            return;
        }
        if (name == HeaderName.OTHER) {
            return;
        }
        if (name.isSingle() && hasSeen(name)) {
            refuse("Two " + name.text() + " headers");
            lengthUnsure |= name == HeaderName.CONTENT_LENGTH;
            return;
        }
        cursor.skipSpace();
        var valueEnd = lineEnd;
        while (valueEnd > cursor.position() && Cursor.isSpace(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        cursor.set(cursor.position(), valueEnd);
        if (name.answerLine() >= 0) {
            answerLines.add(name.answerLine(), cursor.position(), valueEnd);
        }
        try {
            values.read(name, !hasSeen(name), method);
        } catch (SyntaxException e) {
            refuse("Bad " + name.text() + ": " + e.what());
        }
        seen |= name.bit();
    }
}
