package io.seatline.registration;

import com.github.f4b6a3.uuid.UuidCreator;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.seatline.db.BatchLoader;
import io.seatline.db.Notifications;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;

/**
 * Which sources an account accepts nothing from for a while. Kept in the database, where every node hears of it, and in
 * memory, where it costs nothing to look. A node that does not hear what changes, as when it has just started, looks
 * into the database each time. Of the whole server: the registrar asks about the account that a request claims to be.
 */
public final class BlockedSources implements Notifications.Listener, AutoCloseable {
    /** The channel that says what has changed; see the migration for its payload. */
    public static final String CHANNEL = "seatline_blocked_sources";

    /** More than these are a matter for a firewall. */
    private static final int MAX = 100_000;

    private static final int IPV6_PREFIX = 64;

    private final Jdbi jdbi;
    private final BooleanSupplier hearsOfChanges;
    private final BatchLoader<Blocked, Instant> lookup = new BatchLoader<>(this::read);
    private final Map<Blocked, Instant> until = new ConcurrentHashMap<>();

    /**
     * What fails together: an account and an IPv4 address or an IPv6 /64, of which a customer has at least one to
     * himself.
     */
    public record Blocked(UUID accountId, IPAddress source) {
        /** The pair that a failure counts for. */
        public static Blocked of(UUID accountId, InetAddress address) {
            var source = new IPAddressString(address.getHostAddress()).getAddress();
            return new Blocked(accountId, source.isIPv6() ? source.toPrefixBlock(IPV6_PREFIX) : source);
        }
    }

    /**
     * Those in the database behind {@code jdbi}.
     *
     * @param hearsOfChanges whether this is told of every change
     */
    public BlockedSources(Jdbi jdbi, BooleanSupplier hearsOfChanges) {
        this.jdbi = jdbi;
        this.hearsOfChanges = hearsOfChanges;
    }

    /** Whether all that are blocked are known here; if not, {@link #find} knows. */
    public boolean isComplete() {
        return hearsOfChanges.getAsBoolean();
    }

    /** Whether no source is known here to be blocked. */
    public boolean isEmpty() {
        return until.isEmpty();
    }

    /** Whether the source is blocked in the database; fails as that did. */
    public CompletableFuture<Boolean> find(Blocked blocked) {
        return lookup.ask(blocked).thenApply(Optional::isPresent);
    }

    /** Whether the source is known here to be blocked now. */
    public boolean contains(Blocked blocked) {
        var end = until.get(blocked);
        if (end != null && !end.isAfter(Instant.now())) {
            until.remove(blocked, end);
            return false;
        }
        return end != null;
    }

    /** Blocks a source for {@code time}, on every node. */
    public void add(Blocked blocked, Duration time) {
        if (until.size() >= MAX) {
            return;
        }
        var end = jdbi.withHandle(handle -> handle.createQuery("""
                        INSERT INTO blocked_sources (id, account_id, source, expires_at)
                        SELECT :id, a.id, :source::cidr, now() + :seconds * interval '1 second'
                        FROM sip_accounts a
                        WHERE a.id = :account
                        ON CONFLICT (account_id, source) DO UPDATE SET id = excluded.id, blocked_at = now(),
                            expires_at = excluded.expires_at
                        RETURNING expires_at
                        """)
                .bind("id", UuidCreator.getTimeOrderedEpoch())
                .bind("account", blocked.accountId())
                .bind("source", blocked.source().toCanonicalString())
                .bind("seconds", time.toSeconds())
                .mapTo(Instant.class)
                .findOne());
        end.ifPresent(expiry -> until.put(blocked, expiry));
    }

    @Override
    public void onNotification(String payload) {
        var parts = payload.split(" ", -1);
        var blocked = new Blocked(UUID.fromString(parts[1]), source(parts[2]));
        if (parts[0].equals("+")) {
            until.put(blocked, Instant.ofEpochSecond(Long.parseLong(parts[3])));
        } else {
            until.remove(blocked);
        }
    }

    @Override
    public void onReconnect() {
        var read = jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT account_id, source::text AS source, expires_at FROM blocked_sources
                        WHERE expires_at > now() ORDER BY expires_at DESC LIMIT :most
                        """)
                .bind("most", MAX)
                .reduceRows(new HashMap<Blocked, Instant>(), BlockedSources::collect));
        until.keySet().retainAll(read.keySet());
        until.putAll(read);
    }

    private Map<Blocked, Instant> read(Set<Blocked> asked) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT account_id, source::text AS source, expires_at FROM blocked_sources
                        JOIN unnest(:accounts, :sources::cidr[]) AS asked (account, network)
                            ON account_id = asked.account AND source = asked.network
                        WHERE expires_at > now()
                        """)
                .bindArray(
                        "accounts",
                        UUID.class,
                        asked.stream().map(Blocked::accountId).toList())
                .bindArray(
                        "sources",
                        String.class,
                        asked.stream()
                                .map(blocked -> blocked.source().toCanonicalString())
                                .toList())
                .reduceRows(new HashMap<Blocked, Instant>(), BlockedSources::collect));
    }

    private static <M extends Map<Blocked, Instant>> M collect(M found, RowView row) {
        found.put(
                new Blocked(row.getColumn("account_id", UUID.class), source(row.getColumn("source", String.class))),
                row.getColumn("expires_at", Instant.class));
        return found;
    }

    @Override
    public void close() {
        lookup.close();
    }

    /** The address or block as {@link Blocked#of} has it: an IPv4 one without its prefix of 32. */
    private static IPAddress source(String stored) {
        var source = new IPAddressString(stored).getAddress();
        return source.isIPv4() ? source.withoutPrefixLength() : source;
    }
}
