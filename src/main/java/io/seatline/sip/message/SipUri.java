package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A URI (RFC 3261 section 19.1). One that is neither {@code sip} nor {@code sips} has an empty user and host.
 *
 * @param scheme in lower case
 * @param user unescaped, so it may have any character, NUL among them; without the password; "" when absent
 * @param host as sent; an IPv6 address in its brackets
 * @param port -1 when absent
 * @param transport the parameter's value as sent
 * @param text the whole URI as sent
 */
public record SipUri(
        String scheme,
        String user,
        String host,
        int port,
        @Nullable String transport,
        String text) {
    private static final int HIGHEST_PORT = 65_535;

    /** Reads the URI between the cursor and {@code end}, {@code likely} being one that may have the same parts. */
    static SipUri read(Cursor cursor, int end, @Nullable SipUri likely) throws SyntaxException {
        var outerLimit = cursor.limit();
        cursor.set(cursor.position(), end);
        var uri = read(cursor, likely);
        cursor.set(end, outerLimit);
        return uri;
    }

    private static SipUri read(Cursor cursor, @Nullable SipUri likely) throws SyntaxException {
        var start = cursor.position();
        var end = cursor.limit();
        if (!cursor.skipAll(Characters.TOKEN) || !cursor.at(':')) {
            throw new SyntaxException("a URI without a scheme");
        }
        var schemeEnd = cursor.position();
        cursor.skip();
        var secure = cursor.matches(start, schemeEnd, "sips");
        if (!secure && !cursor.matches(start, schemeEnd, "sip")) {
            return other(cursor, start, schemeEnd);
        }
        var user = user(cursor, likely);
        var host = host(cursor, likely == null ? null : likely.host);
        var port = cursor.accept(':') ? portNumber(cursor) : -1;
        var transport = rest(cursor);
        if (!cursor.atEnd()) {
            throw new SyntaxException("a character that a URI may not have");
        }
        return new SipUri(
                secure ? "sips" : "sip",
                user,
                host,
                port,
                transport,
                cursor.text(start, end, likely == null ? null : likely.text));
    }

    private static SipUri other(Cursor cursor, int start, int schemeEnd) throws SyntaxException {
        cursor.skipAll(Characters.URI);
        if (!cursor.atEnd() || cursor.position() == schemeEnd + 1) {
            throw new SyntaxException("a character that a URI may not have");
        }
        var scheme = cursor.recurring(start, schemeEnd).toLowerCase(Locale.ROOT);
        return new SipUri(scheme, "", "", -1, null, cursor.text(start, cursor.limit()));
    }

    /** The user, when an @ ends it: until then it may have what looks like parameters. */
    private static String user(Cursor cursor, @Nullable SipUri likely) throws SyntaxException {
        var start = cursor.position();
        cursor.skipAll(Characters.USER);
        var end = cursor.position();
        if (cursor.accept(':')) {
            cursor.skipAll(Characters.USER);
        }
        if (!cursor.accept('@')) {
            cursor.seek(start);
            return "";
        }
        if (start == end) {
            throw new SyntaxException("a URI without the user before its @");
        }
        return unescaped(cursor, start, end, likely == null ? null : likely.user);
    }

    private static String unescaped(Cursor cursor, int start, int end, @Nullable String likely) throws SyntaxException {
        var bytes = cursor.bytes();
        var escape = start;
        while (escape < end && bytes[escape] != '%') {
            escape++;
        }
        if (escape == end) {
            return cursor.text(start, end, likely);
        }
        var plain = new byte[end - start];
        var length = 0;
        for (var i = start; i < end; i++) {
            if (bytes[i] == '%') {
                var value = i + 2 < end ? Characters.hex(bytes[i + 1]) << 4 | Characters.hex(bytes[i + 2]) : -1;
                if (value < 0) {
                    throw new SyntaxException("a percent sign that no two hexadecimal digits follow");
                }
                plain[length++] = (byte) value;
                i += 2;
            } else {
                plain[length++] = bytes[i];
            }
        }
        return new String(plain, 0, length, UTF_8);
    }

    /** A host name, an IPv4 address, or an IPv6 address in brackets. */
    static String host(Cursor cursor, @Nullable String likely) throws SyntaxException {
        var start = cursor.position();
        boolean present;
        if (cursor.accept('[')) {
            present = cursor.skipAll(Characters.IPV6) && cursor.accept(']');
        } else {
            present = cursor.skipAll(Characters.HOST);
        }
        if (!present) {
            throw new SyntaxException("no host");
        }
        return cursor.text(start, cursor.position(), likely);
    }

    /** The port, which is expected here. */
    static int portNumber(Cursor cursor) throws SyntaxException {
        var start = cursor.position();
        while (!cursor.atEnd() && Characters.isDigit(cursor.bytes()[cursor.position()])) {
            cursor.skip();
        }
        var port = cursor.number(start, cursor.position());
        if (port < 0 || port > HIGHEST_PORT) {
            throw new SyntaxException("a port that is no number up to 65535");
        }
        return port;
    }

    /** The parameters and headers: the transport among them. */
    private static @Nullable String rest(Cursor cursor) throws SyntaxException {
        String transport = null;
        while (cursor.accept(';')) {
            var start = cursor.position();
            cursor.skipAll(Characters.TOKEN);
            var end = cursor.position();
            cursor.seek(start);
            if (cursor.matches(start, end, "transport") && end < cursor.limit() && cursor.bytes()[end] == '=') {
                cursor.seek(end + 1);
                cursor.skipAll(Characters.TOKEN);
                transport = cursor.recurring(end + 1, cursor.position());
            }
            skipToParameter(cursor);
        }
        if (cursor.at('?')) {
            cursor.skipAll(Characters.URI);
        }
        return transport;
    }

    private static void skipToParameter(Cursor cursor) {
        while (!cursor.atEnd()
                && !cursor.at(';')
                && !cursor.at('?')
                && Characters.is(Characters.URI, cursor.bytes()[cursor.position()])) {
            cursor.skip();
        }
    }
}
