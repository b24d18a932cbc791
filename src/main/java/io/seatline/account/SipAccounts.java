package io.seatline.account;

import static io.seatline.account.SipAccountType.SIP_ACCOUNTS;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.seatline.account.Seats.Owner;
import io.seatline.account.SipAccount.Recording;
import io.seatline.audit.Actor;
import io.seatline.audit.Audit;
import io.seatline.audit.Changes;
import io.seatline.customer.Customers;
import io.seatline.db.Failures;
import io.seatline.db.GroupedLookup;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.ListRequest.Condition;
import io.seatline.listing.PageQuery;
import io.seatline.listing.PageQuery.Page;
import io.seatline.secret.SealedText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The sip_accounts table. */
public final class SipAccounts implements AutoCloseable {
    private static final String COLUMNS = """
            a.id, a.customer_id, a.username, a.password, a.incoming_internal, a.incoming_external, a.outgoing_internal,
            a.outgoing_external, a.on_demand, a.caller_id_name, a.internal_caller_id, a.external_caller_id,
            a.allow_external_calls, live.account_id IS NOT NULL AS is_online, live.user_agent, a.use_allowed_ips,
            array_to_string(a.allowed_ips, ',') AS allowed_ips, a.require_sha256, a.version, a.operator_id, a.ha1_realm""";
    private static final int OPERATOR_ID = 20;
    private static final int HA1_REALM = 21;
    private static final String LIVE = """
            LEFT JOIN LATERAL (
                SELECT b.account_id, b.user_agent FROM bindings b
                WHERE b.account_id = a.id AND b.expires_at > now()
                ORDER BY b.refreshed_at DESC LIMIT 1) live ON true""";
    private static final String CUSTOMER_COLUMNS = """
            , c.id AS c_id, c.name AS c_name, c.language AS c_language, c.capacity_limit AS c_capacity_limit,
            c.sip_account_limit AS c_sip_account_limit, c.version AS c_version""";
    private static final String CUSTOMER = "JOIN customers c ON c.operator_id = a.operator_id AND c.id = a.customer_id";

    /** Filters whose counts the database keeps, see the migration. */
    private static final Set<String> COUNTED =
            Set.of("customer.id", "caller_id_name", "allow_external_calls", "internal_caller_id", "external_caller_id");

    private final Jdbi jdbi;
    private final SealedText passwords;
    private final GroupedLookup<Key, SipAccount> lookup = new GroupedLookup<>(this::readAll);

    private record Key(int operatorId, UUID id) {}

    /** The accounts in the database behind {@code jdbi}, their passwords sealed with {@code passwords}. */
    public SipAccounts(Jdbi jdbi, SealedText passwords) {
        this.jdbi = jdbi;
        this.passwords = passwords;
    }

    /** Another account on the server, of this or another operator, has the username, perhaps in other letters. */
    public static final class UsernameTakenException extends RuntimeException {}

    /** What became of an account that was to be created. */
    public sealed interface Creation {
        /** It is there. */
        record Created(SipAccount account) implements Creation {}

        /** Another account on the server, of this or another operator, has the username, perhaps in other letters. */
        record UsernameTaken() implements Creation {}

        /** The customer has as many as its limit allows. */
        record LimitReached(long limit) implements Creation {}

        /** There is no such customer. */
        record NoCustomer() implements Creation {}
    }

    /** A page of an operator's accounts. */
    public Page<SipAccount> list(int operatorId, ListRequest<SipAccount> request) {
        var included = request.view().included().isPresent();
        var source = new PageQuery.Source<>(
                "sip_accounts",
                included ? COLUMNS + CUSTOMER_COLUMNS : COLUMNS,
                included ? LIVE + " " + CUSTOMER : LIVE,
                mapper(included),
                SipAccounts::keptCount);
        return PageQuery.read(jdbi, source, request, operatorId);
    }

    /** The account of that id, with its customer if {@code included}. */
    public Optional<SipAccount> find(int operatorId, UUID id, boolean included) {
        return included
                ? jdbi.withHandle(handle -> find(handle, operatorId, id, true, ""))
                : lookup.find(new Key(operatorId, id));
    }

