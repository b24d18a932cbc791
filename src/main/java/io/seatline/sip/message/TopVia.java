package io.seatline.sip.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The topmost Via and where it stands: what an answer copies of it, and what it leaves out to say it itself.
 *
 * @param sentByEnd behind the sent-by, where parameters may be put in
 * @param cuts the starts and ends of {@code ;received=...} and {@code ;rport}, as many as there are, in their order
 * @param defect what is wrong behind the sent-by, which is enough for an answer; null when nothing is
 */
record TopVia(
        Via via,
        int start,
        int sentByEnd,
        int[] cuts,
        @Nullable String defect) {
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
        var parameters = new Parameters(cursor);
        var sentByEnd = cursor.position();
        String defect = null;
        try {
            parameters.read();
        } catch (SyntaxException e) {
            defect = e.what();
        }
        return new TopVia(
                new Via(transport, host, port, parameters.branch, parameters.rport),
                start,
                sentByEnd,
                parameters.cuts,
                defect);
    }

    /** A part of the sent-protocol before its transport: {@code SIP/2.0/UDP}, with white space anywhere between. */
    private static void protocol(Cursor cursor) throws SyntaxException {
        if (!cursor.skipAll(Characters.TOKEN) || !cursor.acceptSeparator('/')) {
            throw new SyntaxException("no protocol");
        }
    }

    /** What stands behind the sent-by, up to the next value. */
    private static final class Parameters {
        private final Cursor cursor;
        private @Nullable String branch;
        private boolean rport;
        private boolean received;
        private int[] cuts = NO_CUTS;

        Parameters(Cursor cursor) {
            this.cursor = cursor;
        }

        void read() throws SyntaxException {
            var start = cursor.position();
            while (cursor.nextParameter()) {
                if (cursor.isParameter("branch")) {
                    refuseSecond(branch != null);
                    branch = cursor.value();
                } else if (cursor.isParameter("rport")) {
                    refuseSecond(rport);
                    rport = true;
                    cut(start);
                } else if (cursor.isParameter("received")) {
                    refuseSecond(received);
                    received = true;
                    cut(start);
                }
                start = cursor.position();
            }
            if (!cursor.acceptSeparator(',')) {
                cursor.expectEnd();
            } else if (cursor.atEnd()) {
                throw new SyntaxException("a comma without a value behind it");
            }
        }

        private void cut(int start) {
            var more = Arrays.copyOf(cuts, cuts.length + 2);
            more[cuts.length] = start;
            more[cuts.length + 1] = cursor.position();
            cuts = more;
        }

        private static void refuseSecond(boolean present) throws SyntaxException {
            if (present) {
                throw new SyntaxException("a parameter given twice");
            }
        }
    }
}
