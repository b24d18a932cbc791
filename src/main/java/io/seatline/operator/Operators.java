package io.seatline.operator;

import io.seatline.audit.Actor;
import io.seatline.audit.Audit;
import io.seatline.audit.Changes;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The operators table. */
public final class Operators {
    private Operators() {}

    /** Creates an operator; empty when the name is taken. */
    public static Optional<Operator> create(Handle handle, String name, Actor actor) {
        var created = handle.createQuery(
                        "INSERT INTO operators (name) VALUES (:name) ON CONFLICT DO NOTHING RETURNING *")
                .bind("name", name)
                .mapTo(Operator.class)
                .findOne();
        created.ifPresent(operator -> Audit.record(
                handle, actor, operator.id(), "create", "operators", name, new Changes().add("name", null, name)));
        return created;
    }

    /** The operator of that name. */
    public static Optional<Operator> find(Handle handle, String name) {
        return handle.createQuery("SELECT * FROM operators WHERE name = :name")
                .bind("name", name)
                .mapTo(Operator.class)
                .findOne();
    }

    /** All of them, by name. */
    public static List<Operator> all(Handle handle) {
        return handle.createQuery("SELECT * FROM operators ORDER BY name")
                .mapTo(Operator.class)
                .list();
    }

    /** Deletes an operator with all that is its own. */
    public static void delete(Handle handle, Operator operator, Actor actor) {
        Audit.record(
                handle,
                actor,
                operator.id(),
                "delete",
                "operators",
                operator.name(),
                new Changes().add("name", operator.name(), null));
        handle.createUpdate("DELETE FROM operators WHERE id = :id")
                .bind("id", operator.id())
                .execute();
    }
}
