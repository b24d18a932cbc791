package io.seatline.listing;

import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Whose rows a statement sees and changes: those of an operator, or of one of its customers only. It is part of the
 * statement, so that no caller has to look at what it gets.
 *
 * @param customerId empty for all of the operator's customers
 */
public record Scope(int operatorId, Optional<String> customerId) {
    /** All rows of an operator. */
    public static Scope operator(int id) {
        return new Scope(id, Optional.empty());
    }

    /** The rows of one customer. */
    public static Scope customer(int operatorId, String customerId) {
        return new Scope(operatorId, Optional.of(customerId));
    }

    /**
     * The condition on the table that is called {@code alias}, which has {@code operator_id} and {@code customer_id}.
     */
    public String condition(String alias) {
        return alias + ".operator_id = :operator"
                + (customerId.isPresent() ? " AND " + alias + ".customer_id = :customer" : "");
    }

    /** Binds what {@link #condition} names. */
    public <S extends SqlStatement<S>> S bind(S statement) {
        statement.bind("operator", operatorId);
        customerId.ifPresent(id -> statement.bind("customer", id));
        return statement;
    }
}
