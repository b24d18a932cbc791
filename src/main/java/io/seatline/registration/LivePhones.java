package io.seatline.registration;

import static java.util.stream.Collectors.toMap;

import io.seatline.account.AccountQuota.Owner;
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

    /** An account that its owner asks for. */
    public record Asked(Owner owner, UUID accountId) {}

    /** Those of the accounts that are their owner's. */
    public Map<Asked, LivePhone> read(Collection<Asked> asked) {
        if (asked.isEmpty()) {
            return Map.of();
        }
        return jdbi.withHandle(handle -> {
            try (var query = handle.createQuery("""
                            SELECT a.id, a.operator_id, a.customer_id, live.account_id IS NOT NULL AS online, live.user_agent,
                                host(live.source) AS source_address, live.transport
                            FROM unnest(:operators, :customers, :accounts) AS asked (operator_id, customer_id, id)
                            JOIN sip_accounts a USING (operator_id, customer_id, id) LEFT JOIN LATERAL (
                                SELECT b.account_id, b.user_agent, b.source, b.transport FROM bindings b
                                WHERE b.account_id = a.id AND b.expires_at > now()
                                ORDER BY b.refreshed_at DESC LIMIT 1) live ON true
                            """)) {
                return query.bindArray(
                                "operators",
                                Integer.class,
                                asked.stream()
                                        .map(one -> one.owner().operatorId())
                                        .toArray())
                        .bindArray(
                                "customers",
                                String.class,
                                asked.stream()
                                        .map(one -> one.owner().customerId())
                                        .toArray())
                        .bindArray(
                                "accounts",
                                UUID.class,
                                asked.stream().map(Asked::accountId).toArray())
                        .map((row, context) -> Map.entry(
                                new Asked(
                                        new Owner(row.getInt("operator_id"), row.getString("customer_id")),
                                        row.getObject("id", UUID.class)),
                                new LivePhone(
                                        row.getBoolean("online"),
                                        row.getString("user_agent"),
                                        row.getString("source_address"),
                                        row.getString("transport"))))
                        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
            }
        });
    }
}
