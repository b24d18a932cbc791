package io.seatline.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.seatline.account.SipAccount;
import io.seatline.audit.Actor;
import io.seatline.audit.Audit;
import io.seatline.audit.Changes;
import io.seatline.listing.Scope;
import io.seatline.secret.Hashes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** The provisioning_links table: who has such a link's token fetches an account's settings, once, whosesoever it is. */
public final class ProvisioningLinks {
    private static final String TYPE = "provisioning_links";
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final int TOKEN_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Jdbi jdbi;

    /** The links in the database behind {@code jdbi}. */
    public ProvisioningLinks(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * A new link's secret.
     *
     * @param token 32 random bytes as a query can have them
     */
    public record Made(String token, Instant expiresAt) {}

    /** The account that a link is for. */
    record Target(int operatorId, UUID accountId, String username) {}

    /** Makes a link to an account, which takes the place of an earlier one; empty when there is no such account. */
    public Optional<Made> make(Scope scope, SipAccount account, Actor actor) {
        var bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        var token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return jdbi.inTransaction(handle -> {
            var made = scope.bind(handle.createQuery("""
                            INSERT INTO provisioning_links (token_hash, account_id, expires_at)
                            SELECT :hash, a.id, now() + :seconds * interval '1 second'
                            FROM sip_accounts a WHERE a.id = :account AND %s
                            ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash,
                                expires_at = excluded.expires_at
                            RETURNING expires_at
                            """.formatted(scope.condition("a"))))
                    .bind("hash", hash(token))
                    .bind("account", account.id())
                    .bind("seconds", LIFETIME.toSeconds())
                    .mapTo(Instant.class)
                    .findOne();
            made.ifPresent(until -> Audit.record(
                    handle,
                    actor,
                    scope.operatorId(),
                    "create",
                    TYPE,
                    account.id().toString(),
                    new Changes().add("username", null, account.username()).add("expires_at", null, until)));
            return made.map(until -> new Made(token, until));
        });
    }

    /** Whether there is such a link; it stays. */
    boolean isThere(String token) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT FROM provisioning_links WHERE token_hash = :hash AND expires_at > now())")
                .bind("hash", hash(token))
                .mapTo(Boolean.class)
                .one());
    }

    /** Uses up a link: of several who do so at once, one is told whose it was. */
    Optional<Target> take(String token, Actor actor) {
        return jdbi.inTransaction(handle -> {
            var target = handle.createQuery("""
                            DELETE FROM provisioning_links l USING sip_accounts a
                            WHERE l.token_hash = :hash AND l.expires_at > now() AND a.id = l.account_id
                            RETURNING a.operator_id, a.id AS account_id, a.username
                            """)
                    .bind("hash", hash(token))
                    .mapTo(Target.class)
                    .findOne();
            target.ifPresent(taken -> Audit.record(
                    handle,
                    actor,
                    taken.operatorId(),
                    "fetch",
                    TYPE,
                    taken.accountId().toString(),
                    new Changes().add("username", taken.username(), null)));
            return target;
        });
    }

    private static byte[] hash(String token) {
        return Hashes.sha256(token.getBytes(US_ASCII));
    }
}
