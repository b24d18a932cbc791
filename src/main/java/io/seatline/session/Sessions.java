package io.seatline.session;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.seatline.audit.Audit;
import io.seatline.audit.Changes;
import io.seatline.customer.Customers;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The sessions table. A customer has one session, and a new one ends it; the operator's staff may have several beside
 * it. By its id, which a signed token names, a session is found on the whole server: it tells whose the request is.
 */
public final class Sessions {
    private final Jdbi jdbi;

    /** The sessions in the database behind {@code jdbi}. */
    public Sessions(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Begins a session, which lasts until {@code expires} unless it is used; false when there is no such customer.
     *
     * @throws ApiException 401 when the opener's credential has gone or got another password since it was verified
     */
    public boolean begin(UUID id, Opener opener, String customerId, boolean admin, Instant expires) {
        return jdbi.inTransaction(handle -> {
            handle.execute("DELETE FROM sessions WHERE expires_at < now()");
            hold(handle, opener);
            if (Customers.lock(handle, opener.operatorId(), customerId).isEmpty()) {
                return false;
            }
            handle.createUpdate("""
                            INSERT INTO sessions (id, operator_id, customer_id, admin, opened_by, expires_at)
                            VALUES (:id, :operator, :customer, :admin, :opener, :expires)
                            ON CONFLICT (operator_id, customer_id) WHERE NOT admin
                            DO UPDATE SET id = excluded.id, opened_by = excluded.opened_by,
                                expires_at = excluded.expires_at
                            """)
                    .bind("id", id)
                    .bind("operator", opener.operatorId())
                    .bind("customer", customerId)
                    .bind("admin", admin)
                    .bind("opener", opener.actor().name())
                    .bind("expires", Timestamp.from(expires))
                    .execute();
            Audit.record(
                    handle,
                    opener.actor(),
                    opener.operatorId(),
                    "create",
                    admin ? "customer_admin_sessions" : "sessions",
                    customerId,
                    new Changes());
            return true;
        });
    }

    /**
     * A change of the credential waits until the session is there, and ends it. Not a shared lock: where those follow
     * closely, the change would never have its turn.
     */
    private static void hold(Handle handle, Opener opener) {
        opener.hash().ifPresent(hash -> {
            var held = handle.createQuery(
                            "SELECT 1 FROM credentials WHERE username = :username AND hash = :hash FOR NO KEY UPDATE")
                    .bind("username", opener.actor().name())
                    .bind("hash", hash)
                    .mapTo(Integer.class)
                    .findOne();
            if (held.isEmpty()) {
                throw new ApiException(ApiError.unauthenticated());
            }
        });
    }

    /** Keeps a session that has been entered for {@code lifetime}; empty when it has ended or was replaced. */
    public Optional<Session> enter(UUID id, Duration lifetime) {
        return jdbi.inTransaction(handle -> {
            handle.createUpdate("""
                            UPDATE sessions SET expires_at = greatest(expires_at, :until)
                            WHERE id = :id AND expires_at > now()
                            """)
                    .bind("id", id)
                    .bind("until", Timestamp.from(Instant.now().plus(lifetime)))
                    .execute();
            return find(handle, id);
        });
    }

    /** The session of that id, if it has not ended. */
    public Optional<Session> find(UUID id) {
        return jdbi.withHandle(handle -> find(handle, id));
    }

    /** Those of the sessions that have not ended. */
    public Set<UUID> alive(Collection<UUID> ids) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT id FROM sessions WHERE id = ANY(:ids) AND expires_at > now()")
                        .bindArray("ids", UUID.class, ids.toArray())
                        .mapTo(UUID.class)
                        .collect(toUnmodifiableSet()));
    }

    /** How many sessions and unused links of a customer have not ended, the customer's own and the staff's. */
    public static long count(Handle handle, int operatorId, String customerId) {
        return handle.createQuery("""
                        SELECT count(*) FROM sessions
                        WHERE operator_id = :operator AND customer_id = :customer AND expires_at > now()
                        """)
                .bind("operator", operatorId)
                .bind("customer", customerId)
                .mapTo(Long.class)
                .one();
    }

    /** Ends a session, in every browser that has it. */
    public void end(UUID id) {
        jdbi.useHandle(handle -> handle.createUpdate("DELETE FROM sessions WHERE id = :id")
                .bind("id", id)
                .execute());
    }

    private static Optional<Session> find(Handle handle, UUID id) {
        return handle.createQuery("""
                        SELECT s.id, s.operator_id, s.customer_id, s.admin, s.opened_by, c.name AS customer_name, c.language
                        FROM sessions s JOIN customers c ON c.operator_id = s.operator_id AND c.id = s.customer_id
                        WHERE s.id = :id AND s.expires_at > now()
                        """).bind("id", id).mapTo(Session.class).findOne();
    }
}
