package io.seatline.sip.message;

/** Folded headers (RFC 3261 section 7.3.1): a line that begins with white space continues the one before. */
final class Folding {
    private Folding() {}

    /**
     * Makes one line of each header of the message's head, in place: the line ends become spaces, so that nothing
     * moves.
     */
    static void unfold(byte[] message) {
        var line = 0;
        while (line < message.length && isLineEnd(message[line])) {
            line++;
        }
        for (var i = line; i < message.length; i++) {
            if (message[i] != '\n') {
                continue;
            }
            var lineEnd = i > line && message[i - 1] == '\r' ? i - 1 : i;
            if (lineEnd == line) {
                return;
            }
            if (i + 1 < message.length && (message[i + 1] == ' ' || message[i + 1] == '\t')) {
                message[lineEnd] = ' ';
                message[i] = ' ';
            } else {
                line = i + 1;
            }
        }
    }

    /** What may stand before the start line. */
    static boolean isLineEnd(byte character) {
        return character == '\r' || character == '\n' || character == 0;
    }
}
