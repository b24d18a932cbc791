package io.seatline.operator;

import io.seatline.audit.Actor;
import io.seatline.audit.Audit;
import io.seatline.audit.Changes;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The credentials table. Its changes reach every node by a notification that the table itself sends. */
public final class Credentials {
    private static final String SELECT =
            "SELECT c.*, o.name AS operator FROM credentials c JOIN operators o ON o.id = c.operator_id ";

    /** What a log-in is checked against. */
    record Stored(int operatorId, String hash) {}

    private Credentials() {}

    /** Adds a credential; false when the username is taken. */
    public static boolean add(Handle handle, Operator operator, String username, String password, Actor actor) {
        var added = handle.createUpdate("""
                                INSERT INTO credentials (username, operator_id, hash)
                                VALUES (:username, :operator, :hash) ON CONFLICT DO NOTHING
                                """)
                        .bind("username", username)
                        .bind("operator", operator.id())
                        .bind("hash", PasswordHash.of(password))
                        .execute()
                == 1;
        if (added) {
            Audit.record(
                    handle,
                    actor,
                    operator.id(),
                    "create",
                    "credentials",
                    username,
                    new Changes().add("password", null, Changes.MASK));
        }
        return added;
    }

    /** Gives a credential a new password; false when there is none of that username. */
    public static boolean rotate(Handle handle, String username, String password, Actor actor) {
        var operatorId = handle.createQuery("""
                        UPDATE credentials SET hash = :hash, changed_at = now() WHERE username = :username
                        RETURNING operator_id
                        """)
                .bind("username", username)
                .bind("hash", PasswordHash.of(password))
                .mapTo(Integer.class)
                .findOne();
        operatorId.ifPresent(id -> Audit.record(
                handle,
                actor,
                id,
                "update",
                "credentials",
                username,
                new Changes().add("password", "(an earlier one)", Changes.MASK)));
        return operatorId.isPresent();
    }

    /** Takes a credential away, at once on every node; false when there is none of that username. */
    public static boolean revoke(Handle handle, String username, Actor actor) {
        var operatorId = handle.createQuery("DELETE FROM credentials WHERE username = :username RETURNING operator_id")
                .bind("username", username)
                .mapTo(Integer.class)
                .findOne();
        operatorId.ifPresent(id -> Audit.record(
                handle,
                actor,
                id,
                "delete",
                "credentials",
                username,
                new Changes().add("password", Changes.MASK, null)));
        return operatorId.isPresent();
    }

    /** Whether one can log in with this username and password. */
    public static boolean accepts(Handle handle, String username, String password) {
        return find(handle, username)
                .filter(stored -> PasswordHash.matches(password, stored.hash()))
                .isPresent();
    }

    /** The credentials of an operator, by username. */
    public static List<Credential> of(Handle handle, Operator operator) {
        return handle.createQuery(SELECT + "WHERE operator_id = :operator ORDER BY username")
                .bind("operator", operator.id())
                .mapTo(Credential.class)
                .list();
    }

    static Optional<Stored> find(Handle handle, String username) {
        return handle.createQuery("SELECT operator_id, hash FROM credentials WHERE username = :username")
                .bind("username", username)
                .map((row, context) -> new Stored(row.getInt(1), row.getString(2)))
                .findOne();
    }
}
