package io.seatline.console;

import static io.seatline.registration.RegistrationType.REGISTRATIONS;

import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ListRequest;
import io.seatline.registration.Refusal;
import io.seatline.registration.Registration;
import io.seatline.registration.Registrations;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.util.List;

/** One SIP account as the operator's staff sees it: to read, for its settings are the customer's. */
public final class ConsoleAccountPages {
    static final String PATH = "/console/accounts";

    private final SipAccounts accounts;
    private final Registrations registrations;

    ConsoleAccountPages(SipAccounts accounts, Registrations registrations) {
        this.accounts = accounts;
        this.registrations = registrations;
    }

    /** An account, its phones and why others were refused. */
    public record AccountView(
            SipAccount account, List<Registration> registrations, List<Refusal> refusals, boolean ended) {}

    PageResponse show(PageRequest<ConsolePrincipal> request) {
        var account = find(accounts, request);
        var newestFirst = ListRequest.of(REGISTRATIONS).sort("-last_seen_at");
        return PageResponse.html(
                "console/account.jte",
                new AccountView(
                        account,
                        registrations
                                .list(request.principal().scope(), account.id(), newestFirst)
                                .rows(),
                        registrations.refusals(request.principal().scope(), account.id()),
                        request.query().checked("ended")));
    }

    /** Ends a registration; one that has ended meanwhile is as it should be. */
    PageResponse kick(PageRequest<ConsolePrincipal> request) {
        var account = find(accounts, request);
        var registration = Kind.uuid(request.form().text("registration")).orElseThrow(() -> notFound(request));
        var _ = registrations.kick(request.principal().scope(), account.id(), registration.toString(), request.actor());
        return PageResponse.redirect(PATH + "/" + account.id() + "?ended");
    }

    /**
     * The account whose id is the first in the path, with its customer.
     *
     * @throws ApiException 404 when the operator has none of that id
     */
    static SipAccount find(SipAccounts accounts, PageRequest<ConsolePrincipal> request) {
        return Kind.uuid(request.id())
                .flatMap(id -> accounts.find(request.principal().operatorId(), id, true))
                .orElseThrow(() -> notFound(request));
    }

    private static ApiException notFound(PageRequest<ConsolePrincipal> request) {
        return new ApiException(ApiError.notFound(request.id(), Source.none()));
    }
}
