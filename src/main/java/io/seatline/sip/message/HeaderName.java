package io.seatline.sip.message;

import java.util.List;

/** The headers that are read; all others are {@link #OTHER}. */
enum HeaderName {
    VIA("Via", 0, false),
    FROM("From", 1, true),
    TO("To", 4, true),
    CALL_ID("Call-ID", 2, true),
    CSEQ("CSeq", 3, true),
    CONTACT("Contact", -1, false),
    EXPIRES("Expires", -1, true),
    MAX_FORWARDS("Max-Forwards", -1, true),
    USER_AGENT("User-Agent", -1, false),
    AUTHORIZATION("Authorization", -1, false),
    REQUIRE("Require", -1, false),
    SUPPORTED("Supported", -1, false),
    PATH("Path", -1, false),
    EDGE_SOURCE("X-Seatline-Source", -1, true),
    CONTENT_LENGTH("Content-Length", -1, true),
    OTHER("header", -1, false);

    /**
     * What every request has (RFC 3261 section 8.1.1); Max-Forwards too, but RFC 2543 knew none and a registrar needs
     * none.
     */
    static final List<HeaderName> NEEDED = List.of(FROM, TO, CALL_ID, CSEQ);

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
    private final Name name;

    private final int answerLine;
    private final boolean single;

    HeaderName(String text, int answerLine, boolean single) {
        this.text = text;
        name = Name.of(text);
        this.answerLine = answerLine;
        this.single = single;
    }

    /**
     * One bit, another for each header: a set of them is a number. EnumSet would take a tenth of the time that reading
     * takes.
     */
    @SuppressWarnings("EnumOrdinal")
    int bit() {
        return 1 << ordinal();
    }

    /** As it is written. */
    String text() {
        return text;
    }

    /**
     * The place of its line among those that an answer copies (RFC 3261 section 8.2.6.2); -1 when it is none of them.
     */
    int answerLine() {
        return answerLine;
    }

    /**
     * Whether a second one makes the request ambiguous: its value is not a list (RFC 3261 section 7.3.1) and is used.
     */
    boolean isSingle() {
        return single;
    }

    /** The header whose name was read last, long or compact (RFC 3261 section 7.3.3). */
    static HeaderName of(Cursor cursor) {
        return switch (cursor.nameEnd() - cursor.nameStart()) {
            case 1 -> compact(cursor.bytes()[cursor.nameStart()]);
            case 2 -> TO.orOther(cursor);
            case 3 -> VIA.orOther(cursor);
            case 4 -> ofFour(cursor);
            case 7 -> ofSeven(cursor);
            case 9 -> SUPPORTED.orOther(cursor);
            case 10 -> USER_AGENT.orOther(cursor);
            case 12 -> MAX_FORWARDS.orOther(cursor);
            case 13 -> AUTHORIZATION.orOther(cursor);
            case 14 -> CONTENT_LENGTH.orOther(cursor);
            case 17 -> EDGE_SOURCE.orOther(cursor);
            default -> OTHER;
        };
    }

    private static HeaderName ofFour(Cursor cursor) {
        if (cursor.isName(FROM.name)) {
            return FROM;
        }
        return cursor.isName(CSEQ.name) ? CSEQ : PATH.orOther(cursor);
    }

    private static HeaderName ofSeven(Cursor cursor) {
        if (cursor.isName(CONTACT.name)) {
            return CONTACT;
        }
        if (cursor.isName(CALL_ID.name)) {
            return CALL_ID;
        }
        return cursor.isName(EXPIRES.name) ? EXPIRES : REQUIRE.orOther(cursor);
    }

    private static HeaderName compact(byte letter) {
        return switch (letter) {
            case 'v', 'V' -> VIA;
            case 'f', 'F' -> FROM;
            case 't', 'T' -> TO;
            case 'i', 'I' -> CALL_ID;
            case 'm', 'M' -> CONTACT;
            case 'l', 'L' -> CONTENT_LENGTH;
            case 'k', 'K' -> SUPPORTED;
            default -> OTHER;
        };
    }

    private HeaderName orOther(Cursor cursor) {
        return cursor.isName(name) ? this : OTHER;
    }
}
