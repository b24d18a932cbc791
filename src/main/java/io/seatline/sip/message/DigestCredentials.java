package io.seatline.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * An Authorization header of the scheme Digest (RFC 7616 section 3.4, RFC 8760). Values are without quotes and escapes,
 * otherwise as sent and not checked; null where the parameter is absent. The name is at most 320 characters long.
 */
public record DigestCredentials(
        @Nullable String username,
        @Nullable String realm,
        @Nullable String nonce,
        @Nullable String uri,
        @Nullable String response,
        @Nullable String algorithm,
        @Nullable String cnonce,
        @Nullable String opaque,
        @Nullable String qop,
        @Nullable String nc) {
    @Override
    public String toString() {
        // Nonce and response together would let a reader of a log try passwords.
        return "DigestCredentials[username=" + username + ", realm=" + realm + "]";
    }
}
