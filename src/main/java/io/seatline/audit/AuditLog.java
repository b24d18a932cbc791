package io.seatline.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.OptionalLong;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads the audit table: an operator's entries, the newest first. */
public final class AuditLog {
    /**
     * A search reads no more entries at a time, however rare what it looks for: half a second. The next one goes on
     * behind them.
     */
    private static final int LOOKED_AT = 200_000;

    private static final String WITHIN = "operator_id = :operator AND at >= :from AND at < :to";

    /** By a thing's id, or by an account's username: its present one, or the one that the entry itself tells. */
    private static final String ABOUT = " AND (subject = :subject OR changes->'sip_device_route'->>0 = :subject"
            + " OR lower(changes->'username'->>0) = lower(:subject) OR lower(changes->'username'->>1) = lower(:subject)"
            + " OR coalesce(changes->'sip_device_route'->>0, subject) IN (SELECT id::text FROM sip_accounts"
            + " WHERE lower(username) = lower(:subject) AND operator_id = :operator))";

    private final Jdbi jdbi;
    private final int lookedAt;

    /** The log in the database behind {@code jdbi}. */
    public AuditLog(Jdbi jdbi) {
        this(jdbi, LOOKED_AT);
    }

    /** As above, with another number of entries that a search reads at a time. */
    public AuditLog(Jdbi jdbi, int lookedAt) {
        this.jdbi = jdbi;
        this.lookedAt = lookedAt;
    }

    /**
     * One change, by somebody, of one thing.
     *
     * @param source null for the command line, as is the request's id
     */
    public record Entry(
            long id,
            Instant at,
            String actor,
            @Nullable String source,
            @Nullable String requestId,
            String action,
            String type,
            String subject,
            List<Changes.Change> changes) {}

    /**
     * What to look for; empty texts ask for everything.
     *
     * @param from the first instant, to the one before {@code to}
     * @param actor what the name of who did it contains, in any case
     * @param subject the id of the thing, or the username of the account that it is or belongs to, in any case
     * @param text what the changes contain, in any case
     */
    public record Search(
            Instant from, Instant to, String actor, String type, String action, String subject, String text) {
        private boolean readsMany() {
            return !(actor + type + action + subject + text).isEmpty();
        }
    }

    /** Which way to read from an entry. */
    public enum Direction {
        OLDER,
        NEWER
    }

    /**
     * A page of entries.
     *
     * @param more whether there are more in the direction it was read
     * @param lookedBackTo the entry that the search got to, when it stopped before the beginning of its time
     */
    public record Page(List<Entry> entries, boolean more, OptionalLong lookedBackTo) {}

    /** The first page of a search. */
    public Page newest(int operatorId, Search search, int most) {
        return read(operatorId, search, OptionalLong.empty(), Direction.OLDER, most);
    }

    /** The page beyond the entry of that id. */
    public Page beyond(int operatorId, Search search, long id, Direction direction, int most) {
        return read(operatorId, search, OptionalLong.of(id), direction, most);
    }

    private Page read(int operatorId, Search search, OptionalLong beyond, Direction direction, int most) {
        var older = direction == Direction.OLDER;
        var order = older ? " ORDER BY at DESC, id DESC" : " ORDER BY at, id";
        var place = beyond.isEmpty()
                ? ""
                : " AND (at, id) " + (older ? "<" : ">")
                        + " (SELECT at, id FROM audit WHERE id = :beyond AND operator_id = :operator)";
        return jdbi.withHandle(handle -> {
            var limit = OptionalLong.empty();
            if (search.readsMany()) {
                // an index alone tells it
                limit = bound(
                                handle.createQuery("SELECT id FROM audit WHERE " + WITHIN + place + order + " OFFSET "
                                        + (lookedAt - 1) + " LIMIT 1"),
                                operatorId,
                                search,
                                beyond)
                        .mapTo(Long.class)
                        .stream()
                        .mapToLong(id -> id)
                        .findFirst();
            }
            var query = bound(
                    handle.createQuery(
                            "SELECT id, at, actor, host(source) AS source, request_id, action, type, subject, changes"
                                    + " FROM audit WHERE " + WITHIN + place
                                    + (limit.isEmpty()
                                            ? ""
                                            : " AND (at, id) " + (older ? ">=" : "<=")
                                                    + " (SELECT at, id FROM audit WHERE id = :limit)")
                                    + conditions(search) + order + " LIMIT " + (most + 1)),
                    operatorId,
                    search,
                    beyond);
            limit.ifPresent(id -> query.bind("limit", id));
            bindConditions(query, search);
            var found = query.map((row, context) -> entry(row)).list();
            var more = found.size() > most;
            var shown = more ? found.subList(0, most) : found;
            return new Page(
                    older ? List.copyOf(shown) : List.copyOf(shown.reversed()),
                    more,
                    more ? OptionalLong.empty() : limit);
        });
    }

    private static String conditions(Search search) {
        return (search.actor().isEmpty() ? "" : " AND actor ILIKE :actor")
                + (search.type().isEmpty() ? "" : " AND type = :type")
                + (search.action().isEmpty() ? "" : " AND action = :action")
                + (search.subject().isEmpty() ? "" : ABOUT)
                + (search.text().isEmpty() ? "" : " AND changes::text ILIKE :text");
    }

    private static void bindConditions(Query query, Search search) {
        if (!search.actor().isEmpty()) {
            query.bind("actor", containing(search.actor()));
        }
        if (!search.type().isEmpty()) {
            query.bind("type", search.type());
        }
        if (!search.action().isEmpty()) {
            query.bind("action", search.action());
        }
        if (!search.subject().isEmpty()) {
            query.bind("subject", search.subject());
        }
        if (!search.text().isEmpty()) {
            query.bind("text", containing(search.text()));
        }
    }

    private static String containing(String text) {
        return "%" + text.replaceAll("[\\\\%_]", "\\\\$0") + "%";
    }

    private static Query bound(Query query, int operatorId, Search search, OptionalLong beyond) {
        query.bind("operator", operatorId).bind("from", search.from()).bind("to", search.to());
        beyond.ifPresent(id -> query.bind("beyond", id));
        return query;
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("source"),
                row.getString("request_id"),
                row.getString("action"),
                row.getString("type"),
                row.getString("subject"),
                Changes.read(row.getString("changes")));
    }
}
