package io.seatline.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * The value of From or To (RFC 3261 section 20.10).
 *
 * @param tag null when there is none
 */
public record NameAddress(SipUri uri, @Nullable String tag) {
    private static final Name TAG = Name.of("tag");

    /** Reads a whole header value. */
    static NameAddress read(Cursor cursor) throws SyntaxException {
        var uri = address(cursor);
        String tag = null;
        while (cursor.nextParameter()) {
            if (cursor.isName(TAG)) {
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
     * Reads {@code "Name" <uri>}, {@code Name <uri>} or a plain URI, and stops behind it. What follows a plain URI's
     * semicolon belongs to the header, and a plain URI with a question mark or a comma is not allowed (RFC 3261 section
     * 20).
     */
    static SipUri address(Cursor cursor) throws SyntaxException {
        var start = cursor.position();
        if (cursor.at('"')) {
            var _ = cursor.skipQuoted();
            cursor.skipSpace();
        } else {
            var _ = cursor.skipAll(Characters.NAME);
        }
        if (!cursor.accept('<')) {
            cursor.seek(start);
            var uri = SipUri.read(cursor, true);
            if (cursor.at('?')) {
                throw new SyntaxException("a URI with a question mark that needs < and > around it");
            }
            return uri;
        }
        var uri = SipUri.read(cursor, false);
        if (!cursor.accept('>')) {
            throw new SyntaxException(cursor.atEnd() ? "a < without its >" : "a character that a URI may not have");
        }
        return uri;
    }
}
