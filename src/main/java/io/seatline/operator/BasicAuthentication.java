package io.seatline.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.secret.KeyedHash;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import inet.ipaddr.IPAddress;
import io.seatline.api.Authenticator;
import io.seatline.api.Principal;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiException;
import io.seatline.operator.Credentials.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * HTTP Basic (RFC 7617) against the credentials table. A verified header is remembered, as an HMAC under a key that only this
 * process has, so that a request does not pay for the hash. What is remembered counts only while the server hears of changes to
 * the credentials; while it does not, the stored hash is compared each time.
 */
public final class BasicAuthentication implements Authenticator {
    private static final String SCHEME = "Basic ";
    private static final int MAXIMUM_HEADER = 2048;

    /** No credential has a longer one. Failures are counted by it, and what is counted is kept: a form has room for 64 kB. */
    private static final int MAXIMUM_USERNAME = 64;

    private final Jdbi jdbi;
    private final BooleanSupplier hearsOfChanges;
    private final KeyedHash cacheHash = KeyedHash.ofThisProcess();
    private final LoginThrottle throttle = new LoginThrottle();
    private final Cache<String, Principal> verified = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    private record Login(String username, String password) {}

    /**
     * Checks against the database behind {@code jdbi}.
     *
     * @param hearsOfChanges whether {@link #forget} will be called for every change
     */
    public BasicAuthentication(Jdbi jdbi, BooleanSupplier hearsOfChanges) {
        this.jdbi = jdbi;
        this.hearsOfChanges = hearsOfChanges;
    }

    /** Forgets what was verified: some credential has changed. */
    public void forget() {
        verified.invalidateAll();
    }

    @Override
    public Principal authenticate(@Nullable String authorization, IPAddress source) {
        return authenticate(parse(authorization).orElseThrow(BasicAuthentication::refused), source);
    }

    /** As {@link #authenticate(String, IPAddress)}, of what was typed into a form. */
    public Principal authenticate(String username, String password, IPAddress source) {
        return authenticate(new Login(username, password), source);
    }

    private Principal authenticate(Login login, IPAddress source) {
        if (login.username().length() > MAXIMUM_USERNAME) {
            throw refused();
        }
        var attempts = throttle.attempts(login.username(), source);
        attempts.check();
        var key = HexFormat.of()
                .formatHex(cacheHash.of((login.username() + ":" + login.password()).getBytes(UTF_8)));
        var known = remembered(key, login);
        if (known.isPresent()) {
            return known.get();
        }
        // One at a time for each username and source: the limit is exact, and requests at the same time hash once.
        synchronized (attempts.lock()) {
            attempts.check();
            return remembered(key, login).orElseGet(() -> verify(login, key, attempts));
        }
    }

    private Optional<Principal> remembered(String key, Login login) {
        var known = verified.getIfPresent(key);
        if (known == null) {
            return Optional.empty();
        }
        if (!hearsOfChanges.getAsBoolean()
                && stored(login)
                        .filter(stored -> stored.hash().equals(known.hash()))
                        .isEmpty()) {
            verified.invalidate(key);
            return Optional.empty();
        }
        return Optional.of(known);
    }

    private Principal verify(Login login, String key, LoginThrottle.Attempts attempts) {
        attempts.begin();
        var stored = stored(login);
        var matches =
                PasswordHash.matches(login.password(), stored.map(Stored::hash).orElse(PasswordHash.NOBODY));
        if (!matches || stored.isEmpty()) {
            attempts.failed();
            throw refused();
        }
        attempts.succeeded();
        var principal = new Principal(
                stored.get().operatorId(), login.username(), stored.get().hash());
        verified.put(key, principal);
        return principal;
    }

    private Optional<Stored> stored(Login login) {
        return jdbi.withHandle(handle -> Credentials.find(handle, login.username()));
    }

    private static Optional<Login> parse(@Nullable String authorization) {
        if (authorization == null
                || authorization.length() > MAXIMUM_HEADER
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        try {
            var bytes = Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip());
            var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            var colon = text.indexOf(':');
            return colon < 0 || text.indexOf('\0') >= 0
                    ? Optional.empty()
                    : Optional.of(new Login(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static ApiException refused() {
        return new ApiException(ApiError.unauthenticated());
    }

}
