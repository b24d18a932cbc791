package io.seatline.account;

import static io.seatline.account.Setting.ALL;
import static io.seatline.account.Setting.USERNAME;
import static io.seatline.account.SipAccountType.SIP_ACCOUNTS;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.seatline.account.AccountQuota.Owner;
import io.seatline.account.SipAccount.Phone;
import io.seatline.audit.Actor;
import io.seatline.audit.Audit;
import io.seatline.audit.Changes;
import io.seatline.customer.Customers;
import io.seatline.db.BatchLoader;
import io.seatline.db.Failures;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.ListRequest.Condition;
import io.seatline.listing.PageQuery;
import io.seatline.listing.PageQuery.Page;
import io.seatline.listing.Scope;
import io.seatline.secret.SealedText;
import java.util.ArrayList;
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
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The sip_accounts table. */
public final class SipAccounts implements AutoCloseable {
    private static final String COLUMNS =
            "a.id, a.operator_id, a.customer_id, a.version, a.password, a.ha1_realm, live.account_id IS NOT NULL AS is_online,"
                    + " live.user_agent, " + ALL.stream().map(Setting::column).collect(joining(", "));
    private static final int OPERATOR_ID = 2;
    private static final int FIRST_SETTING = 9;

    /** Columns as they are written. */
    static final String WRITTEN = "id, customer_id, password, ha1_realm, "
            + ALL.stream().map(Setting::name).collect(joining(", "));

    private static final String INSERT = "INSERT INTO sip_accounts (operator_id, " + WRITTEN
            + ") VALUES (:operator, :id, :customer, :password, :realm, "
            + ALL.stream().map(Setting::parameter).collect(joining(", ")) + ")";
    private static final String UPDATE =
            "UPDATE sip_accounts SET password = coalesce(:password, password), ha1_realm = :realm, "
                    + ALL.stream()
                            .map(setting -> setting.name() + " = " + setting.parameter())
                            .collect(joining(", "))
                    + ", version = new_version() WHERE id = :id";
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
    private final BatchLoader<Key, SipAccount> lookup = new BatchLoader<>(this::readAll);

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
        return PageQuery.read(jdbi, source, request, Scope.operator(operatorId));
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
        var before = found.get().settings();
        var after = change.apply(found.get());
        var changes = changes(before, after);
        if (changes.isEmpty()) {
            return found;
        }
        Audit.record(handle, actor, operatorId, "update", SIP_ACCOUNTS.name(), id.toString(), changes);
        // A secret that stays keeps its sealed form too: another one would end what is registered with it.
        bind(handle.createUpdate(UPDATE), after)
                .bind(
                        "password",
                        after.secret().isSame(before.secret())
                                ? null
                                : passwords.seal(after.secret().kept(), id))
                .bind("id", id)
                .execute();
        return find(handle, operatorId, id, included, "");
    }

    private static Changes changes(AccountSettings before, AccountSettings after) {
        var changes = new Changes();
        ALL.forEach(setting -> changes.add(setting.name(), setting.shown(before), setting.shown(after)));
        return before.secret().isSame(after.secret())
                ? changes
                : changes.add("password", "(an earlier one)", Changes.MASK);
    }

    private static Update bind(Update statement, AccountSettings settings) {
        ALL.forEach(setting -> statement.bind(setting.name(), setting.stored(settings)));
        return statement.bind("realm", settings.secret().realm());
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
        bind(handle.createUpdate(INSERT), account.settings())
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
    public static AccountQuota seats(Handle handle, int operatorId, String customerId) {
        return AccountQuota.read(handle, new Owner(operatorId, customerId));
    }

    /** As {@link #seats(Handle, int, String)}. */
    public AccountQuota seats(int operatorId, String customerId) {
        return jdbi.withHandle(handle -> seats(handle, operatorId, customerId));
    }

    /** The same of many customers; those that are not there are left out. */
    public Map<Owner, AccountQuota> seats(Set<Owner> owners) {
        return jdbi.withHandle(handle -> AccountQuota.read(handle, owners));
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
    private static Optional<String> keptCount(Scope scope, List<Condition> conditions) {
        var kept =
                "SELECT coalesce(sum(k.accounts), 0)::bigint FROM sip_account_counts k WHERE k.operator_id = :operator";
        if (conditions.isEmpty()) {
            return Optional.of(kept
                    + (scope.customerId().isPresent()
                            ? " AND k.filter = 'customer.id' AND k.value = :customer"
                            : " AND k.filter = ''"));
        }
        var filter = conditions.getFirst().filter();
        if (scope.customerId().isPresent() || conditions.size() > 1 || !COUNTED.contains(filter.name())) {
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
            var sealed = row.getBytes(5);
            var values = new ArrayList<@Nullable Object>(ALL.size());
            for (var setting : ALL) {
                values.add(setting.read(row, FIRST_SETTING + setting.index()));
            }
            var secret = new PhoneSecret.Sealed(
                    requireNonNull((String) values.get(USERNAME.index())),
                    row.getString(6),
                    () -> passwords.open(sealed, id));
            return new SipAccount(
                    id,
                    row.getString(3),
                    new AccountSettings(secret, values),
                    new Phone(row.getBoolean(7), row.getString(8)),
                    row.getLong(4),
                    included ? Customers.read(row, "c_") : null);
        };
    }
}
