package io.seatline.registration;

import static java.util.stream.Collectors.toSet;

import io.seatline.registration.ConnectionBindings.Ended;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The bindings and used_nonces tables, as the registrar writes them: for many accounts at a time, within a transaction.
 * Of the whole server: each account has proved who it is.
 */
final class Bindings {
    private static final Comparator<Binding> IN_ORDER =
            Comparator.comparing(Binding::accountId).thenComparing(Binding::contact);

    private Bindings() {}

    /**
     * An account that a registration is for.
     *
     * @param now what {@code refreshed_at} becomes in this transaction, microseconds since 1970
     * @param bindings live ones
     */
    record Account(long version, long now, List<Binding> bindings) {}

    /** Waits for changes of accounts that are being made, and keeps new ones waiting until this transaction ends. */
    static void passGate(Handle handle) {
        handle.execute("LOCK TABLE registration_gate IN SHARE MODE");
    }

    /** Waits for the registrations that are being written, which lock rows in an order of their own. */
    static void enterGate(Handle handle) {
        handle.execute("LOCK TABLE registration_gate IN ROW EXCLUSIVE MODE");
    }

    /** Those of the accounts that exist. */
    static Map<UUID, Account> read(Handle handle, Collection<UUID> accountIds) {
        var found = new HashMap<UUID, Account>();
        try (var query = handle.createQuery("""
                        SELECT a.id AS account_id, a.version, (extract(epoch FROM now()) * 1000000)::bigint AS now,
                            b.contact, b.id, b.instance, b.reg_id, b.q, b.call_id, b.cseq,
                            host(b.source) AS source, b.source_port, b.transport, b.user_agent, b.path,
                            (extract(epoch FROM b.first_seen_at) * 1000000)::bigint AS first_seen,
                            ceil(extract(epoch FROM b.expires_at - now()))::integer AS seconds_left,
                            extract(epoch FROM b.expires_at - b.refreshed_at)::integer AS granted
                        FROM sip_accounts a LEFT JOIN bindings b ON b.account_id = a.id AND b.expires_at > now()
                        WHERE a.id = ANY(:accounts)
                        """).bindArray("accounts", UUID.class, List.copyOf(accountIds))) {
            query.map((row, context) -> {
                        var id = row.getObject("account_id", UUID.class);
                        var account = found.get(id);
                        if (account == null) {
                            account = new Account(row.getLong("version"), row.getLong("now"), new ArrayList<>());
                            found.put(id, account);
                        }
                        if (row.getString("contact") != null) {
                            account.bindings().add(binding(row, id));
                        }
                        return id;
                    })
                    .forEach(id -> {});
        }
        return found;
    }

    private static Binding binding(ResultSet row, UUID accountId) throws SQLException {
        return new Binding(
                accountId,
                row.getObject("id", UUID.class),
                row.getString("contact"),
                row.getString("instance"),
                number(row, "reg_id"),
                number(row, "q"),
                row.getString("call_id"),
                row.getLong("cseq"),
                row.getString("source"),
                row.getInt("source_port"),
                row.getString("transport"),
                row.getString("user_agent"),
                row.getString("path"),
                row.getLong("first_seen"),
                row.getInt("seconds_left"),
                row.getInt("granted"));
    }

