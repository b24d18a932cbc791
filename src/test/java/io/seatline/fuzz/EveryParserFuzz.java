package io.seatline.fuzz;

import java.util.List;

/**
 * Any bytes, given to every parser: each has as many inputs as if it were alone, and what leads far into one is tried
 * at the others.
 */
public final class EveryParserFuzz {
    static final List<Class<?>> PARSERS =
            List.of(SipParserFuzz.class, HeaderFuzz.class, StreamFramerFuzz.class, AllowListFuzz.class);

    private EveryParserFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        SipParserFuzz.fuzzerTestOneInput(bytes);
        HeaderFuzz.fuzzerTestOneInput(bytes);
        StreamFramerFuzz.fuzzerTestOneInput(bytes);
        AllowListFuzz.fuzzerTestOneInput(bytes);
    }
}
