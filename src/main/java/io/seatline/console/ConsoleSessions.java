package io.seatline.console;

import io.seatline.api.Principal;
import io.seatline.audit.Actor;
import io.seatline.audit.Audit;
import io.seatline.audit.Changes;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** The console_sessions table. A session ends with its credential, and when that gets another password. */
final class ConsoleSessions {
    private final Jdbi jdbi;

    ConsoleSessions(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A session that has not ended. */
    record Session(UUID id, int operatorId, String operatorName, String username, String hash) {}

    /**
     * Begins a session of a credential that has been verified.
     *
     * @return false when it has gone or got another password since
     */
    boolean begin(UUID id, Principal principal, Instant expires, Actor actor) {
        return jdbi.inTransaction(handle -> {
            handle.execute("DELETE FROM console_sessions WHERE expires_at < now()");
            var begun = handle.createUpdate("""
                            INSERT INTO console_sessions (id, username, hash, expires_at)
                            SELECT :id, username, hash, :expires FROM credentials
                            WHERE username = :username AND hash = :hash FOR NO KEY UPDATE
                            """)
                    .bind("id", id)
                    .bind("expires", Timestamp.from(expires))
                    .bind("username", principal.username())
                    .bind("hash", principal.hash())
                    .execute();
            if (begun == 0) {
                return false;
            }
            Audit.record(
                    handle, actor, principal.operatorId(), "create", "console_sessions", actor.name(), new Changes());
            return true;
        });
    }

    Optional<Session> find(UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT s.id, c.operator_id, o.name, c.username, c.hash
                        FROM console_sessions s
                        JOIN credentials c ON c.username = s.username AND c.hash = s.hash
                        JOIN operators o ON o.id = c.operator_id
                        WHERE s.id = :id AND s.expires_at > now()
                        """)
                .bind("id", id)
                .map((row, context) -> new Session(
                        row.getObject("id", UUID.class),
                        row.getInt("operator_id"),
                        row.getString("name"),
                        row.getString("username"),
                        row.getString("hash")))
                .findOne());
    }

    void end(UUID id) {
        jdbi.useHandle(handle -> handle.createUpdate("DELETE FROM console_sessions WHERE id = :id")
                .bind("id", id)
                .execute());
    }
}
