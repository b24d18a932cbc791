package io.seatline.account;

import static java.util.stream.Collectors.toMap;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How many SIP accounts a customer has, and may have.
 *
 * @param limit null for no limit
 */
public record AccountQuota(long used, @Nullable Long limit) {
    /** Those of a customer that is not there. */
    private static final AccountQuota NONE = new AccountQuota(0, 0L);

    /** Whose accounts they are: an operator's customer. */
    public record Owner(int operatorId, String customerId) {}

    /** Whether the limit lets no other account in. A limit that was lowered below the number leaves what is there. */
    public boolean full() {
        return limit != null && used >= limit;
    }

    static AccountQuota read(Handle handle, Owner owner) {
        return read(handle, List.of(owner)).getOrDefault(owner, NONE);
    }

    static Map<Owner, AccountQuota> read(Handle handle, Collection<Owner> owners) {
        try (var query = handle.createQuery("""
                        SELECT c.operator_id, c.id, c.sip_account_limit, coalesce(k.accounts, 0) AS used
                        FROM unnest(:operators, :customers) AS asked (operator_id, id)
                        JOIN customers c ON c.operator_id = asked.operator_id AND c.id = asked.id
                        LEFT JOIN sip_account_counts k
                            ON k.operator_id = c.operator_id AND k.filter = 'customer.id' AND k.value = c.id
                        """)) {
            return query.bindArray(
                            "operators",
                            Integer.class,
                            owners.stream().map(Owner::operatorId).toArray())
                    .bindArray(
                            "customers",
                            String.class,
                            owners.stream().map(Owner::customerId).toArray())
                    .map((row, context) -> Map.entry(
                            new Owner(row.getInt("operator_id"), row.getString("id")),
                            new AccountQuota(row.getLong("used"), row.getObject("sip_account_limit", Long.class))))
                    .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }
}
