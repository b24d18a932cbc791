package io.seatline.console;

import io.seatline.account.QuotaReport;
import io.seatline.console.Chart.Together;
import io.seatline.registration.Blocks;
import io.seatline.registration.OnlinePhones;
import io.seatline.registration.RefusalReason;
import io.seatline.registration.RefusalStatistics;
import io.seatline.registration.RefusalStatistics.RefusedAccount;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** The console's first page: what needs attention, how much there is, and how the last day went. */
public final class StartPage {
    private static final int NAMED = 5;
    private static final int STEPS_OF_AN_HOUR = 6;

    private final Jdbi jdbi;
    private final OnlinePhones phones;
    private final RefusalStatistics refusals;
    private final Blocks blocks;

    StartPage(Jdbi jdbi) {
        this.jdbi = jdbi;
        this.phones = new OnlinePhones(jdbi);
        this.refusals = new RefusalStatistics(jdbi);
        this.blocks = new Blocks(jdbi);
    }

    /** Refusals for one reason, in the last hour and in the one before. */
    public record Refused(RefusalReason reason, long lastHour, long hourBefore) {}

    /**
     * What the page shows.
     *
     * @param blocked how many sources are blocked, one more than {@link #MAX_BLOCKED} for more than that
     * @param refused none when nothing was refused in the last hour
     */
    public record StartView(
            QuotaReport occupancy,
            long blocked,
            List<Refused> refused,
            List<RefusedAccount> accounts,
            OnlinePhones.Counted phones,
            Chart online,
            Chart failures) {
        /** More blocked sources than these are not counted. */
        public static final int MAX_BLOCKED = 1000;

        /** Whether nothing needs attention. */
        public boolean isQuiet() {
            return occupancy.fullCustomers() == 0 && blocked == 0 && refused.isEmpty() && accounts.isEmpty();
        }

        /** All refusals of the last hour. */
        public long lastHour() {
            return refused.stream().mapToLong(Refused::lastHour).sum();
        }

        /** All refusals of the hour before. */
        public long hourBefore() {
            return refused.stream().mapToLong(Refused::hourBefore).sum();
        }
    }

    PageResponse show(PageRequest<ConsolePrincipal> request) {
        var operator = request.principal().operatorId();
        var now = Instant.now();
        var online = phones.steps(operator, Chart.begin(now));
        var refused = refusals.steps(operator, Chart.begin(now));
        return PageResponse.html(
                "console/start.jte",
                new StartView(
                        QuotaReport.read(jdbi, operator, NAMED),
                        blocks.count(request.principal().scope(), StartView.MAX_BLOCKED + 1),
                        lately(now, refused),
                        refusals.accounts(operator, Duration.ofHours(1), NAMED),
                        phones.counted(operator),
                        Chart.draw(now, online, Together.MAX),
                        failures(now, refused, online)));
    }

    /** Where phones were counted and nothing was refused there were none; where nobody counted, nobody knows. */
    static Chart failures(Instant now, Map<Instant, Map<RefusalReason, Long>> refused, Map<Instant, Long> online) {
        var steps = new HashMap<Instant, Long>();
        online.keySet().forEach(at -> steps.put(at, 0L));
        refused.forEach((at, reasons) -> steps.put(
                at, reasons.values().stream().mapToLong(times -> times).sum()));
        return Chart.draw(now, steps, Together.SUM);
    }

    private static List<Refused> lately(Instant now, Map<Instant, Map<RefusalReason, Long>> steps) {
        var lastHour = Chart.begin(now).plus(Chart.STEP.multipliedBy(Chart.STEPS - STEPS_OF_AN_HOUR));
        var hourBefore = lastHour.minus(Chart.STEP.multipliedBy(STEPS_OF_AN_HOUR));
        var last = sum(steps, lastHour, Instant.MAX);
        var before = sum(steps, hourBefore, lastHour);
        var refused = new ArrayList<Refused>();
        last.forEach((reason, times) -> refused.add(new Refused(reason, times, before.getOrDefault(reason, 0L))));
        refused.sort((a, b) -> Long.compare(b.lastHour(), a.lastHour()));
        return refused;
    }

    private static Map<RefusalReason, Long> sum(
            Map<Instant, Map<RefusalReason, Long>> steps, Instant from, Instant to) {
        var sum = new EnumMap<RefusalReason, Long>(RefusalReason.class);
        steps.forEach((at, reasons) -> {
            if (!at.isBefore(from) && at.isBefore(to)) {
                reasons.forEach((reason, times) -> sum.merge(reason, times, Long::sum));
            }
        });
        return sum;
    }
}
