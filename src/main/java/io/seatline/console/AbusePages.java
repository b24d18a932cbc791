package io.seatline.console;

import static io.seatline.registration.BlockedSourceType.BLOCKED_SOURCES;

import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ListRequest;
import io.seatline.registration.BlockedSource;
import io.seatline.registration.Blocks;
import io.seatline.registration.OnlinePhones;
import io.seatline.registration.RefusalReason;
import io.seatline.registration.RefusalStatistics;
import io.seatline.registration.RefusalStatistics.RefusedAccount;
import io.seatline.registration.RefusalStatistics.RefusedSource;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** What is refused and blocked, and taking blocks back. */
public final class AbusePages {
    static final String PATH = "/console/abuse";

    private static final int PAGE = 25;
    private static final int MAX = 10;
    private static final Duration DAY = Duration.ofHours(24);

    private final RefusalStatistics refusals;
    private final OnlinePhones phones;
    private final Blocks blocks;

    AbusePages(Jdbi jdbi) {
        this.refusals = new RefusalStatistics(jdbi);
        this.phones = new OnlinePhones(jdbi);
        this.blocks = new Blocks(jdbi);
    }

    /** How many registrations were refused for a reason within the last 24 hours. */
    public record Reason(RefusalReason reason, long times) {}

    /**
     * What the page shows.
     *
     * @param done how many sources were unblocked just now
     * @param pages how many pages of blocked sources there are, at least one
     */
    public record AbuseView(
            List<Reason> reasons,
            Chart failures,
            List<RefusedAccount> accounts,
            List<RefusedSource> sources,
            List<BlockedSource> blocked,
            long blockedCount,
            int page,
            long pages,
            int done) {
        /** All refusals of the 24 hours. */
        public long times() {
            return reasons.stream().mapToLong(Reason::times).sum();
        }
    }

    /** What is to be confirmed: how many blocks there are. */
    public record UnblockAllView(long blockedCount) {}

    PageResponse show(PageRequest<ConsolePrincipal> request) {
        var operator = request.principal().operatorId();
        var now = Instant.now();
        var refused = refusals.steps(operator, Chart.begin(now));
        var number = request.query().count("page", 1);
        var blocked = blocks.list(
                request.principal().scope(),
                ListRequest.of(BLOCKED_SOURCES).sort("-blocked_at").page(number, PAGE));
        return PageResponse.html(
                "console/abuse.jte",
                new AbuseView(
                        reasons(refused),
                        StartPage.failures(now, refused, phones.steps(operator, Chart.begin(now))),
                        refusals.accounts(operator, DAY, MAX),
                        refusals.sources(operator, DAY, MAX),
                        blocked.rows(),
                        blocked.recordCount(),
                        number,
                        Math.max(1, (blocked.recordCount() + PAGE - 1) / PAGE),
                        request.query().count("done", 0)));
    }

    private static List<Reason> reasons(Map<Instant, Map<RefusalReason, Long>> steps) {
        var sums = new EnumMap<RefusalReason, Long>(RefusalReason.class);
        for (var step : steps.values()) {
            step.forEach((reason, times) -> sums.merge(reason, times, Long::sum));
        }
        return sums.entrySet().stream()
                .map(sum -> new Reason(sum.getKey(), sum.getValue()))
                .sorted((a, b) -> Long.compare(b.times(), a.times()))
                .toList();
    }

    PageResponse unblock(PageRequest<ConsolePrincipal> request) {
        var unblocked = Kind.uuid(request.form().raw("id"))
                .map(id -> blocks.unblock(request.principal().scope(), id, request.actor()))
                .orElse(false);
        return PageResponse.redirect(Links.of(PATH, "done", unblocked ? "1" : ""));
    }

    PageResponse askUnblockAll(PageRequest<ConsolePrincipal> request) {
        return PageResponse.html(
                "console/unblock-all.jte",
                new UnblockAllView(blocks.count(request.principal().scope(), Integer.MAX_VALUE)));
    }

    PageResponse unblockAll(PageRequest<ConsolePrincipal> request) {
        var count = blocks.unblockAll(request.principal().scope(), request.actor());
        return PageResponse.redirect(Links.of(PATH, "done", Integer.toString(count)));
    }
}
