package io.seatline.customer;

import io.seatline.audit.Actor;
import io.seatline.audit.Audit;
import io.seatline.audit.Changes;
import io.seatline.jsonapi.ListRequest;
import io.seatline.listing.PageQuery;
import io.seatline.listing.PageQuery.Page;
import io.seatline.listing.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The customers table. */
public final class Customers {
    private static final PageQuery.Source<Customer> LISTED = new PageQuery.Source<>(
            "customers", "a.*", "", (row, context) -> read(row, ""), (scope, conditions) -> Optional.empty());

    private Customers() {}

    /** Reads a customer from columns that begin with {@code prefix}. */
    public static Customer read(ResultSet row, String prefix) throws SQLException {
        return new Customer(
                row.getString(prefix + "id"),
                row.getString(prefix + "name"),
                row.getString(prefix + "language"),
                number(row, prefix + "capacity_limit"),
                number(row, prefix + "sip_account_limit"),
                row.getLong(prefix + "version"));
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        var number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    /** A page of an operator's customers. */
    public static Page<Customer> list(Jdbi jdbi, int operatorId, ListRequest<Customer> request) {
        return PageQuery.read(jdbi, LISTED, request, Scope.operator(operatorId));
    }

    /** All of an operator's customers, by id. */
    public static List<Customer> all(Handle handle, int operatorId) {
        return handle.createQuery("SELECT * FROM customers WHERE operator_id = :operator ORDER BY id")
                .bind("operator", operatorId)
                .map((row, context) -> read(row, ""))
                .list();
    }

    /** The customer of that id. */
    public static Optional<Customer> find(Handle handle, int operatorId, String id) {
        return find(handle, operatorId, id, "");
    }

    /** The customer of that id, which nobody else changes, deletes or adds accounts to until the transaction ends. */
    public static Optional<Customer> lock(Handle handle, int operatorId, String id) {
        return find(handle, operatorId, id, " FOR UPDATE");
    }

    private static Optional<Customer> find(Handle handle, int operatorId, String id, String lock) {
        return handle.createQuery("SELECT * FROM customers WHERE operator_id = :operator AND id = :id" + lock)
                .bind("operator", operatorId)
                .bind("id", id)
                .map((row, context) -> read(row, ""))
                .findOne();
    }

    /** Adds a customer, whose version is ignored; empty when the id is taken. */
    public static Optional<Customer> create(Handle handle, int operatorId, Customer customer, Actor actor) {
        var created = bind(handle.createQuery("""
                                INSERT INTO customers (operator_id, id, name, language, capacity_limit, sip_account_limit)
                                VALUES (:operator, :id, :name, :language, :capacity, :accounts)
                                ON CONFLICT DO NOTHING RETURNING *
                                """), operatorId, customer)
                .map((row, context) -> read(row, ""))
                .findOne();
        created.ifPresent(after -> record(handle, actor, operatorId, "create", after.id(), changes(null, after)));
        return created;
    }

    /** Stores a customer's new state, if it differs from {@code before}, which is locked. */
    public static Customer update(Handle handle, int operatorId, Customer before, Customer after, Actor actor) {
        var changes = changes(before, after);
        if (changes.isEmpty()) {
            return before;
        }
        record(handle, actor, operatorId, "update", after.id(), changes);
        return bind(handle.createQuery("""
                                UPDATE customers SET name = :name, language = :language, capacity_limit = :capacity,
                                    sip_account_limit = :accounts, version = new_version()
                                WHERE operator_id = :operator AND id = :id RETURNING *
                                """), operatorId, after)
                .map((row, context) -> read(row, ""))
                .one();
    }

    /** Deletes a customer with its accounts, their registrations and its sessions. */
    public static void delete(Handle handle, int operatorId, Customer customer, Actor actor) {
        record(handle, actor, operatorId, "delete", customer.id(), changes(customer, null));
        handle.createUpdate("DELETE FROM customers WHERE operator_id = :operator AND id = :id")
                .bind("operator", operatorId)
                .bind("id", customer.id())
                .execute();
    }

    private static <S extends SqlStatement<S>> S bind(S statement, int operatorId, Customer customer) {
        return statement
                .bind("operator", operatorId)
                .bind("id", customer.id())
                .bind("name", customer.name())
                .bind("language", customer.language())
                .bind("capacity", customer.capacityLimit())
                .bind("accounts", customer.sipAccountLimit());
    }

    private static void record(Handle handle, Actor actor, int operatorId, String action, String id, Changes changes) {
        Audit.record(handle, actor, operatorId, action, CustomerType.CUSTOMERS.name(), id, changes);
    }

    private static Changes changes(@Nullable Customer before, @Nullable Customer after) {
        return new Changes()
                .add("name", before == null ? null : before.name(), after == null ? null : after.name())
                .add("language", before == null ? null : before.language(), after == null ? null : after.language())
                .add(
                        "capacity_limit",
                        before == null ? null : before.capacityLimit(),
                        after == null ? null : after.capacityLimit())
                .add(
                        "sip_account_limit",
                        before == null ? null : before.sipAccountLimit(),
                        after == null ? null : after.sipAccountLimit());
    }
}
