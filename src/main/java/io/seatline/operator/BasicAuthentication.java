package io.seatline.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import inet.ipaddr.IPAddress;
import io.seatline.api.Authenticator;
import io.seatline.api.Principal;
import io.seatline.operator.Credentials.Stored;
import io.seatline.secret.KeyedHash;
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
 * HTTP Basic (RFC 7617) against the credentials table. A verified header is remembered, as an HMAC under a key that
 * only this process has, so that a request does not pay for the hash. What is remembered counts only while the server
 * hears of changes to the credentials; while it does not, the stored hash is compared each time.
 */
public final class BasicAuthentication implements Authenticator {
    private static final String SCHEME = "Basic ";
    private static final int MAX_HEADER = 2048;

    private final Jdbi jdbi;
    private final BooleanSupplier hearsOfChanges;
    private final KeyedHash cacheHash = KeyedHash.ofThisProcess();
    private final LoginThrottle throttle = new LoginThrottle();
    private final Cache<String, Principal> verified = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    private record UserPass(String username, String password) {}

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
    public Result authenticate(@Nullable String authorization, IPAddress source) {
        return parse(authorization).map(given -> authenticate(given, source)).orElseGet(Result.Refused::new);
    }

    /** As {@link #authenticate(String, IPAddress)}, of what was typed into a form. */
    public Result authenticate(String username, String password, IPAddress source) {
        return authenticate(new UserPass(username, password), source);
    }

    private Result authenticate(UserPass given, IPAddress source) {
        // failures are counted by it, and what is counted is kept: a form has room for 64 kB
        if (given.username().length() > Credential.MAX_USERNAME) {
            return new Result.Refused();
        }
        var attempts = throttle.attempts(given.username(), source);
        var key = HexFormat.of().formatHex(cacheHash.of((given.username() + ":" + given.password()).getBytes(UTF_8)));
        var known = known(given, key, attempts);
        if (known.isPresent()) {
            return known.get();
        }
        // One at a time for each username and source: the limit is exact, and requests at the same time hash once.
        synchronized (attempts.lock()) {
            return known(given, key, attempts).orElseGet(() -> verify(given, key, attempts));
        }
    }

    /** What can be said without the hash. */
    private Optional<Result> known(UserPass given, String key, LoginThrottle.Attempts attempts) {
        return attempts.blocked().or(() -> remembered(key, given).map(Result.Authenticated::new));
    }

    private Optional<Principal> remembered(String key, UserPass given) {
        var known = verified.getIfPresent(key);
        if (known == null) {
            return Optional.empty();
        }
        if (!hearsOfChanges.getAsBoolean()
                && stored(given)
                        .filter(stored -> stored.hash().equals(known.hash()))
                        .isEmpty()) {
            verified.invalidate(key);
            return Optional.empty();
        }
        return Optional.of(known);
    }

    private Result verify(UserPass given, String key, LoginThrottle.Attempts attempts) {
        var tooMany = attempts.begin();
        if (tooMany.isPresent()) {
            return tooMany.get();
        }
        var stored = stored(given);
        var matches =
                PasswordHash.matches(given.password(), stored.map(Stored::hash).orElse(PasswordHash.NOBODY));
        if (!matches || stored.isEmpty()) {
            attempts.failed();
            return new Result.Refused();
        }
        attempts.succeeded();
        var principal = new Principal(
                stored.get().operatorId(), given.username(), stored.get().hash());
        verified.put(key, principal);
        return new Result.Authenticated(principal);
    }

    private Optional<Stored> stored(UserPass given) {
        return jdbi.withHandle(handle -> Credentials.find(handle, given.username()));
    }

    private static Optional<UserPass> parse(@Nullable String authorization) {
        if (authorization == null
                || authorization.length() > MAX_HEADER
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
                    : Optional.of(new UserPass(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
