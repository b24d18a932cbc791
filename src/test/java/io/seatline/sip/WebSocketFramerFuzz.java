package io.seatline.sip;

import io.seatline.sip.WebSocketFramer.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Any client's bytes, fed whole and in pieces: the events must be the same. */
public final class WebSocketFramerFuzz {
    private WebSocketFramerFuzz() {}

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
        var framer = new WebSocketFramer();
        var events = new ArrayList<String>();
        for (var at = 1; at < bytes.length; at += piece) {
            framer.feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
            for (var event = framer.next(); event != null; event = framer.next()) {
                events.add(text(event));
            }
        }
        return events;
    }

    private static String text(Event event) {
        return switch (event) {
            case Event.Message message -> message.text() + HexFormat.of().formatHex(message.bytes());
            case Event.Ping ping -> "ping " + HexFormat.of().formatHex(ping.bytes());
            case Event.Pong _, Event.Close _, Event.Broken _ -> event.toString();
        };
    }
}
