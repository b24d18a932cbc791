package io.seatline.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * The value of From or To (RFC 3261 section 20.10).
 *
 * @param tag null when there is none
 */
public record NameAddress(SipUri uri, @Nullable String tag) {
    /** Reads a whole header value. */
    static NameAddress read(Cursor cursor, @Nullable SipUri likely) throws SyntaxException {
        var uri = address(cursor, likely, Integer.MAX_VALUE);
        String tag = null;
        while (cursor.nextParameter()) {
            if (cursor.isParameter("tag")) {
                if (tag != null) {
                    throw new SyntaxException("two tags");
                }
                tag = cursor.value();
                if (tag == null) {
                    throw new SyntaxException("a tag without a value");
                }
            }
        }
        cursor.expectEnd();
        return new NameAddress(uri, tag);
    }

    /**
     * Reads {@code "Name" <uri>}, {@code Name <uri>} or a plain URI, and stops behind it. What follows a plain URI's semicolon belongs to
     * the header, and a plain URI with a question mark or a comma is not allowed (RFC 3261 section 20).
     */
    static SipUri address(Cursor cursor, @Nullable SipUri likely, int longest) throws SyntaxException {
        cursor.skipSpace();
        var start = cursor.position();
        if (cursor.at('"')) {
            cursor.skipQuoted();
            cursor.skipSpace();
        } else {
            cursor.skipAll(Characters.NAME);
        }
        if (cursor.accept('<')) {
            var uriStart = cursor.position();
            if (!cursor.skipTo('>')) {
                throw new SyntaxException("a < without its >");
            }
            var end = cursor.position();
            cursor.seek(uriStart);
            var uri = uri(cursor, end, likely, longest);
            cursor.skip();
            return uri;
        }
        cursor.seek(start);
        while (!cursor.atEnd() && !cursor.at(';') && !cursor.at(',') && !cursor.at(' ') && !cursor.at('\t')) {
            if (cursor.at('?')) {
                throw new SyntaxException("a URI with a question mark that needs < and > around it");
            }
            cursor.skip();
        }
        var end = cursor.position();
        cursor.seek(start);
        return uri(cursor, end, likely, longest);
    }

    private static SipUri uri(Cursor cursor, int end, @Nullable SipUri likely, int longest) throws SyntaxException {
        if (end - cursor.position() > longest) {
            throw new SyntaxException("a URI longer than " + longest + " bytes");
        }
        return SipUri.read(cursor, end, likely);
    }
}
