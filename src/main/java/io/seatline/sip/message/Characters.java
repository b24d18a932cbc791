package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The character classes of RFC 3261 section 25.1, as bits that a table has for each byte. */
final class Characters {
    /** {@code token}. */
    static final int TOKEN = 1;
    /** A parameter's value that is not quoted: {@code token / host}. */
    static final int VALUE = 1 << 1;
    /** What stands for itself in a quoted string. */
    static final int QUOTED = 1 << 2;
    /** {@code word}, of which a Call-ID is made, and the {@code @} between two. */
    static final int WORD = 1 << 3;
    /** {@code hostname}, and the underscore that some networks have in it. */
    static final int HOST = 1 << 4;
    /** {@code IPv6address}, which is what stands between the brackets. */
    static final int IPV6 = 1 << 5;
    /** {@code user} without escapes. */
    static final int USER = 1 << 6;
    /** {@link #USER}, but for what ends a URI that no brackets enclose. */
    static final int BARE_USER = 1 << 7;
    /** {@code password}. */
    static final int PASSWORD = 1 << 13;
    /** {@link #PASSWORD}, but for what ends a URI that no brackets enclose. */
    static final int BARE_PASSWORD = 1 << 14;
    /** All that may follow the scheme of a URI. */
    static final int URI = 1 << 8;
    /** {@link #URI}, but for what ends a URI that no brackets enclose. */
    static final int BARE_URI = 1 << 9;
    /** {@link #URI}, but for what ends a parameter. */
    static final int URI_PARAMETER = 1 << 12;
    /** A display name without quotes: {@code token}, white space, and UTF-8 as many phones send it. */
    static final int NAME = 1 << 10;
    /** Printable ASCII and the space. */
    static final int TEXT = 1 << 11;

    private static final short[] CLASSES = new short[256];

    static {
        var letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        var unreserved = letters + "-_.!~*'()";
        mark(TOKEN | VALUE | WORD | NAME, letters + "-.!%*_+`'~");
        mark(VALUE, "[]:");
        mark(HOST, letters + "-._");
        mark(IPV6, "0123456789abcdefABCDEF:.");
        mark(USER | BARE_USER | PASSWORD | BARE_PASSWORD, unreserved + "&=+$");
        mark(USER | BARE_USER, "/");
        mark(USER, ",;?");
        mark(PASSWORD | BARE_PASSWORD, "%");
        mark(PASSWORD, ",");
        mark(URI | BARE_URI | URI_PARAMETER, unreserved + "[]/:&+$=%@");
        mark(URI | URI_PARAMETER, ",");
        mark(URI, ";?");
        mark(WORD, "()<>:\\\"/[]?{}@");
        mark(NAME | QUOTED, " \t");
        for (var i = 0x80; i <= 0xff; i++) {
            CLASSES[i] |= NAME | QUOTED;
        }
        for (var i = ' '; i <= '~'; i++) {
            CLASSES[i] |= (short) (i == '"' || i == '\\' ? TEXT : TEXT | QUOTED);
        }
    }

    private Characters() {}

    private static void mark(int classes, String characters) {
        for (var character : characters.getBytes(ISO_8859_1)) {
            CLASSES[character] |= (short) classes;
        }
    }

    static boolean is(int characterClass, byte character) {
        return (CLASSES[character & 0xff] & characterClass) != 0;
    }

    /** A control character other than the tab: may stand nowhere in a header but escaped in a quoted string. */
    static boolean isControl(byte character) {
        return (character >= 0 && character < ' ' && character != '\t') || character == 0x7f;
    }

    /** The letter in lower case; any other byte as it is. */
    static int lower(byte character) {
        return character >= 'A' && character <= 'Z' ? character + 'a' - 'A' : character;
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
