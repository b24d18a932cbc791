package io.seatline.registration;

import static java.util.stream.Collectors.toMap;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Which accounts are online, asked for many at a time by pages that show it as it changes. */
public final class LivePhones {
    private final Jdbi jdbi;

    /** The phones in the database behind {@code jdbi}. */
    public LivePhones(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Those of the accounts that exist, whosesoever they are: the caller shows each to its owner alone. */
    public Map<UUID, LivePhone> read(Collection<UUID> accountIds) {
        if (accountIds.isEmpty()) {
            return Map.of();
        }
        return jdbi.withHandle(handle -> {
            try (var query = handle.createQuery("""
                            SELECT a.id, a.operator_id, a.customer_id, live.account_id IS NOT NULL AS online, live.user_agent,
                                host(live.source) AS source_address, live.transport
                            FROM sip_accounts a LEFT JOIN LATERAL (
                                SELECT b.account_id, b.user_agent, b.source, b.transport FROM bindings b
                                WHERE b.account_id = a.id AND b.expires_at > now()
                                ORDER BY b.refreshed_at DESC LIMIT 1) live ON true
                            WHERE a.id = ANY(:accounts)
                            """).bindArray("accounts", UUID.class, accountIds.toArray())) {
                return query.map((row, context) -> Map.entry(
                                row.getObject("id", UUID.class),
                                new LivePhone(
                                        row.getInt("operator_id"),
                                        row.getString("customer_id"),
                                        row.getBoolean("online"),
                                        row.getString("user_agent"),
                                        row.getString("source_address"),
                                        row.getString("transport"))))
                        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
            }
        });
    }
}
