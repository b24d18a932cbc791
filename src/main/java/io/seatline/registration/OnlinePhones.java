package io.seatline.registration;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.generic.GenericType;

/** Which phones of an operator are registered: as {@link PhoneCounts} counted them, and one by one. */
public final class OnlinePhones {
    private final Jdbi jdbi;

    /** The phones in the database behind {@code jdbi}. */
    public OnlinePhones(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Phones of a kind, such as "UDP" or "Yealink SIP-T46S". */
    public record Share(String name, long phones) {}

    /**
     * What was counted.
     *
     * @param at when, empty for not yet
     * @param byUserAgent the most frequent first, "other" for all beyond the twenty most frequent
     */
    public record Counted(Optional<Instant> at, long phones, List<Share> byTransport, List<Share> byUserAgent) {}

    /**
     * Which registrations to list; empty texts ask for all.
     *
     * @param username what it begins with
     * @param userAgent what it contains, in any case
     */
    public record Filter(String username, Optional<InetAddress> source, String transport, String userAgent) {}

    /** Where a page begins: behind that contact of that account. */
    public record Place(UUID accountId, String contact) {}

    /** What was counted last. */
    public Counted counted(int operatorId) {
        return jdbi.withHandle(handle -> {
            var at = handle.createQuery("SELECT at FROM phones_counted WHERE isfinite(at)")
                    .mapTo(Instant.class)
                    .findOne();
            var shares = new ArrayList<List<Share>>();
            for (var column : List.of("transport", "user_agent")) {
                shares.add(handle.createQuery("SELECT " + column + " AS name, sum(phones) AS phones FROM phones_now"
                                + " WHERE operator_id = :operator GROUP BY 1 ORDER BY 2 DESC, 1")
                        .bind("operator", operatorId)
                        .mapTo(Share.class)
                        .list());
            }
            var phones = shares.getFirst().stream().mapToLong(Share::phones).sum();
            return new Counted(at, phones, shares.getFirst(), shares.getLast());
        });
    }

    /**
     * Phones registered since a time, by the beginning of each step of ten minutes; steps in which nobody counted are
     * missing.
     */
    public Map<Instant, Long> steps(int operatorId, Instant since) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT at, phones FROM phone_counts WHERE operator_id = :operator AND at >= :since")
                .bind("operator", operatorId)
                .bind("since", since)
                .setMapKeyColumn("at")
                .setMapValueColumn("phones")
                .collectInto(new GenericType<Map<Instant, Long>>() {}));
    }

    /**
     * Live registrations in the order of their accounts' ids, which an index has: a page of all costs the same
     * anywhere. What no index has (source, transport, user agent) is looked for in that order, at worst through all
     * bindings once.
     *
     * @param most how many
     */
    public List<Registration> list(int operatorId, Filter filter, Optional<Place> after, int most) {
        var sql = new StringBuilder("SELECT " + Registrations.COLUMNS + " FROM (" + """
                 SELECT b.*, s.username FROM bindings b JOIN sip_accounts s ON s.id = b.account_id
                    WHERE s.operator_id = :operator AND b.expires_at > now()""");
        if (!filter.username().isEmpty()) {
            sql.append(" AND s.username >= :username AND s.username < :beyond");
        }
        filter.source().ifPresent(source -> sql.append(" AND b.source = :source::inet"));
        if (!filter.transport().isEmpty()) {
            sql.append(" AND b.transport = :transport");
        }
        if (!filter.userAgent().isEmpty()) {
            sql.append(" AND b.user_agent ILIKE :agent");
        }
        after.ifPresent(place -> sql.append(" AND (b.account_id, b.contact) > (:account, :contact)"));
        sql.append(" ORDER BY b.account_id, b.contact LIMIT ")
                .append(most)
                .append(") a ORDER BY a.account_id, a.contact");
        return jdbi.withHandle(handle -> {
            var query = handle.createQuery(sql.toString()).bind("operator", operatorId);
            if (!filter.username().isEmpty()) {
                query.bind("username", filter.username())
                        .bind("beyond", filter.username() + Character.toString(0x10FFFF));
            }
            filter.source().ifPresent(source -> query.bind("source", source.getHostAddress()));
            if (!filter.transport().isEmpty()) {
                query.bind("transport", filter.transport());
            }
            if (!filter.userAgent().isEmpty()) {
                query.bind("agent", "%" + filter.userAgent().replaceAll("[\\\\%_]", "\\\\$0") + "%");
            }
            after.ifPresent(place -> query.bind("account", place.accountId()).bind("contact", place.contact()));
            return query.mapTo(Registration.class).list();
        });
    }
}