    private Map<Key, SipAccount> readAll(Set<Key> keys) {
        return jdbi.withHandle(handle -> {
            var found = new HashMap<Key, SipAccount>();
            var mapper = mapper(false);
            try (var query = handle.createQuery(
                            "SELECT " + COLUMNS + " FROM sip_accounts a " + LIVE + " WHERE a.id = ANY(:ids::uuid[])")
                    .bind("ids", keys.stream().map(key -> key.id().toString()).collect(joining(",", "{", "}")))) {
                // Asked for by another operator, a row is found under that one's key, and so not by the asker.
                query.map((row, context) -> {
                            var account = mapper.map(row, context);
                            return Map.entry(new Key(row.getInt(OPERATOR_ID), account.id()), account);
                        })
                        .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
            }
            return found;
        });
    }

    @Override
    public void close() {
        lookup.close();
    }

    private Optional<SipAccount> find(Handle handle, int operatorId, UUID id, boolean included, String lock) {
        return handle.createQuery("SELECT " + COLUMNS + (included ? CUSTOMER_COLUMNS : "") + " FROM sip_accounts a "
                        + LIVE + (included ? " " + CUSTOMER : "") + " WHERE a.id = :id AND a.operator_id = :operator"
                        + lock)
                .bind("id", id)
                .bind("operator", operatorId)
                .map(mapper(included))
                .findOne();
    }

