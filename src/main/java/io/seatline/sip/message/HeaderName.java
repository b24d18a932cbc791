package io.seatline.sip.message;

import java.util.List;

/** The headers that are read; all others are {@link #OTHER}. */
enum HeaderName {
    VIA("Via"),
    FROM("From"),
    TO("To"),
    CALL_ID("Call-ID"),
    CSEQ("CSeq"),
    CONTACT("Contact"),
    EXPIRES("Expires"),
    MAX_FORWARDS("Max-Forwards"),
    USER_AGENT("User-Agent"),
    AUTHORIZATION("Authorization"),
    REQUIRE("Require"),
    CONTENT_LENGTH("Content-Length"),
    OTHER("header");

    /** What every request has (RFC 3261 section 8.1.1); Max-Forwards too, but RFC 2543 knew none and a registrar needs none. */
    static final List<HeaderName> NEEDED = List.of(FROM, TO, CALL_ID, CSEQ);

    private final String text;

    HeaderName(String text) {
        this.text = text;
    }

    /** As it is written. */
    String text() {
        return text;
    }

    /** Whether an answer copies it (RFC 3261 section 8.2.6.2). */
    boolean isCopied() {
        return switch (this) {
            case VIA, FROM, TO, CALL_ID, CSEQ -> true;
            case CONTACT, EXPIRES, MAX_FORWARDS, USER_AGENT, AUTHORIZATION, REQUIRE, CONTENT_LENGTH, OTHER -> false;
        };
    }

    /** Whether a second one makes the request ambiguous: its value is not a list (RFC 3261 section 7.3.1) and is used. */
    boolean isSingle() {
        return switch (this) {
            case FROM, TO, CALL_ID, CSEQ, EXPIRES, MAX_FORWARDS, CONTENT_LENGTH -> true;
            case VIA, CONTACT, USER_AGENT, AUTHORIZATION, REQUIRE, OTHER -> false;
        };
    }

    /** The header that the name is, in any case, long or compact (RFC 3261 section 7.3.3). */
    static HeaderName of(Cursor cursor, int start, int end) {
        return switch (end - start) {
            case 1 -> compact(cursor.bytes()[start]);
            case 2 -> TO.orOther(cursor, start, end, "to");
            case 3 -> VIA.orOther(cursor, start, end, "via");
            case 4 -> cursor.matches(start, end, "from") ? FROM : CSEQ.orOther(cursor, start, end, "cseq");
            case 7 ->
                cursor.matches(start, end, "contact")
                        ? CONTACT
                        : cursor.matches(start, end, "call-id")
                                ? CALL_ID
                                : cursor.matches(start, end, "expires")
                                        ? EXPIRES
                                        : REQUIRE.orOther(cursor, start, end, "require");
            case 10 -> USER_AGENT.orOther(cursor, start, end, "user-agent");
            case 12 -> MAX_FORWARDS.orOther(cursor, start, end, "max-forwards");
            case 13 -> AUTHORIZATION.orOther(cursor, start, end, "authorization");
            case 14 -> CONTENT_LENGTH.orOther(cursor, start, end, "content-length");
            default -> OTHER;
        };
    }

    private static HeaderName compact(byte letter) {
        return switch (letter) {
            case 'v', 'V' -> VIA;
            case 'f', 'F' -> FROM;
            case 't', 'T' -> TO;
            case 'i', 'I' -> CALL_ID;
            case 'm', 'M' -> CONTACT;
            case 'l', 'L' -> CONTENT_LENGTH;
            default -> OTHER;
        };
    }

    private HeaderName orOther(Cursor cursor, int start, int end, String lower) {
        return cursor.matches(start, end, lower) ? this : OTHER;
    }
}
