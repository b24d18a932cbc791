package io.seatline.listing;

import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.ListRequest.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Reads one page of an operator's or a customer's records and the exact number of all that match, from one snapshot.
 *
 * <p>Usually in one statement. Far from the start, the number is read first, and a page in the second half is found by
 * counting from the end, so that the last page costs what the first does.
 *
 * <p>Limits and offsets stand in the statement as literals: a prepared statement's generic plan would otherwise be made
 * for a limit nobody knows, and sort the whole table for fifty rows.
 */
public final class PageQuery<T> {
    /** From this offset on, one more statement is worth what it saves. */
    private static final long FAR = 1000;

    private final Source<T> source;
    private final ListRequest<T> request;
    private final Scope scope;
    private final String where;

    /**
     * Where the rows of a type come from.
     *
     * @param table the table, or a query in parentheses, which the type's columns call {@code a}; it has {@code id} and
     *     what the scope is told by
     * @param columns what {@code mapper} reads, of {@code a} and {@code joins}
     * @param joins what to join to a page's rows, each giving exactly one
     * @param counts a subquery for the number of matches, for those requests whose number is kept
     */
    public record Source<T>(String table, String columns, String joins, RowMapper<T> mapper, KeptCounts counts) {}

    /** Numbers that are kept, instead of counted when they are asked for. */
    @FunctionalInterface
    public interface KeptCounts {
        /** An SQL expression, which may use what the scope binds and the values of the one condition as {@code :f0}. */
        Optional<String> expression(Scope scope, List<Condition> conditions);
    }

    /** A page's rows, and how many there are on all pages. */
    public record Page<T>(List<T> rows, long recordCount) {}

    private PageQuery(Source<T> source, ListRequest<T> request, Scope scope) {
        this.source = source;
        this.request = request;
        this.scope = scope;
        this.where = scope.condition("a") + conditions();
    }

    /** Reads the page that {@code request} asks for. */
    public static <T> Page<T> read(Jdbi jdbi, Source<T> source, ListRequest<T> request, Scope scope) {
        var query = new PageQuery<>(source, request, scope);
        return request.offset() < FAR
                ? jdbi.withHandle(query::near)
                : jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, query::far);
    }

    private Page<T> near(Handle handle) {
        var sql = select(false, request.size(), request.offset(), ", (" + count() + ") AS record_count");
        try (var query = bound(handle, sql)) {
            var page = query.scanResultSet((results, context) -> {
                var rows = new ArrayList<T>();
                var count = 0L;
                var result = results.get();
                var mapper = source.mapper().specialize(result, context);
                while (result.next()) {
                    count = result.getLong("record_count");
                    rows.add(mapper.map(result, context));
                }
                return new Page<>(rows, count);
            });
            return page.rows().isEmpty() && request.offset() > 0 ? new Page<>(List.of(), readCount(handle)) : page;
        }
    }

    private Page<T> far(Handle handle) {
        var count = readCount(handle);
        if (request.offset() >= count) {
            return new Page<>(List.of(), count);
        }
        var size = Math.min(request.size(), count - request.offset());
        var after = count - request.offset() - size;
        var sql = after < request.offset() ? select(true, size, after, "") : select(false, size, request.offset(), "");
        try (var query = bound(handle, sql)) {
            return new Page<>(query.map(source.mapper()).list(), count);
        }
    }

    private long readCount(Handle handle) {
        try (var query = bound(handle, "SELECT (" + count() + ")")) {
            return query.mapTo(Long.class).one();
        }
    }

    private String select(boolean fromTheEnd, long limit, long offset, String more) {
        var found =
                " FROM " + source.table() + " a WHERE " + where + " ORDER BY " + order(fromTheEnd) + " LIMIT " + limit;
        // Behind the first page only ids are passed over, which an index alone can tell.
        var rows = offset == 0
                ? "SELECT a.*" + found
                : "SELECT a.* FROM " + source.table() + " a WHERE " + scope.condition("a")
                        + " AND a.id IN (SELECT a.id"
                        + found + " OFFSET " + offset + ")";
        return "SELECT " + source.columns() + more + " FROM (" + rows + ") a " + source.joins() + " ORDER BY "
                + order(false);
    }

    private String count() {
        return source.counts()
                .expression(scope, request.conditions())
                .orElseGet(() -> "SELECT count(*) FROM " + source.table() + " a WHERE " + where);
    }

    private String order(boolean fromTheEnd) {
        return request.sort().stream()
                .map(key -> key.column() + (key.descending() == fromTheEnd ? "" : " DESC"))
                .collect(Collectors.joining(", "));
    }

    private String conditions() {
        var sql = new StringBuilder();
        for (var i = 0; i < request.conditions().size(); i++) {
            sql.append(" AND ").append(condition(request.conditions().get(i), ":f" + i));
        }
        return sql.toString();
    }

    private static String condition(Condition condition, String parameter) {
        var column = condition.filter().column();
        var values = condition.values();
        if (values.isEmpty()) {
            return "false";
        }
        if (condition.filter().kind() == Kind.CONDITION) {
            // Compared with a parameter it would be worked out for each row; so it becomes a join.
            return values.size() > 1 ? "true" : values.contains(true) ? column : "NOT " + column;
        }
        if (condition.filter().kind() == Kind.CONTAINED) {
            // The columns' own collation, C, knows small and capital letters of English alone.
            return "strpos(lower(" + column + " COLLATE \"default\"), lower(" + parameter
                    + " COLLATE \"default\")) > 0";
        }
        return values.size() == 1 ? column + " = " + parameter : column + " = ANY(" + parameter + ")";
    }

    private Query bound(Handle handle, String sql) {
        var query = scope.bind(handle.createQuery(sql));
        for (var i = 0; i < request.conditions().size(); i++) {
            var values = request.conditions().get(i).values();
            if (request.conditions().get(i).filter().kind() == Kind.CONDITION) {
                continue;
            }
            switch (values.size()) {
                case 0 -> {}
                case 1 -> query.bind("f" + i, values.getFirst());
                default -> query.bindArray("f" + i, values.getFirst().getClass(), new ArrayList<>(values));
            }
        }
        return query;
    }
}
