package io.seatline.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.seatline.secret.KeyedHash;
import io.seatline.secret.SecretKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Signed names of sessions: JWTs (RFC 7519) with HS256, whose {@code sub} is the customer, {@code jti} the session and
 * {@code aud} what it is good for. A link's token is not a browser's, nor the other way round.
 */
public final class SessionTokens {
    private static final int MAX_LENGTH = 2048;

    private final byte[] key;
    private final KeyedHash formTokens;

    /** What a token is good for. */
    public enum Use {
        /** To begin with, once or often until it expires. */
        LINK,
        /** To go on with in the customer's portal, in one browser. */
        BROWSER,
        /** To go on with in the operator's console, in one browser. */
        CONSOLE
    }

    /** Signs with a key of {@code secret}. */
    public SessionTokens(SecretKey secret) {
        this.key = secret.derive("session tokens");
        this.formTokens = new KeyedHash(secret, "form tokens");
    }

    /**
     * A new token.
     *
     * @param subject whose session it is: a customer's id, or a credential's username
     */
    public String issue(Use use, UUID session, String subject, Instant expires) {
        var token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject(subject)
                        .audience(use.name())
                        .jwtID(session.toString())
                        .expirationTime(Date.from(expires))
                        .build());
        try {
            token.sign(new MACSigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("a 32-byte key signs with HS256", e);
        }
        return token.serialize();
    }

    /** The session that {@code token} names, if it is one of ours, for that use, and not expired. */
    public Optional<UUID> read(Use use, String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            var jwt = SignedJWT.parse(token);
            if (!jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256) || !jwt.verify(new MACVerifier(key))) {
                return Optional.empty();
            }
            var claims = jwt.getJWTClaimsSet();
            var expires = claims.getExpirationTime();
            return expires != null
                            && expires.toInstant().isAfter(Instant.now())
                            && claims.getAudience().equals(List.of(use.name()))
                    ? Optional.of(UUID.fromString(claims.getJWTID()))
                    : Optional.empty();
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What the forms of a session's pages carry: known to nobody else, another in each session. */
    public String formToken(UUID session) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(formTokens.of(session.toString().getBytes(US_ASCII)));
    }
}
