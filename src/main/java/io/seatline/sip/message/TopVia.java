package io.seatline.sip.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The topmost Via and where it stands: what an answer copies of it, and what it leaves out to say it itself. */
final class TopVia {
    private static final Name BRANCH = Name.of("branch");
    private static final Name RPORT = Name.of("rport");
    private static final Name RECEIVED = Name.of("received");
    private static final int[] NO_CUTS = {};

    private final int start;
    private final int sentByEnd;
    private final Via via;
    private int[] cuts = NO_CUTS;
    private boolean hasNext;
    private @Nullable String branch;
    private boolean rport;
    private boolean received;
    private @Nullable String defect;

    /** Reads the first value of a Via header. */
    TopVia(Cursor cursor) throws SyntaxException {
        start = cursor.position();
        protocol(cursor);
        protocol(cursor);
        var transportStart = cursor.position();
        if (!cursor.skipAll(Characters.TOKEN)) {
            throw new SyntaxException("no transport");
        }
        var transport = cursor.shared(transportStart, cursor.position());
        cursor.skipSpace();
        var host = SipUri.hostWithZone(cursor);
        var port = cursor.acceptSeparator(':') ? SipUri.portNumber(cursor) : -1;
        sentByEnd = cursor.position();
        try {
            parameters(cursor);
        } catch (SyntaxException e) {
            defect = e.what();
        }
        via = new Via(transport, host, port, branch, rport);
    }

    /** A part of the sent-protocol before its transport: {@code SIP/2.0/UDP}, with white space anywhere between. */
    private static void protocol(Cursor cursor) throws SyntaxException {
        if (!cursor.skipAll(Characters.TOKEN) || !cursor.acceptSeparator('/')) {
            throw new SyntaxException("no protocol");
        }
    }

    /** What stands behind the sent-by, up to the next value. */
    private void parameters(Cursor cursor) throws SyntaxException {
        var parameter = cursor.position();
        while (cursor.nextParameter()) {
            if (cursor.isName(BRANCH)) {
                refuseSecond(branch != null);
                branch = cursor.value();
            } else if (cursor.isName(RPORT)) {
                refuseSecond(rport);
                rport = true;
                cut(parameter, cursor.position());
            } else if (cursor.isName(RECEIVED)) {
                refuseSecond(received);
                received = true;
                cut(parameter, cursor.position());
            }
            parameter = cursor.position();
        }
        hasNext = cursor.acceptSeparator(',');
        if (!hasNext) {
            cursor.expectEnd();
        } else if (cursor.atEnd()) {
            throw new SyntaxException("a comma without a value behind it");
        }
    }

    private static void refuseSecond(boolean present) throws SyntaxException {
        if (present) {
            throw new SyntaxException("a parameter given twice");
        }
    }

    private void cut(int cutStart, int cutEnd) {
        var more = Arrays.copyOf(cuts, cuts.length + 2);
        more[cuts.length] = cutStart;
        more[cuts.length + 1] = cutEnd;
        cuts = more;
    }

    Via via() {
        return via;
    }

    int start() {
        return start;
    }

    /** Behind the sent-by, where parameters may be put in. */
    int sentByEnd() {
        return sentByEnd;
    }

    /** The starts and ends of {@code ;received=...} and {@code ;rport}, as many as there are, in their order. */
    int[] cuts() {
        return cuts;
    }

    /** Whether another value follows on the line. */
    boolean hasNext() {
        return hasNext;
    }

    /** What is wrong behind the sent-by, which is enough for an answer; null when nothing is. */
    @Nullable
    String defect() {
        return defect;
    }
}
