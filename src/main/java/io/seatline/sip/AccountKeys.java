package io.seatline.sip;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.seatline.account.AccountSettings;
import io.seatline.db.GroupedLookup;
import io.seatline.db.Notifications;
import io.seatline.secret.SealedText;
import io.seatline.sip.Digest.Ha1;
import java.net.InetAddress;
import java.util.Arrays;
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
 * What a registration is checked against: each account's digest keys and allow-list. Remembered, unknown usernames too, and
 * forgotten as soon as the account changes, on every node; while changes are not heard of, the database is asked each time.
 */
final class AccountKeys implements Notifications.Listener, AutoCloseable {
    /** The channel that says which username's account changed; empty for any. */
    static final String CHANNEL = "seatline_accounts";

    /** Accounts and entries of their allow-lists together, each some hundred bytes. */
    private static final int MOST = 150_000;

    private final Jdbi jdbi;
    private final SealedText passwords;
    private final String realm;
    private final BooleanSupplier hearsOfChanges;
    private final GroupedLookup<String, Keys> lookup = new GroupedLookup<>(this::read);

    /** By username in small letters. */
    private final Cache<String, Optional<Keys>> cache = Caffeine.newBuilder()
            .maximumWeight(MOST)
            .weigher((String key, Optional<Keys> found) ->
                    1 + found.map(keys -> keys.allowed().size()).orElse(0))
            .build();

    /** Counts what was heard: what was read before a change is not remembered after it. */
    private final AtomicLong changes = new AtomicLong();

    /**
     * One account's.
     *
     * @param version the account's when this was read
     * @param ha1 those of the username as it is stored
     * @param password sealed
     * @param allowed whence it may register; empty is nowhere, when {@code restricted}
     */
    record Keys(
            UUID accountId,
            String username,
            long version,
            Ha1 ha1,
            byte[] password,
            boolean restricted,
            List<IPAddress> allowed) {
        boolean allows(InetAddress source) {
            if (!restricted) {
                return true;
            }
            var address = new IPAddressString(source.getHostAddress()).getAddress();
            return allowed.stream().anyMatch(block -> block.contains(address));
        }
    }

    AccountKeys(Jdbi jdbi, SealedText passwords, String realm, BooleanSupplier hearsOfChanges) {
        this.jdbi = jdbi;
        this.passwords = passwords;
        this.realm = realm;
        this.hearsOfChanges = hearsOfChanges;
    }

    /** The keys of the account that {@code digestUsername} means, at once when they are remembered; fails as the database did. */
    CompletableFuture<Optional<Keys>> find(String digestUsername) {
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

    /** What a proof is checked with, in which the username is hashed as the phone writes it. */
    Ha1 ha1(Keys keys, String digestUsername) {
        return digestUsername.equals(keys.username())
                ? keys.ha1()
                : Ha1.of(digestUsername, realm, passwords.open(keys.password(), keys.accountId()));
    }

    private CompletableFuture<Optional<Keys>> remembered(String key) {
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
    void forget(String username) {
        heard(key(username));
    }

    @Override
    public void heard(String payload) {
        changes.incrementAndGet();
        if (payload.isEmpty()) {
            cache.invalidateAll();
        } else {
            cache.invalidate(payload);
        }
    }

    @Override
    public void missed() {
        heard("");
    }

    private Map<String, Keys> read(Set<String> usernames) {
        return jdbi.withHandle(handle -> {
            var found = new HashMap<String, Keys>();
            try (var query = handle.createQuery("""
                            SELECT lower(username) AS key, id, username, password, version, use_allowed_ips,
                                array_to_string(allowed_ips, ',') AS allowed_ips
                            FROM sip_accounts WHERE lower(username) = ANY(:usernames)
                            """).bindArray("usernames", String.class, List.copyOf(usernames))) {
                query.map((row, context) -> {
                            var id = row.getObject("id", UUID.class);
                            var username = row.getString("username");
                            var password = row.getBytes("password");
                            return Map.entry(
                                    row.getString("key"),
                                    new Keys(
                                            id,
                                            username,
                                            row.getLong("version"),
                                            Ha1.of(username, realm, passwords.open(password, id)),
                                            password,
                                            row.getBoolean("use_allowed_ips"),
                                            blocks(row.getString("allowed_ips"))));
                        })
                        .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
            }
            return found;
        });
    }

    private static List<IPAddress> blocks(String stored) {
        return Arrays.stream(stored.split(",", -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> new IPAddressString(entry).getAddress().toPrefixBlock())
                .toList();
    }

    @Override
    public void close() {
        lookup.close();
    }
}
