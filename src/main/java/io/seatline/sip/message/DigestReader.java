package io.seatline.sip.message;

import org.jspecify.annotations.Nullable;

/** Reads the parameters of Digest credentials. */
final class DigestReader {
    private static final Name DIGEST = Name.of("digest");
    private static final Name USERNAME = Name.of("username");
    private static final Name REALM = Name.of("realm");
    private static final Name NONCE = Name.of("nonce");
    private static final Name URI = Name.of("uri");
    private static final Name RESPONSE = Name.of("response");
    private static final Name ALGORITHM = Name.of("algorithm");
    private static final Name CNONCE = Name.of("cnonce");
    private static final Name OPAQUE = Name.of("opaque");
    private static final Name QOP = Name.of("qop");
    private static final Name NC = Name.of("nc");

    /** An account's, an @, and a domain. */
    private static final int MAX_USERNAME = 64 + 1 + 255;

    private DigestReader() {}

    /** Reads the value of an Authorization header; null when its scheme is another one. */
    static @Nullable DigestCredentials read(Cursor cursor) throws SyntaxException {
        if (!cursor.readName()) {
            throw new SyntaxException("no scheme");
        }
        if (!cursor.isName(DIGEST)) {
            return null;
        }
        cursor.skipSpace();
        return parameters(cursor);
    }

    private static DigestCredentials parameters(Cursor cursor) throws SyntaxException {
        String username = null;
        String realm = null;
        String nonce = null;
        String uri = null;
        String response = null;
        String algorithm = null;
        String cnonce = null;
        String opaque = null;
        String qop = null;
        String nc = null;
        do {
            cursor.readParameter();
            if (cursor.isName(USERNAME)) {
                username = once(username, cursor.repeatedValue());
            } else if (cursor.isName(REALM)) {
                realm = once(realm, cursor.sharedValue());
            } else if (cursor.isName(NONCE)) {
                nonce = once(nonce, cursor.value());
            } else if (cursor.isName(URI)) {
                uri = once(uri, cursor.sharedValue());
            } else if (cursor.isName(RESPONSE)) {
                response = once(response, cursor.value());
            } else if (cursor.isName(ALGORITHM)) {
                algorithm = once(algorithm, cursor.sharedValue());
            } else if (cursor.isName(CNONCE)) {
                cnonce = once(cnonce, cursor.value());
            } else if (cursor.isName(OPAQUE)) {
                opaque = once(opaque, cursor.sharedValue());
            } else if (cursor.isName(QOP)) {
                qop = once(qop, cursor.sharedValue());
            } else if (cursor.isName(NC)) {
                nc = once(nc, cursor.sharedValue());
            }
        } while (cursor.acceptSeparator(','));
        cursor.expectEnd();
        if (username != null && username.length() > MAX_USERNAME) {
            throw new SyntaxException("a username longer than " + MAX_USERNAME + " characters");
        }
        return new DigestCredentials(username, realm, nonce, uri, response, algorithm, cnonce, opaque, qop, nc);
    }

    private static String once(@Nullable String earlier, @Nullable String value) throws SyntaxException {
        if (value == null) {
            throw new SyntaxException("a parameter without its value");
        }
        if (earlier != null) {
            throw new SyntaxException("a parameter given twice");
        }
        return value;
    }
}
