package io.seatline.registration;

import static io.seatline.registration.RegistrationType.REGISTRATIONS;

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
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/**
 * What operators see and end of registrations: live bindings, and the refusals of an account. The registrar writes
 * them.
 */
public final class Registrations {
    private static final int MAX_REFUSALS = 10;

    private static final String LIVE = """
            (SELECT b.*, s.operator_id, s.customer_id, s.username FROM bindings b JOIN sip_accounts s ON s.id = b.account_id
                WHERE b.expires_at > now())""";
    /** Of {@code a}, as a registration has them. */
    static final String COLUMNS = """
            a.id, a.account_id, a.username, a.contact, host(a.source) AS source_address, a.source_port, a.transport,
            a.user_agent, a.expires_at, ceil(extract(epoch FROM a.expires_at - now()))::bigint AS expires_in,
            a.first_seen_at, a.refreshed_at AS last_seen_at""";

    private static final PageQuery.Source<Registration> LISTED = new PageQuery.Source<>(
            LIVE, COLUMNS, "", ConstructorMapper.of(Registration.class), (scope, conditions) -> Optional.empty());

    private final Jdbi jdbi;

    /** The registrations in the database behind {@code jdbi}. */
    public Registrations(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Whether there is such an account. */
    public boolean hasAccount(Scope scope, UUID accountId) {
        return jdbi.withHandle(handle -> hasAccount(handle, scope, accountId));
    }

    private static boolean hasAccount(Handle handle, Scope scope, UUID accountId) {
        return scope.bind(handle.createQuery("SELECT EXISTS (SELECT FROM sip_accounts s WHERE s.id = :account AND "
                        + scope.condition("s") + ")"))
                .bind("account", accountId)
                .mapTo(Boolean.class)
                .one();
    }

    /** A page of the live registrations of an account. */
    public Page<Registration> list(Scope scope, UUID accountId, ListRequest<Registration> request) {
        return PageQuery.read(jdbi, LISTED, request.where(RegistrationType.ACCOUNT, accountId), scope);
    }

    /** How many phones are registered. */
    public static long count(Handle handle, Scope scope) {
        return scope.bind(handle.createQuery("SELECT count(*) FROM " + LIVE + " a WHERE " + scope.condition("a")))
                .mapTo(Long.class)
                .one();
    }

    /** Shows every live registration, or those of one account, to {@code each}: by username, the newest first. */
    public void forEach(Scope scope, Optional<UUID> accountId, Consumer<Registration> each) {
        jdbi.useTransaction(handle -> {
            try (var query = scope.bind(handle.createQuery("SELECT " + COLUMNS + " FROM " + LIVE + " a WHERE "
                            + scope.condition("a")
                            + (accountId.isPresent() ? " AND a.account_id = :account" : "")
                            + " ORDER BY a.username, a.refreshed_at DESC, a.id"))
                    .setFetchSize(1000)) {
                accountId.ifPresent(id -> query.bind("account", id));
                query.mapTo(Registration.class).forEach(each);
            }
        });
    }

    /** The last refusals of an account, the newest first: as many as help to find out what is wrong. */
    public List<Refusal> refusals(Scope scope, UUID accountId) {
        return jdbi.withHandle(
                handle -> scope.bind(handle.createQuery("""
                        SELECT r.reason, host(r.source) AS source_address, r.source_port, r.transport, r.user_agent, r.times,
                            r.first_seen_at, r.last_seen_at
                        FROM refusals r JOIN sip_accounts s ON s.id = r.account_id
                        WHERE r.account_id = :account AND %s
                        ORDER BY r.last_seen_at DESC, r.reason, r.source LIMIT %d
                        """.formatted(scope.condition("s"), MAX_REFUSALS)))
                        .bind("account", accountId)
                        .mapTo(Refusal.class)
                        .list());
    }

    /**
     * Ends a registration of an account; the phone may register again.
     *
     * @param which its id or its contact
     * @return false when there is none
     */
    public boolean kick(Scope scope, UUID accountId, String which, Actor actor) {
        return jdbi.inTransaction(handle -> kick(handle, scope, accountId, which, actor) > 0);
    }

    /** Ends all registrations of an account, and says how many; empty when there is no such account. */
    public Optional<Integer> kickAll(Scope scope, UUID accountId, Actor actor) {
        return jdbi.inTransaction(handle -> hasAccount(handle, scope, accountId)
                ? Optional.of(kick(handle, scope, accountId, null, actor))
                : Optional.empty());
    }

    private static int kick(Handle handle, Scope scope, UUID accountId, @Nullable String which, Actor actor) {
        Bindings.enterGate(handle);
        var delete = scope.bind(handle.createQuery("""
                        DELETE FROM bindings b USING sip_accounts s
                        WHERE s.id = b.account_id AND b.account_id = :account AND b.expires_at > now() AND\s""" + scope.condition("s")
                        + (which == null ? "" : " AND :which IN (b.id::text, b.contact)")
                        + " RETURNING b.id, b.contact, host(b.source), b.user_agent"))
                .bind("account", accountId);
        if (which != null) {
            delete.bind("which", which);
        }
        var kicked = new LinkedHashMap<String, Changes>();
        delete.map((row, context) -> kicked.put(
                        row.getString(1),
                        new Changes()
                                .add("sip_device_route", accountId, null)
                                .add("contact", row.getString(2), null)
                                .add("source_address", row.getString(3), null)
                                .add("user_agent", row.getString(4), null)))
                .list();
        Audit.recordEach(handle, actor, scope.operatorId(), "delete", REGISTRATIONS.name(), kicked);
        return kicked.size();
    }
}
