package io.seatline.fuzz;

import io.seatline.sip.message.StreamFramer;
import java.util.ArrayList;
import java.util.List;

/** Any stream, fed whole and in pieces: the events must be the same. */
public final class StreamFramerFuzz {
    private StreamFramerFuzz() {}

    /** Called by the fuzzer; the first byte is the length of the pieces. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        var whole = events(bytes, bytes.length);
        var pieces = events(bytes, 1 + (bytes[0] & 0xff));
        if (!whole.equals(pieces)) {
            throw new AssertionError(whole + " whole, in pieces " + pieces);
        }
    }

    private static List<String> events(byte[] bytes, int piece) {
        var framer = new StreamFramer();
        var events = new ArrayList<String>();
        for (var at = 1; at < bytes.length; at += piece) {
            framer.feed(bytes, at, Math.min(piece, bytes.length - at));
            for (var event = framer.next(); event != null; event = framer.next()) {
                events.add(event.toString());
            }
        }
        return events;
    }
}
