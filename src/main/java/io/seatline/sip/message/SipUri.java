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
    private static final int MAX_PORT = 65_535;

    private static final Name SIP = Name.of("sip");
    private static final Name SIPS = Name.of("sips");
    private static final Name TRANSPORT = Name.of("transport");

    /** Whom it names: the user; of a tel URI the number without its separators (RFC 3966). */
    public String userOrNumber() {
        return scheme.equals("tel")
                ? text.substring("tel:".length()).split(";", 2)[0].replaceAll("[-.()]", "")
                : user;
    }

    /** Reads a request URI, which goes up to the cursor's limit; most requests have the same one. */
    static SipUri readRequestUri(Cursor cursor) throws SyntaxException {
        var uri = read(cursor, false, true);
        if (!cursor.atEnd()) {
            throw new SyntaxException("a character that a URI may not have");
        }
        return uri;
    }

    /**
     * Reads a URI and stops behind it.
     *
     * @param bare whether no brackets enclose it: then it has no parameters and headers, and its user no {@code , ; ?}
     */
    static SipUri read(Cursor cursor, boolean bare) throws SyntaxException {
        return read(cursor, bare, false);
    }

    private static SipUri read(Cursor cursor, boolean bare, boolean shared) throws SyntaxException {
        if (!cursor.readName() || !cursor.at(':')) {
            throw new SyntaxException("a URI without a scheme");
        }
        var start = cursor.nameStart();
        var secure = cursor.isName(SIPS);
        if (!secure && !cursor.isName(SIP)) {
            return other(cursor, bare);
        }
        cursor.skip();
        var user = user(cursor, bare);
        var host = host(cursor);
        var port = cursor.accept(':') ? portNumber(cursor) : -1;
        var transport = bare ? null : rest(cursor);
        var end = cursor.position();
        var text = shared ? cursor.shared(start, end) : cursor.repeated(start, end);
        return new SipUri(secure ? "sips" : "sip", user, host, port, transport, text);
    }

    private static SipUri other(Cursor cursor, boolean bare) throws SyntaxException {
        var start = cursor.nameStart();
        var scheme = cursor.text(start, cursor.nameEnd()).toLowerCase(Locale.ROOT);
        cursor.skip();
        if (!cursor.skipAll(bare ? Characters.BARE_URI : Characters.URI)) {
            throw new SyntaxException("a URI without anything behind its scheme");
        }
        return new SipUri(scheme, "", "", -1, null, cursor.text(start, cursor.position()));
    }

    /** The user, when an @ ends it: until then it may have what looks like parameters. */
    private static String user(Cursor cursor, boolean bare) throws SyntaxException {
        var start = cursor.position();
        var characters = bare ? Characters.BARE_USER : Characters.USER;
        cursor.skipAll(characters);
        var escapes = cursor.at('%');
        while (cursor.accept('%')) {
            cursor.skipAll(characters);
        }
        var end = cursor.position();
        if (cursor.accept(':')) {
            cursor.skipAll(bare ? Characters.BARE_PASSWORD : Characters.PASSWORD);
        }
        if (!cursor.accept('@')) {
            cursor.seek(start);
            return "";
        }
        if (start == end) {
            throw new SyntaxException("a URI without the user before its @");
        }
        return escapes ? unescaped(cursor.bytes(), start, end) : cursor.repeated(start, end);
    }

    private static String unescaped(byte[] bytes, int start, int end) throws SyntaxException {
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
    static String host(Cursor cursor) throws SyntaxException {
        return host(cursor, false);
    }

    /** The same, with the zone that some phones leave at a link-local address, though it means nothing to others. */
    static String hostWithZone(Cursor cursor) throws SyntaxException {
        return host(cursor, true);
    }

    private static String host(Cursor cursor, boolean mayHaveZone) throws SyntaxException {
        var start = cursor.position();
        var present = cursor.accept('[')
                ? cursor.skipAll(Characters.IPV6)
                        && (!mayHaveZone || !cursor.at('%') || cursor.skipAll(Characters.TOKEN))
                        && cursor.accept(']')
                : cursor.skipAll(Characters.HOST);
        if (!present) {
            throw new SyntaxException("no host");
        }
        return cursor.repeated(start, cursor.position());
    }

    /** The port, which is expected here. */
    static int portNumber(Cursor cursor) throws SyntaxException {
        var port = cursor.digits();
        if (port < 0 || port > MAX_PORT) {
            throw new SyntaxException("a port that is no number up to 65535");
        }
        return port;
    }

    /** Goes over the parameters and headers: the transport among them. */
    private static @Nullable String rest(Cursor cursor) {
        String transport = null;
        while (cursor.accept(';')) {
            if (cursor.readName() && cursor.isName(TRANSPORT) && cursor.accept('=')) {
                var start = cursor.position();
                cursor.skipAll(Characters.TOKEN);
                transport = cursor.shared(start, cursor.position());
            }
            cursor.skipAll(Characters.URI_PARAMETER);
        }
        if (cursor.at('?')) {
            cursor.skipAll(Characters.URI);
        }
        return transport;
    }
}
