package io.seatline.sip.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.db.BatchLoader;
import io.seatline.db.Notifications;
import io.seatline.secret.SealedText;
import io.seatline.sip.auth.Digest.Algorithm;
import io.seatline.sip.auth.Digest.Ha1;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;

/**
 * What a registration is checked against: each account's digest keys and allow-list. Remembered, unknown usernames too,
 * and forgotten as soon as the account changes, on every node; while changes are not heard of, the database is asked
 * each time.
 */
public final class CredentialCache implements Notifications.Listener, AutoCloseable {
    /** The channel that says which username's account changed; empty for any. */
    public static final String CHANNEL = "seatline_accounts";

    /** Accounts and entries of their allow-lists together, each some hundred bytes. */
    private static final int MAX = 150_000;

    private final Jdbi jdbi;
    private final SealedText passwords;
    private final String usualRealm;
    private final BooleanSupplier hearsOfChanges;
    private final BatchLoader<String, PhoneCredentials> lookup = new BatchLoader<>(this::read);

    private final Ha1 nobody = Ha1.nobodys();

    /** By username in small letters. */
    private final Cache<String, Optional<PhoneCredentials>> cache = Caffeine.newBuilder()
            .maximumWeight(MAX)
            .weigher((String key, Optional<PhoneCredentials> found) ->
                    1 + found.map(keys -> keys.allowed().entries().size()).orElse(0))
            .build();

    /** Counts what was heard: what was read before a change is not remembered after it. */
    private final AtomicLong changes = new AtomicLong();

    /**
     * One account's.
     *
     * @param version the account's when this was read
     * @param realm what {@code ha1} is for, and the only one where the password is not known
     * @param ha1 those of the username as it is stored
     * @param password sealed; empty where it is not known
     * @param allowed whence it may register; empty is nowhere, when {@code restricted}
     * @param requiresSha256 whether MD5 proves nothing
     */
    public record PhoneCredentials(
            UUID accountId,
            String username,
            long version,
            String realm,
            Ha1 ha1,
            Optional<byte[]> password,
            boolean restricted,
            AllowList allowed,
            boolean requiresSha256) {
        /**
         * Whether what is proved with it can be checked: where the password is not known, it is the hash of MD5 that
         * is.
         */
        public boolean canCheck(Algorithm algorithm) {
            return algorithm == Algorithm.MD5 || password.isPresent();
        }

        public boolean allows(InetAddress source) {
            return !restricted || allowed.contains(source);
        }
    }

    public CredentialCache(Jdbi jdbi, SealedText passwords, String usualRealm, BooleanSupplier hearsOfChanges) {
        this.jdbi = jdbi;
        this.passwords = passwords;
        this.usualRealm = usualRealm;
        this.hearsOfChanges = hearsOfChanges;
    }

    /**
     * The keys of the account that {@code digestUsername} means, at once when they are remembered; fails as the
     * database did.
     */
    public CompletableFuture<Optional<PhoneCredentials>> find(String digestUsername) {
        var username = withoutDomain(digestUsername);
        return AccountSettings.isUsername(username)
                ? remembered(key(username))
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /** Many phones log in as {@code username@domain}, whatever domain that is: it is the realm that counts. */
    private static String withoutDomain(String digestUsername) {
        var at = digestUsername.indexOf('@');
        return at < 0 ? digestUsername : digestUsername.substring(0, at);
    }

    private static String key(String username) {
        return username.toLowerCase(Locale.ROOT);
    }

    /**
     * What a response is checked with, in which the username is hashed as the phone writes it; where nothing is known,
     * what nobody can know, so that the check costs the same.
     */
    public Ha1 ha1(Optional<PhoneCredentials> found, DigestResponse response) {
        return found.map(credentials -> ha1(credentials, response)).orElse(nobody);
    }

    private Ha1 ha1(PhoneCredentials credentials, DigestResponse response) {
        if (response.username().equals(credentials.username())
                && response.realm().equals(credentials.realm())) {
            return credentials.ha1();
        }
        return credentials
                .password()
                .map(kept ->
                        Ha1.of(response.username(), response.realm(), passwords.open(kept, credentials.accountId())))
                .orElse(nobody);
    }

    private CompletableFuture<Optional<PhoneCredentials>> remembered(String key) {
        if (!hearsOfChanges.getAsBoolean()) {
            return lookup.ask(key);
        }
        var known = cache.getIfPresent(key);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        var before = changes.get();
        return lookup.ask(key).thenApply(found -> {
            cache.put(key, found);
            if (changes.get() != before) {
                cache.invalidate(key);
            }
            return found;
        });
    }

    /** Forgets what is known of a username. */
    public void forget(String username) {
        onNotification(key(username));
    }

    @Override
    public void onNotification(String payload) {
        changes.incrementAndGet();
        if (payload.isEmpty()) {
            cache.invalidateAll();
        } else {
            cache.invalidate(payload);
        }
    }

    @Override
    public void onReconnect() {
        onNotification("");
    }

    private Map<String, PhoneCredentials> read(Set<String> usernames) {
        return jdbi.withHandle(handle -> {
            var found = new HashMap<String, PhoneCredentials>();
            try (var query = handle.createQuery("""
                            SELECT lower(username) AS key, id, username, password, ha1_realm, version, use_allowed_ips,
                                array_to_string(allowed_ips, ',') AS allowed_ips, require_sha256
                            FROM sip_accounts WHERE lower(username) = ANY(:usernames)
                            """).bindArray("usernames", String.class, List.copyOf(usernames))) {
                query.map((row, context) -> {
                            var id = row.getObject("id", UUID.class);
                            var username = row.getString("username");
                            var sealed = row.getBytes("password");
                            var opened = passwords.open(sealed, id);
                            var realm = row.getString("ha1_realm");
                            return Map.entry(
                                    row.getString("key"),
                                    new PhoneCredentials(
                                            id,
                                            username,
                                            row.getLong("version"),
                                            realm == null ? usualRealm : realm,
                                            realm == null ? Ha1.of(username, usualRealm, opened) : Ha1.ofMd5(opened),
                                            realm == null ? Optional.of(sealed) : Optional.empty(),
                                            row.getBoolean("use_allowed_ips"),
                                            AllowList.stored(row.getString("allowed_ips")),
                                            row.getBoolean("require_sha256")));
                        })
                        .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
            }
            return found;
        });
    }

    @Override
    public void close() {
        lookup.close();
    }
}