    private static OptionalInt number(ResultSet row, String column) throws SQLException {
        var number = row.getInt(column);
        return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /**
     * Records that the nonces were used; gives the accounts of those that were not used up. One request for each
     * account.
     */
    static Set<UUID> useNonces(Handle handle, Collection<RegisterCommand> requests) {
        var sorted = requests.stream()
                .sorted(Comparator.comparing(RegisterCommand::accountId))
                .toList();
        try (var query = handle.createQuery("""
                INSERT INTO used_nonces AS kept (account_id, source, nonce, count)
                SELECT * FROM unnest(:accounts, :sources::inet[], :nonces, :counts)
                ON CONFLICT (account_id, source) DO UPDATE SET nonce = excluded.nonce, count = excluded.count
                WHERE (kept.nonce, kept.count) < (excluded.nonce, excluded.count)
                    -- made while a clock was ahead: good nowhere any more, and in nobody's way
                    OR kept.nonce > (extract(epoch FROM now()) + 120) * 1000000
                RETURNING account_id
                """)) {
            array(query, "accounts", UUID.class, sorted, RegisterCommand::accountId);
            array(
                    query,
                    "sources",
                    String.class,
                    sorted,
                    request -> request.source().getAddress().getHostAddress());
            array(query, "nonces", Long.class, sorted, RegisterCommand::nonce);
            array(query, "counts", Long.class, sorted, RegisterCommand::nonceCount);
            return query.mapTo(UUID.class).collect(toSet());
        }
    }

    /** Stores new and changed bindings, of several accounts, each contact once. */
    static void store(Handle handle, Collection<Binding> bindings) {
        if (bindings.isEmpty()) {
            return;
        }
        var sorted = bindings.stream().sorted(IN_ORDER).toList();
        try (var update = handle.createUpdate("""
                INSERT INTO bindings (account_id, contact, id, instance, reg_id, q, call_id, cseq, source, source_port,
                    transport, user_agent, path, first_seen_at, refreshed_at, expires_at)
                SELECT account_id, contact, id, instance, reg_id, q, call_id, cseq, source, source_port, transport, user_agent, path,
                    coalesce(timestamptz 'epoch' + first_seen * interval '1 microsecond', now()), now(),
                    now() + seconds_left * interval '1 second'
                FROM unnest(:accounts, :contacts, :ids, :instances, :reg_ids, :qs, :call_ids, :sequences, :sources::inet[],
                        :ports, :transports, :agents, :paths, :firsts, :lefts)
                    AS b (account_id, contact, id, instance, reg_id, q, call_id, cseq, source, source_port, transport, user_agent,
                        path, first_seen, seconds_left)
                ON CONFLICT (account_id, contact) DO UPDATE SET id = excluded.id, instance = excluded.instance,
                    reg_id = excluded.reg_id, q = excluded.q, call_id = excluded.call_id, cseq = excluded.cseq, source = excluded.source,
                    source_port = excluded.source_port, transport = excluded.transport, user_agent = excluded.user_agent,
                    path = excluded.path, first_seen_at = excluded.first_seen_at, refreshed_at = excluded.refreshed_at,
                    expires_at = excluded.expires_at
                """)) {
            array(update, "accounts", UUID.class, sorted, Binding::accountId);
            array(update, "contacts", String.class, sorted, Binding::contact);
            array(update, "ids", UUID.class, sorted, Binding::id);
            array(update, "instances", String.class, sorted, Binding::instance);
            array(update, "reg_ids", Long.class, sorted, binding -> number(binding.regId()));
            array(update, "qs", Long.class, sorted, binding -> number(binding.q()));
            array(update, "call_ids", String.class, sorted, Binding::callId);
            array(update, "sequences", Long.class, sorted, Binding::sequence);
            array(update, "sources", String.class, sorted, Binding::source);
            array(update, "ports", Long.class, sorted, binding -> (long) binding.sourcePort());
            array(update, "transports", String.class, sorted, Binding::transport);
            array(update, "agents", String.class, sorted, Binding::userAgent);
            array(update, "paths", String.class, sorted, Binding::path);
            array(update, "firsts", Long.class, sorted, Binding::firstSeen);
            array(update, "lefts", Long.class, sorted, binding -> (long) binding.secondsLeft());
            update.execute();
        }
    }

    private static @Nullable Long number(OptionalInt number) {
        return number.isPresent() ? (long) number.getAsInt() : null;
    }

    /** Deletes what has ended, or goes on under another contact. */
    static void delete(Handle handle, Map<UUID, List<String>> contacts) {
        var accounts = new ArrayList<UUID>();
        var gone = new ArrayList<String>();
        contacts.forEach((account, list) -> list.forEach(contact -> {
            accounts.add(account);
            gone.add(contact);
        }));
        if (gone.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        DELETE FROM bindings b USING unnest(:accounts, :contacts) AS gone (account_id, contact)
                        WHERE b.account_id = gone.account_id AND b.contact = gone.contact
                        """)
                .bindArray("accounts", UUID.class, accounts)
                .bindArray("contacts", String.class, gone)
                .execute();
    }

    /**
     * Ends what was registered over connections that have ended, and not what has come since from the same address and
     * port.
     */
    static void endConnections(Handle handle, List<Ended> connections) {
        try (var delete = handle.createUpdate("""
                DELETE FROM bindings b
                USING unnest(:accounts, :sources::inet[], :ports, :transports, :lasts)
                    AS ended (account_id, source, source_port, transport, last)
                WHERE b.account_id = ended.account_id AND b.source = ended.source
                    AND b.source_port = ended.source_port AND b.transport = ended.transport
                    AND b.refreshed_at <= timestamptz 'epoch' + ended.last * interval '1 microsecond'
                """)) {
            array(delete, "accounts", UUID.class, connections, Ended::accountId);
            array(
                    delete,
                    "sources",
                    String.class,
                    connections,
                    ended -> ended.connection().source().getAddress().getHostAddress());
            array(
                    delete,
                    "ports",
                    Integer.class,
                    connections,
                    ended -> ended.connection().source().getPort());
            array(
                    delete,
                    "transports",
                    String.class,
                    connections,
                    ended -> ended.connection().transport());
            array(delete, "lasts", Long.class, connections, Ended::last);
            delete.execute();
        }
    }

    private static <S extends SqlStatement<S>, R, T> void array(
            S statement, String name, Class<T> type, List<R> rows, Function<R, @Nullable T> column) {
        var values = new ArrayList<@Nullable T>(rows.size());
        rows.forEach(row -> values.add(column.apply(row)));
        statement.bindArray(name, type, values);
    }
}
