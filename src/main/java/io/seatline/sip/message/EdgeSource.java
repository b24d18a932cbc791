package io.seatline.sip.message;

import java.util.Locale;

/**
 * What an edge says of the phone that a request came from (X-Seatline-Source), such as {@code tcp:203.0.113.7:5062}.
 * Who says so must be an edge.
 *
 * @param transport in lower case
 * @param host an IPv6 address without brackets; not checked
 */
public record EdgeSource(String transport, String host, int port) {
    static EdgeSource read(Cursor cursor) throws SyntaxException {
        var start = cursor.position();
        if (!cursor.skipAll(Characters.TOKEN)) {
            throw new SyntaxException("no transport");
        }
        var transport = cursor.text(start, cursor.position()).toLowerCase(Locale.ROOT);
        expectColon(cursor);
        var host = SipUri.host(cursor).replaceAll("[\\[\\]]", "");
        expectColon(cursor);
        var port = SipUri.portNumber(cursor);
        cursor.expectEnd();
        return new EdgeSource(transport, host, port);
    }

    private static void expectColon(Cursor cursor) throws SyntaxException {
        if (!cursor.accept(':')) {
            throw new SyntaxException("no colon");
        }
    }
}
