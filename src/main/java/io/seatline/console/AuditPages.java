package io.seatline.console;

import io.seatline.audit.AuditLog;
import io.seatline.audit.AuditLog.Direction;
import io.seatline.audit.AuditLog.Search;
import io.seatline.console.AuditRows.Row;
import io.seatline.web.Fields;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import io.seatline.web.Texts;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** The operator's audit log, with search. */
public final class AuditPages {
    static final String PATH = "/console/audit";

    /** The kinds of things that are changed. */
    public static final List<String> TYPES = List.of(
            "customers",
            "sip_device_routes",
            "provisioning_links",
            "registrations",
            "blocked_sources",
            "sessions",
            "customer_admin_sessions",
            "console_sessions",
            "credentials",
            "operators");

    /** What is done to them. */
    public static final List<String> ACTIONS = List.of("create", "update", "delete", "fetch");

    private static final int PAGE = 50;
    private static final int DEFAULT_DAYS = 30;

    private final AuditLog log;
    private final AuditRows rows;

    AuditPages(Jdbi jdbi) {
        this.log = new AuditLog(jdbi);
        this.rows = new AuditRows(jdbi);
    }

    /** What was typed into the search; {@code from} and {@code to} are days, in UTC. */
    public record Typed(String actor, String type, String action, String subject, String text, String from, String to) {
        private static Typed of(Fields fields) {
            return new Typed(
                    fields.text("actor"),
                    fields.text("type"),
                    fields.text("action"),
                    fields.text("subject"),
                    fields.text("text"),
                    fields.text("from"),
                    fields.text("to"));
        }

        /** What was searched for beside the time, in words. */
        public String filters(Texts texts) {
            var filters = new ArrayList<String>();
            add(filters, texts, "audit.actor", actor);
            add(filters, texts, "audit.type", named(texts, TYPES, "audit.type.", type));
            add(filters, texts, "audit.action", named(texts, ACTIONS, "audit.action.", action));
            add(filters, texts, "audit.subject", subject);
            add(filters, texts, "audit.text", text);
            return String.join(", ", filters);
        }

        private static void add(List<String> filters, Texts texts, String label, String value) {
            if (!value.isEmpty()) {
                filters.add(texts.get("audit.filter", texts.get(label), value));
            }
        }

        private static String named(Texts texts, List<String> known, String prefix, String value) {
            return known.contains(value) ? texts.get(prefix + value) : value;
        }

        private String link(String place, String id) {
            return Links.of(
                    PATH, "actor", actor, "type", type, "action", action, "subject", subject, "text", text, "from",
                    from, "to", to, place, id);
        }
    }

    /**
     * What the page shows.
     *
     * @param from the first day that was searched, as {@code to} is the last
     * @param badFrom whether what was typed is no date, as is {@code badTo}
     * @param newer the way to newer entries, empty for none, as is {@code older}
     * @param further the way to go on with a search that stopped, empty when it did not
     */
    public record AuditView(
            Typed typed,
            String from,
            String to,
            boolean badFrom,
            boolean badTo,
            List<Row> rows,
            String newer,
            String older,
            String further) {}

    PageResponse show(PageRequest<ConsolePrincipal> request) {
        var typed = Typed.of(request.query());
        var today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
        var from = day(typed.from());
        var to = day(typed.to());
        var first = from.orElse(to.orElse(today).minusDays(DEFAULT_DAYS));
        var search = new Search(
                start(first),
                start(to.orElse(today).plusDays(1)),
                typed.actor(),
                typed.type(),
                typed.action(),
                typed.subject(),
                typed.text());
        var operator = request.principal().operatorId();
        var before = number(request.query().raw("before"));
        var after = number(request.query().raw("after"));
        var direction = after.isPresent() ? Direction.NEWER : Direction.OLDER;
        var page = after.or(() -> before)
                .map(id -> log.beyond(operator, search, id, direction, PAGE))
                .orElseGet(() -> log.newest(operator, search, PAGE));
        var entries = page.entries();
        var newer = "";
        var older = "";
        if (!entries.isEmpty()) {
            var newest = Long.toString(entries.getFirst().id());
            var oldest = Long.toString(entries.getLast().id());
            if (direction == Direction.NEWER ? page.more() : before.isPresent()) {
                newer = typed.link("after", newest);
            }
            if (direction == Direction.NEWER || page.more()) {
                older = typed.link("before", oldest);
            }
        } else if (before.isPresent() || after.isPresent()) {
            newer = typed.link("", "");
        }
        var further = page.lookedBackTo().isEmpty()
                ? ""
                : typed.link(
                        direction == Direction.OLDER ? "before" : "after",
                        Long.toString(page.lookedBackTo().getAsLong()));
        return PageResponse.html(
                "console/audit.jte",
                new AuditView(
                        typed,
                        first.toString(),
                        to.orElse(today).toString(),
                        from.isEmpty() && !typed.from().isEmpty(),
                        to.isEmpty() && !typed.to().isEmpty(),
                        rows.of(operator, entries),
                        newer,
                        older,
                        further));
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}") ? Optional.of(LocalDate.parse(text)) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }
}
