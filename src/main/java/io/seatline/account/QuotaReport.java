package io.seatline.account;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * How many customers and accounts an operator has, and which customers have no seat left.
 *
 * @param fullCustomers how many customers have as many accounts as they may, or more
 * @param fullest the fullest of them
 */
public record QuotaReport(long customers, long accounts, long fullCustomers, List<Full> fullest) {
    /** A customer who can create no account. */
    public record Full(String customerId, String name, long accounts, long limit) {}

    /**
     * Reads it: from the counts that are kept, not from the accounts.
     *
     * @param most how many of the full customers to name
     */
    public static QuotaReport read(Jdbi jdbi, int operatorId, int most) {
        return jdbi.withHandle(handle -> {
            var full = new long[1];
            var fullest = handle.createQuery("""
                            SELECT c.id, c.name, k.accounts, c.sip_account_limit, count(*) OVER () AS of_them
                            FROM customers c JOIN sip_account_counts k
                                ON (k.operator_id, k.filter, k.value) = (c.operator_id, 'customer.id', c.id)
                            WHERE c.operator_id = :operator AND k.accounts >= c.sip_account_limit
                            ORDER BY k.accounts - c.sip_account_limit DESC, c.id LIMIT :most
                            """)
                    .bind("operator", operatorId)
                    .bind("most", most)
                    .map((row, context) -> {
                        full[0] = row.getLong("of_them");
                        return new Full(
                                row.getString("id"),
                                row.getString("name"),
                                row.getLong("accounts"),
                                row.getLong("sip_account_limit"));
                    })
                    .list();
            var counts = handle.createQuery("""
                            SELECT (SELECT count(*) FROM customers WHERE operator_id = :operator), coalesce((
                                SELECT accounts FROM sip_account_counts
                                WHERE (operator_id, filter, value) = (:operator, '', '')), 0)
                            """)
                    .bind("operator", operatorId)
                    .map((row, context) -> new long[] {row.getLong(1), row.getLong(2)})
                    .one();
            return new QuotaReport(counts[0], counts[1], full[0], fullest);
        });
    }
}
