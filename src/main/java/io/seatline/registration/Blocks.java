package io.seatline.registration;

import static io.seatline.registration.BlockedSourceType.BLOCKED_SOURCES;

import io.seatline.audit.Actor;
import io.seatline.audit.Audit;
import io.seatline.audit.Changes;
import io.seatline.jsonapi.ListRequest;
import io.seatline.listing.PageQuery;
import io.seatline.listing.PageQuery.Page;
import io.seatline.listing.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.SqlStatement;

/** The blocked_sources table as operators see it, and take blocks back. {@link BlockedSources} writes it. */
public final class Blocks {
    /** An address without its prefix, a block with it: as the operator would write either. */
    private static final String BLOCKED = """
            (SELECT b.*, abbrev(b.source::inet) AS shown_source, s.operator_id, s.customer_id,
                    s.username
                FROM blocked_sources b JOIN sip_accounts s ON s.id = b.account_id WHERE b.expires_at > now())""";

    private static final String BLOCKED_COLUMNS =
            "a.id, a.account_id, a.username, a.shown_source AS source, a.blocked_at, a.expires_at";

    private static final PageQuery.Source<BlockedSource> LISTED = new PageQuery.Source<>(
            BLOCKED,
            BLOCKED_COLUMNS,
            "",
            ConstructorMapper.of(BlockedSource.class),
            (scope, conditions) -> Optional.empty());

    private final Jdbi jdbi;

    /** The blocks in the database behind {@code jdbi}. */
    public Blocks(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A page of the sources that are blocked. */
    public Page<BlockedSource> list(Scope scope, ListRequest<BlockedSource> request) {
        return PageQuery.read(jdbi, LISTED, request, scope);
    }

    /** Every source that is blocked, by username. */
    public List<BlockedSource> all(Scope scope) {
        return jdbi.withHandle(handle -> scope.bind(handle.createQuery("SELECT " + BLOCKED_COLUMNS + " FROM " + BLOCKED
                        + " a WHERE " + scope.condition("a") + " ORDER BY a.username, a.source"))
                .mapTo(BlockedSource.class)
                .list());
    }

    /** How many sources are blocked; not more than {@code most} are counted. */
    public long count(Scope scope, int most) {
        return jdbi.withHandle(handle -> scope.bind(handle.createQuery("SELECT count(*) FROM (SELECT FROM " + BLOCKED
                        + " a WHERE " + scope.condition("a") + " LIMIT " + most + ") AS counted"))
                .mapTo(Long.class)
                .one());
    }

    /** The block of that id. */
    public Optional<BlockedSource> find(Scope scope, UUID id) {
        return jdbi.withHandle(handle -> scope.bind(handle.createQuery("SELECT " + BLOCKED_COLUMNS + " FROM " + BLOCKED
                        + " a WHERE " + scope.condition("a") + " AND a.id = :id"))
                .bind("id", id)
                .mapTo(BlockedSource.class)
                .findOne());
    }

    /** Takes back the block of that id; false when there is none. */
    public boolean unblock(Scope scope, UUID id, Actor actor) {
        return unblock(scope, "b.id = :id", statement -> statement.bind("id", id), actor) > 0;
    }

    /** Takes back an account's block of that id; false when there is none. */
    public boolean unblock(Scope scope, UUID accountId, UUID id, Actor actor) {
        return unblock(
                        scope,
                        "b.account_id = :account AND b.id = :id",
                        statement -> statement.bind("account", accountId).bind("id", id),
                        actor)
                > 0;
    }

    /** Takes back every block of an account, and says how many. */
    public int unblockAccount(Scope scope, UUID accountId, Actor actor) {
        return unblock(scope, "b.account_id = :account", statement -> statement.bind("account", accountId), actor);
    }

    /** Takes back every block, and says how many. */
    public int unblockAll(Scope scope, Actor actor) {
        return unblock(scope, "true", statement -> {}, actor);
    }

    private int unblock(Scope scope, String condition, Consumer<SqlStatement<?>> bind, Actor actor) {
        return jdbi.inTransaction(handle -> {
            var delete = scope.bind(handle.createQuery("""
                            DELETE FROM blocked_sources b USING sip_accounts s
                            WHERE s.id = b.account_id AND b.expires_at > now() AND\s""" + scope.condition("s") + " AND " + condition
                    + " RETURNING b.id, b.account_id, s.username, abbrev(b.source::inet)"));
            bind.accept(delete);
            var unblocked = new LinkedHashMap<String, Changes>();
            delete.map((row, context) -> unblocked.put(
                            row.getString(1),
                            new Changes()
                                    .add("sip_device_route", row.getString(2), null)
                                    .add("username", row.getString(3), null)
                                    .add("source", row.getString(4), null)))
                    .list();
            Audit.recordEach(handle, actor, scope.operatorId(), "delete", BLOCKED_SOURCES.name(), unblocked);
            return unblocked.size();
        });
    }
}
