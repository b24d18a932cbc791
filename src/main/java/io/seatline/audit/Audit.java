package io.seatline.audit;

import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The audit table. Written in the transaction of the change itself: there is never the one without the other. */
public final class Audit {
    private Audit() {}

    /**
     * Records one change.
     *
     * @param operatorId whose data changed, null for the server's own
     * @param action "create", "update", "delete" …
     * @param type the kind of thing, as the API calls it
     * @param subject which one
     */
    public static void record(
            Handle handle,
            Actor actor,
            @Nullable Integer operatorId,
            String action,
            String type,
            String subject,
            Changes changes) {
        recordEach(handle, actor, operatorId, action, type, Map.of(subject, changes));
    }

    /** As {@link #record} for several of a kind, each with its changes. */
    public static void recordEach(
            Handle handle,
            Actor actor,
            @Nullable Integer operatorId,
            String action,
            String type,
            Map<String, Changes> changes) {
        if (changes.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("""
                INSERT INTO audit (operator_id, actor, source, request_id, action, type, subject, changes)
                VALUES (:operator, :actor, :source::inet, :request, :action, :type, :subject, :changes::jsonb)
                """);
        changes.forEach((subject, change) -> batch.bind("operator", operatorId)
                .bind("actor", actor.name())
                .bind("source", actor.source())
                .bind("request", actor.requestId())
                .bind("action", action)
                .bind("type", type)
                .bind("subject", subject)
                .bind("changes", change.json())
                .add());
        batch.execute();
    }
}