    /** The account of that username, in whatever letters. */
    public Optional<SipAccount> findByUsername(int operatorId, String username) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT id FROM sip_accounts"
                                + " WHERE lower(username) = lower(:username) AND operator_id = :operator")
                        .bind("username", username)
                        .bind("operator", operatorId)
                        .mapTo(UUID.class)
                        .findOne())
                .flatMap(id -> find(operatorId, id, false));
    }

    /**
     * Changes an account under a lock on its row. What it was registered with and may not be any more ends.
     *
     * @param change makes the new settings of the present account, or throws to leave it as it is
     * @throws UsernameTakenException when another account on the server has the new username
     */
    public Optional<SipAccount> update(
            int operatorId, UUID id, boolean included, Actor actor, Function<SipAccount, AccountSettings> change) {
        try {
            return jdbi.inTransaction(handle -> update(handle, operatorId, id, included, actor, change));
        } catch (JdbiException e) {
            if (Failures.isTaken(e)) {
                throw new UsernameTakenException();
            }
            throw e;
        }
    }

    private Optional<SipAccount> update(
            Handle handle,
            int operatorId,
            UUID id,
            boolean included,
            Actor actor,
            Function<SipAccount, AccountSettings> change) {
        var found = find(handle, operatorId, id, included, " FOR NO KEY UPDATE OF a");
        if (found.isEmpty()) {
            return found;
        }
        var before = AccountSettings.of(found.get());
        var after = change.apply(found.get());
        var changes = changes(before, after);
        if (changes.isEmpty()) {
            return found;
        }
        Audit.record(handle, actor, operatorId, "update", SIP_ACCOUNTS.name(), id.toString(), changes);
        // A secret that stays keeps its sealed form too: another one would end what is registered with it.
        bind(handle.createUpdate("""
                                UPDATE sip_accounts SET username = :username, password = coalesce(:password, password),
                                    ha1_realm = :realm,
                                    incoming_internal = :ii, incoming_external = :ie, outgoing_internal = :oi,
                                    outgoing_external = :oe, on_demand = :demand, caller_id_name = :name,
                                    internal_caller_id = :internal, external_caller_id = :external,
                                    allow_external_calls = :calls, use_allowed_ips = :used,
                                    allowed_ips = string_to_array(:entries, ',')::cidr[],
                                    require_sha256 = :sha256, version = new_version()
                                WHERE id = :id
                                """), after)
                .bind(
                        "password",
                        after.secret().equals(before.secret())
                                ? null
                                : passwords.seal(after.secret().kept(), id))
                .bind("id", id)
                .execute();
        return find(handle, operatorId, id, included, "");
    }

    private static Changes changes(AccountSettings before, AccountSettings after) {
        var changes = new Changes()
                .add("username", before.username(), after.username())
                .add(
                        "incoming_internal",
                        before.recording().incomingInternal(),
                        after.recording().incomingInternal())
                .add(
                        "incoming_external",
                        before.recording().incomingExternal(),
                        after.recording().incomingExternal())
                .add(
                        "outgoing_internal",
                        before.recording().outgoingInternal(),
                        after.recording().outgoingInternal())
                .add(
                        "outgoing_external",
                        before.recording().outgoingExternal(),
                        after.recording().outgoingExternal())
                .add(
                        "on_demand",
                        before.recording().onDemand(),
                        after.recording().onDemand())
                .add("caller_id_name", before.callerIdName(), after.callerIdName())
                .add("internal_caller_id", before.internalCallerId(), after.internalCallerId())
                .add("external_caller_id", before.externalCallerId(), after.externalCallerId())
                .add("allow_external_calls", before.allowExternalCalls(), after.allowExternalCalls())
                .add("use_allowed_ips", before.useAllowedIps(), after.useAllowedIps())
                .add(
                        "allowed_ips",
                        before.allowedIps().joined(),
                        after.allowedIps().joined())
                .add("require_sha256", before.requireSha256(), after.requireSha256());
        return before.secret().equals(after.secret())
                ? changes
                : changes.add("password", "(an earlier one)", Changes.MASK);
    }

    private static <S extends SqlStatement<S>> S bind(S statement, AccountSettings settings) {
        return statement
                .bind("username", settings.username())
                .bind("realm", settings.secret().realm())
                .bind("ii", settings.recording().incomingInternal())
                .bind("ie", settings.recording().incomingExternal())
                .bind("oi", settings.recording().outgoingInternal())
                .bind("oe", settings.recording().outgoingExternal())
                .bind("demand", settings.recording().onDemand())
                .bind("name", settings.callerIdName())
                .bind("internal", settings.internalCallerId())
                .bind("external", settings.externalCallerId())
                .bind("calls", settings.allowExternalCalls())
                .bind("used", settings.useAllowedIps())
                .bind("entries", settings.allowedIps().joined())
                .bind("sha256", settings.requireSha256());
    }

    /** Creates an account if the customer's limit allows; the account's rules have been checked. */
    public Creation create(int operatorId, NewAccount account, Actor actor) {
        try {
            return jdbi.inTransaction(handle -> create(handle, operatorId, account, actor));
        } catch (JdbiException e) {
            if (Failures.isTaken(e)) {
                return new Creation.UsernameTaken();
            }
            throw e;
        }
    }

    /** As {@link #create(int, NewAccount, Actor)}, within a transaction; a username that is taken fails it. */
    public Creation create(Handle handle, int operatorId, NewAccount account, Actor actor) {
        var customer = Customers.lock(handle, operatorId, account.customerId());
        if (customer.isEmpty()) {
            return new Creation.NoCustomer();
        }
        var seats = seats(handle, operatorId, account.customerId());
        if (seats.full()) {
            return new Creation.LimitReached(requireNonNull(seats.limit()));
        }
        bind(handle.createUpdate("""
                                INSERT INTO sip_accounts (id, operator_id, customer_id, username, password, ha1_realm,
                                    incoming_internal, incoming_external, outgoing_internal, outgoing_external, on_demand,
                                    caller_id_name, internal_caller_id, external_caller_id, allow_external_calls,
                                    use_allowed_ips, allowed_ips, require_sha256)
                                VALUES (:id, :operator, :customer, :username, :password, :realm, :ii, :ie, :oi, :oe, :demand,
                                    :name, :internal, :external, :calls, :used, string_to_array(:entries, ',')::cidr[],
                                    :sha256)
                                """), account.settings())
                .bind("id", account.id())
                .bind("operator", operatorId)
                .bind("customer", account.customerId())
                .bind("password", passwords.seal(account.settings().secret().kept(), account.id()))
                .execute();
        Audit.record(
                handle,
                actor,
                operatorId,
                "create",
                SIP_ACCOUNTS.name(),
                account.id().toString(),
                new Changes()
                        .add("customer", null, account.customerId())
                        .add("username", null, account.settings().username())
                        .add("password", null, Changes.MASK));
        return new Creation.Created(
                find(handle, operatorId, account.id(), false, "").orElseThrow());
    }

    /** Shows every account of an operator, or of one customer, to {@code each}, by id, reading a block at a time. */
    public void forEach(int operatorId, Optional<String> customerId, Consumer<SipAccount> each) {
        jdbi.useTransaction(handle -> {
            try (var query = handle.createQuery("SELECT " + COLUMNS + " FROM sip_accounts a " + LIVE
                            + " WHERE a.operator_id = :operator"
                            + (customerId.isPresent() ? " AND a.customer_id = :customer" : "") + " ORDER BY a.id")
                    .setFetchSize(1000)
                    .bind("operator", operatorId)) {
                customerId.ifPresent(id -> query.bind("customer", id));
                query.map(mapper(false)).forEach(each);
            }
        });
    }

    /** How many accounts a customer has, and may have. */
    public static Seats seats(Handle handle, int operatorId, String customerId) {
        return Seats.read(handle, new Owner(operatorId, customerId));
    }

    /** As {@link #seats(Handle, int, String)}. */
    public Seats seats(int operatorId, String customerId) {
        return jdbi.withHandle(handle -> seats(handle, operatorId, customerId));
    }

    /** The same of many customers; those that are not there are left out. */
    public Map<Owner, Seats> seats(Set<Owner> owners) {
        return jdbi.withHandle(handle -> Seats.read(handle, owners));
    }

    /** Deletes an account and its registrations; false when there is none of that id. */
    public boolean delete(int operatorId, UUID id, Actor actor) {
        return delete(operatorId, id, actor, account -> {});
    }

    /** As {@link #delete(int, UUID, Actor)}, unless {@code check} throws at the account, which is locked. */
    public boolean delete(int operatorId, UUID id, Actor actor, Consumer<SipAccount> check) {
        return jdbi.inTransaction(handle -> {
            var account = find(handle, operatorId, id, false, " FOR NO KEY UPDATE OF a");
            account.ifPresent(gone -> {
                check.accept(gone);
                Audit.record(
                        handle,
                        actor,
                        operatorId,
                        "delete",
                        SIP_ACCOUNTS.name(),
                        id.toString(),
                        new Changes().add("customer", gone.customerId(), null).add("username", gone.username(), null));
                handle.createUpdate("DELETE FROM sip_accounts WHERE id = :id")
                        .bind("id", id)
                        .execute();
            });
            return account.isPresent();
        });
    }

    /** The kept number of all accounts, or of those with the values of one counted filter. */
    private static Optional<String> keptCount(List<Condition> conditions) {
        var kept =
                "SELECT coalesce(sum(k.accounts), 0)::bigint FROM sip_account_counts k WHERE k.operator_id = :operator";
        if (conditions.isEmpty()) {
            return Optional.of(kept + " AND k.filter = ''");
        }
        var filter = conditions.getFirst().filter();
        if (conditions.size() > 1 || !COUNTED.contains(filter.name())) {
            return Optional.empty();
        }
        return Optional.of(kept + " AND k.filter = '" + filter.name() + "' AND k.value = "
                + switch (conditions.getFirst().values().size()) {
                    case 0 -> "NULL";
                    case 1 -> ":f0::text";
                    default -> "ANY(:f0::text[])";
                });
    }

    private RowMapper<SipAccount> mapper(boolean included) {
        return (row, context) -> {
            var id = row.getObject(1, UUID.class);
            var username = row.getString(3);
            var sealed = row.getBytes(4);
            var realm = row.getString(HA1_REALM);
            return new SipAccount(
                    id,
                    row.getString(2),
                    username,
                    () -> PhoneSecret.of(username, realm, passwords.open(sealed, id)),
                    realm,
                    new Recording(
                            row.getBoolean(5),
                            row.getBoolean(6),
                            row.getBoolean(7),
                            row.getBoolean(8),
                            row.getBoolean(9)),
                    row.getString(10),
                    number(row, 11),
                    number(row, 12),
                    row.getBoolean(13),
                    row.getBoolean(14),
                    row.getString(15),
                    row.getBoolean(16),
                    AllowedIps.canonical(row.getString(17)),
                    row.getBoolean(18),
                    row.getLong(19),
                    included ? Customers.read(row, "c_") : null);
        };
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        var number = row.getLong(column);
        return row.wasNull() ? null : number;
    }
}
