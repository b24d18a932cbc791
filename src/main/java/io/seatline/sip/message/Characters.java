package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The character classes of RFC 3261 section 25.1, as bits that a table has for each byte. */
final class Characters {
    /** {@code token}. */
    static final int TOKEN = 1;
    /** A parameter's value that is not quoted: {@code token / host}. */
    static final int VALUE = 2;
    /** {@code hostname}, and the underscore that some networks have in it. */
    static final int HOST = 4;
    /** {@code IPv6address}, which is what stands between the brackets. */
    static final int IPV6 = 8;
    /** {@code user}; escapes are checked apart. */
    static final int USER = 16;
    /** The password, parameters and headers of a SIP URI: all that may follow its user. */
    static final int URI = 32;
    /** {@code word}, of which a Call-ID is made, and the {@code @} between two. */
    static final int WORD = 64;
    /** A display name without quotes: {@code token}, white space, and UTF-8 as many phones send it. */
    static final int NAME = 128;

    private static final byte[] CLASSES = new byte[256];

    static {
        var letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        var unreserved = letters + "-_.!~*'()";
        mark(TOKEN | VALUE | WORD | NAME, letters + "-.!%*_+`'~");
        mark(VALUE, "[]:");
        mark(HOST, letters + "-._");
        mark(IPV6, "0123456789abcdefABCDEF:.");
        mark(USER, unreserved + "&=+$,;?/%");
        mark(URI, unreserved + "[]/:&+$,;?=%@");
        mark(WORD, "()<>:\\\"/[]?{}@");
        mark(NAME, " \t");
        for (var i = 128; i < 256; i++) {
            CLASSES[i] |= (byte) NAME;
        }
    }

    private Characters() {}

    private static void mark(int classes, String characters) {
        for (var character : characters.getBytes(ISO_8859_1)) {
            CLASSES[character] |= (byte) classes;
        }
    }

    static boolean is(int characterClass, byte character) {
        return (CLASSES[character & 0xff] & characterClass) != 0;
    }

    /** A control character other than the tab: may stand nowhere in a header but escaped in a quoted string. */
    static boolean isControl(byte character) {
        return (character >= 0 && character < ' ' && character != '\t') || character == 0x7f;
    }

    static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte character) {
        if (isDigit(character)) {
            return character - '0';
        }
        var lower = character | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
