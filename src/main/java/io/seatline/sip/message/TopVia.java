package io.seatline.sip.message;

import java.util.Arrays;

/**
 * The topmost Via and where it stands: what an answer copies of it, and what it leaves out to say it itself.
 *
 * @param end behind its last parameter
 * @param cuts the starts and ends of {@code ;received=...} and {@code ;rport}, as many as there are, in their order
 */
record TopVia(Via via, int start, int end, int[] cuts) {
    private static final int[] NO_CUTS = {};

    /** Reads the first value of a Via header. */
    static TopVia read(Cursor cursor) throws SyntaxException {
        var start = cursor.position();
        protocol(cursor);
        protocol(cursor);
        var transportStart = cursor.position();
        if (!cursor.skipAll(Characters.TOKEN)) {
            throw new SyntaxException("no transport");
        }
        var transport = cursor.recurring(transportStart, cursor.position());
        cursor.skipSpace();
        var host = SipUri.host(cursor, null);
        var port = cursor.acceptSeparator(':') ? SipUri.portNumber(cursor) : -1;
        String branch = null;
        var received = false;
        var rport = false;
        var cuts = NO_CUTS;
        var end = cursor.position();
        while (cursor.nextParameter()) {
            var parameter = end;
            end = cursor.position();
            if (cursor.isParameter("branch")) {
                refuseSecond(branch != null);
                branch = cursor.value();
            } else if (cursor.isParameter("received")) {
                refuseSecond(received);
                received = true;
                cuts = cut(cuts, parameter, end);
            } else if (cursor.isParameter("rport")) {
                refuseSecond(rport);
                rport = true;
                cuts = cut(cuts, parameter, end);
            }
        }
        if (!cursor.acceptSeparator(',')) {
            cursor.expectEnd();
        }
        return new TopVia(new Via(transport, host, port, branch, rport), start, end, cuts);
    }

    /** A part of the sent-protocol before its transport: {@code SIP/2.0/UDP}, with white space anywhere between. */
    private static void protocol(Cursor cursor) throws SyntaxException {
        if (!cursor.skipAll(Characters.TOKEN) || !cursor.acceptSeparator('/')) {
            throw new SyntaxException("no protocol");
        }
    }

    private static void refuseSecond(boolean present) throws SyntaxException {
        if (present) {
            throw new SyntaxException("a parameter given twice");
        }
    }

    private static int[] cut(int[] cuts, int start, int end) {
        var more = Arrays.copyOf(cuts, cuts.length + 2);
        more[cuts.length] = start;
        more[cuts.length + 1] = end;
        return more;
    }
}
