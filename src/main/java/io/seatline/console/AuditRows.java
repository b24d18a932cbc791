package io.seatline.console;

import static java.util.stream.Collectors.toMap;

import io.seatline.audit.AuditLog.Entry;
import io.seatline.audit.Changes.Change;
import io.seatline.jsonapi.Kind;
import io.seatline.web.Texts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Entries of the audit log for people: with the names of what is still there, and the way to it. */
public final class AuditRows {
    private static final Set<String> OF_CUSTOMERS = Set.of("customers", "sessions", "customer_admin_sessions");
    private static final Set<String> OF_ACCOUNTS = Set.of("sip_device_routes", "provisioning_links");

    private final Jdbi jdbi;

    AuditRows(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * An entry.
     *
     * @param name the account's username, the customer's id, or the id of what is neither or is there no more
     * @param link null when there is no page about it
     */
    public record Row(Entry entry, String name, @Nullable String link) {
        /** What was done to what kind of thing. */
        public String what(Texts texts) {
            var whole = "audit.done." + entry.action() + "." + entry.type();
            return texts.has(whole)
                    ? texts.get(whole)
                    : named(texts, "audit.action.", entry.action()) + " " + named(texts, "audit.one.", entry.type());
        }

        /** The name of an attribute. */
        public String attribute(Texts texts, Change change) {
            return named(texts, "audit.field.", change.attribute());
        }

        /** Whether a value that is not there is one that was, or became, empty. */
        public boolean shows(@Nullable String value) {
            return value != null || entry.action().equals("update");
        }

        private static String named(Texts texts, String prefix, String name) {
            return texts.has(prefix + name) ? texts.get(prefix + name) : name;
        }
    }

    /** A value as a person reads it. */
    public static String value(Texts texts, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return texts.get("audit.empty");
        }
        return value.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z") ? texts.time(Instant.parse(value)) : value;
    }

    /** The rows of a page; their names are asked for at once. */
    List<Row> of(int operatorId, List<Entry> entries) {
        return jdbi.withHandle(handle -> {
            var usernames = usernames(
                    handle,
                    operatorId,
                    entries.stream().flatMap(entry -> account(entry).stream()).toList());
            var customers = customers(
                    handle,
                    operatorId,
                    entries.stream()
                            .filter(entry -> OF_CUSTOMERS.contains(entry.type()))
                            .map(Entry::subject)
                            .toList());
            return entries.stream()
                    .map(entry -> row(entry, usernames, customers))
                    .toList();
        });
    }

    private static Row row(Entry entry, Map<UUID, String> usernames, Set<String> customers) {
        var account = account(entry);
        if (account.isPresent()) {
            var id = account.get();
            var username = usernames.get(id);
            return username == null
                    ? new Row(entry, id.toString(), null)
                    : new Row(entry, username, ConsoleAccountPages.PATH + "/" + id);
        }
        var there = OF_CUSTOMERS.contains(entry.type()) && customers.contains(entry.subject());
        return new Row(entry, entry.subject(), there ? OwnCustomers.PATH + "/" + Links.part(entry.subject()) : null);
    }

    /** The account that an entry is about, or about a registration or block of. */
    private static Optional<UUID> account(Entry entry) {
        var ids = OF_ACCOUNTS.contains(entry.type())
                ? Stream.of(entry.subject())
                : entry.changes().stream()
                        .filter(change -> change.attribute().equals("sip_device_route"))
                        .flatMap(change -> Stream.ofNullable(change.before()));
        return ids.flatMap(id -> Kind.uuid(id).stream()).findFirst();
    }

    private static Map<UUID, String> usernames(Handle handle, int operatorId, List<UUID> ids) {
        return handle
                .createQuery("SELECT id, username FROM sip_accounts WHERE operator_id = :operator AND id = ANY(:ids)")
                .bind("operator", operatorId)
                .bindArray("ids", UUID.class, ids)
                .map((row, context) -> Map.entry(row.getObject(1, UUID.class), row.getString(2)))
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Set<String> customers(Handle handle, int operatorId, List<String> ids) {
        return handle.createQuery("SELECT id FROM customers WHERE operator_id = :operator AND id = ANY(:ids)")
                .bind("operator", operatorId)
                .bindArray("ids", String.class, ids)
                .mapTo(String.class)
                .set();
    }
}
