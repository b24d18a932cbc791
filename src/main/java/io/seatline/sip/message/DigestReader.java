package io.seatline.sip.message;

import org.jspecify.annotations.Nullable;

/** Reads the parameters of Digest credentials. */
final class DigestReader {
    private static final int LONGEST_USERNAME = 64;

    private @Nullable String username;
    private @Nullable String realm;
    private @Nullable String nonce;
    private @Nullable String uri;
    private @Nullable String response;
    private @Nullable String algorithm;
    private @Nullable String cnonce;
    private @Nullable String opaque;
    private @Nullable String qop;
    private @Nullable String nc;

    /** Reads the value of an Authorization header; null when its scheme is another one. */
    static @Nullable DigestCredentials read(Cursor cursor) throws SyntaxException {
        var start = cursor.position();
        if (!cursor.skipAll(Characters.TOKEN)) {
            throw new SyntaxException("no scheme");
        }
        if (!cursor.matches(start, cursor.position(), "digest")) {
            return null;
        }
        return new DigestReader().parameters(cursor);
    }

    private DigestCredentials parameters(Cursor cursor) throws SyntaxException {
        cursor.skipSpace();
        do {
            cursor.readParameter();
            parameter(cursor);
        } while (cursor.acceptSeparator(','));
        cursor.expectEnd();
        return new DigestCredentials(username, realm, nonce, uri, response, algorithm, cnonce, opaque, qop, nc);
    }

    private void parameter(Cursor cursor) throws SyntaxException {
        var value = cursor.value();
        if (value == null) {
            throw new SyntaxException("a parameter without its value");
        }
        if (cursor.isParameter("username")) {
            username = once(username, value);
            if (value.length() > LONGEST_USERNAME) {
                throw new SyntaxException("a username longer than " + LONGEST_USERNAME + " characters");
            }
        } else if (cursor.isParameter("realm")) {
            realm = once(realm, value);
        } else if (cursor.isParameter("nonce")) {
            nonce = once(nonce, value);
        } else if (cursor.isParameter("uri")) {
            uri = once(uri, value);
        } else if (cursor.isParameter("response")) {
            response = once(response, value);
        } else if (cursor.isParameter("algorithm")) {
            algorithm = once(algorithm, value);
        } else if (cursor.isParameter("cnonce")) {
            cnonce = once(cnonce, value);
        } else if (cursor.isParameter("opaque")) {
            opaque = once(opaque, value);
        } else if (cursor.isParameter("qop")) {
            qop = once(qop, value);
        } else if (cursor.isParameter("nc")) {
            nc = once(nc, value);
        }
    }

    private static String once(@Nullable String earlier, String value) throws SyntaxException {
        if (earlier != null) {
            throw new SyntaxException("a parameter given twice");
        }
        return value;
    }
}
