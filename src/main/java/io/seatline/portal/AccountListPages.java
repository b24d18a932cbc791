package io.seatline.portal;

import io.seatline.account.AccountQuota;
import io.seatline.account.AccountQuota.Owner;
import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Kind;
import io.seatline.listing.PageQuery.Page;
import io.seatline.portal.LiveAccounts.News;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import io.seatline.web.PageResponse.EventSink;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The customer's accounts: the list, live, and as a file. */
public final class AccountListPages {
    /** A browser that has gone is found out by the second sign of life that does not reach it. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    /** How many accounts a page may listen for: as many as it shows at most. */
    private static final int MAX_IDS = AccountSearch.SIZES.getLast();

    private static final int FILE_BLOCK = 1000;

    private final SipAccounts accounts;
    private final LiveAccounts live;

    AccountListPages(SipAccounts accounts, LiveAccounts live) {
        this.accounts = accounts;
        this.live = live;
    }

    /**
     * The accounts on one page.
     *
     * @param found how many there are on all pages
     */
    public record ListView(AccountSearch search, AccountQuota seats, List<AccountRow> rows, long found) {
        /** How many pages there are. */
        public long pages() {
            return Math.max(1, (found + search.size() - 1) / search.size());
        }

        /** The place in the whole list of the page's first account, from 1. */
        public long first() {
            return (search.page() - 1L) * search.size() + 1;
        }

        /** The place of its last. */
        public long last() {
            return first() + rows.size() - 1;
        }

        /** Where the page hears of changes. */
        public String events() {
            return rows.stream()
                    .map(row -> row.account().id().toString())
                    .collect(Collectors.joining(",", "/accounts/events?used=" + seats.used() + "&ids=", ""));
        }
    }

    PageResponse list(PageRequest<PortalPrincipal> request) {
        var principal = request.principal();
        var search = AccountSearch.of(request.query());
        // Before the list: what is created between the two makes the page ask again, and is not missed.
        var seats = accounts.seats(principal.operatorId(), principal.customerId());
        var page = accounts.list(
                principal.operatorId(), search.request(principal.customerId(), search.page(), search.size()));
        if (page.rows().isEmpty() && page.recordCount() > 0) {
            return PageResponse.redirect(
                    search.on((page.recordCount() - 1) / search.size() + 1).address("/accounts"));
        }
        var view = new ListView(search, seats, rows(principal, page), page.recordCount());
        return PageResponse.html(
                request.part().equals(Optional.of("list")) ? "portal/accountList.jte" : "portal/accounts.jte", view);
    }

    private List<AccountRow> rows(PortalPrincipal principal, Page<SipAccount> page) {
        var phones = live.phones(
                owner(principal), page.rows().stream().map(SipAccount::id).toList());
        return page.rows().stream()
                .map(account -> new AccountRow(account, AccountRow.Phone.of(phones.get(account.id()))))
                .toList();
    }

    private static Owner owner(PortalPrincipal principal) {
        return new Owner(principal.operatorId(), principal.customerId());
    }

    PageResponse download(PageRequest<PortalPrincipal> request) {
        var principal = request.principal();
        var search = AccountSearch.of(request.query());
        // Block after block, so that nobody who reads slowly keeps a connection to the database.
        return new PageResponse.Download("accounts.csv", "text/csv; charset=utf-8", out -> {
            try (var file = new AccountListFile(out, request.texts())) {
                var number = 0;
                Page<SipAccount> page;
                do {
                    number++;
                    page = accounts.list(
                            principal.operatorId(), search.request(principal.customerId(), number, FILE_BLOCK));
                    rows(principal, page).forEach(file::write);
                } while (page.rows().size() == FILE_BLOCK);
            }
        });
    }

    PageResponse events(PageRequest<PortalPrincipal> request) {
        var ids = ids(request.query().raw("ids"));
        var used = request.query().raw("used");
        return new PageResponse.Events(sink -> tell(request.principal(), ids, used, sink));
    }

    private static Set<UUID> ids(String joined) {
        if (joined.isEmpty()) {
            return Set.of();
        }
        var ids = Arrays.stream(joined.split(",", -1))
                .map(text -> Kind.uuid(text).orElseThrow(() -> unreadable("not all ids are ids")))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (ids.size() > MAX_IDS) {
            throw unreadable("more ids than a page has");
        }
        return ids;
    }

    private static ApiException unreadable(String why) {
        return new ApiException(ApiError.badRequest(why, Source.parameter("ids")));
    }

    /**
     * Tells all of it at first, since things may have changed after the page was made, and then what changes. A page
     * with a list says for how many accounts it was made, and is told when there are more or fewer.
     */
    private void tell(PortalPrincipal principal, Set<UUID> ids, String used, EventSink sink)
            throws IOException, InterruptedException {
        var told = new HashMap<UUID, AccountRow.Phone>();
        @Nullable AccountQuota toldSeats = null;
        try (var watch = live.watch(principal.session().id(), owner(principal), ids)) {
            var spoken = System.nanoTime();
            while (true) {
                switch (watch.next(SIGN_OF_LIFE)) {
                    case News.End() -> {
                        return;
                    }
                    case News.Silence() -> {}
                    case News.Now(var phones, var seats) -> {
                        if (!seats.equals(toldSeats)) {
                            sink.send("seats", "portal/seats.jte", seats);
                            toldSeats = seats;
                            if (!used.isEmpty() && !used.equals(Long.toString(seats.used()))) {
                                sink.send("list", "portal/seats.jte", seats);
                            }
                        }
                        for (var id : ids) {
                            var phone = AccountRow.Phone.of(phones.get(id));
                            tell(sink, id, told.put(id, phone), phone);
                        }
                    }
                }
                if (System.nanoTime() - spoken >= SIGN_OF_LIFE.toNanos()) {
                    sink.ping();
                    spoken = System.nanoTime();
                }
            }
        }
    }

    private static void tell(EventSink sink, UUID id, AccountRow.@Nullable Phone before, AccountRow.Phone phone)
            throws IOException {
        if (before == null || !before.state().equals(phone.state())) {
            sink.send("state-" + id, "portal/state.jte", phone);
        }
        var values = Map.of("agent-", phone.userAgent(), "source-", phone.source());
        var former = before == null ? Map.of() : Map.of("agent-", before.userAgent(), "source-", before.source());
        for (var value : values.entrySet()) {
            if (!value.getValue().equals(former.get(value.getKey()))) {
                sink.send(value.getKey() + id, "portal/value.jte", value.getValue());
            }
        }
    }
}
