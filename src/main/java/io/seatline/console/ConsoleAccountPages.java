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
import io.seatline.web.PageAnswer;
import io.seatline.web.PageRequest;
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

    PageAnswer show(PageRequest<ConsoleVisitor> request) {
        var account = find(accounts, request);
        var newestFirst = ListRequest.of(REGISTRATIONS).sort("-last_seen_at");
        return PageAnswer.html(
                "console/account.jte",
                new AccountView(
                        account,
                        registrations
                                .list(request.visitor().scope(), account.id(), newestFirst)
                                .rows(),
                        registrations.refusals(request.visitor().scope(), account.id()),
                        request.query().checked("ended")));
    }

    /** Ends a registration; one that has ended meanwhile is as it should be. */
    PageAnswer kick(PageRequest<ConsoleVisitor> request) {
        var account = find(accounts, request);
        var registration = Kind.uuid(request.form().text("registration")).orElseThrow(() -> notFound(request));
        var _ = registrations.kick(request.visitor().scope(), account.id(), registration.toString(), request.actor());
        return PageAnswer.redirect(PATH + "/" + account.id() + "?ended");
    }

    /**
     * The account whose id is the first in the path, with its customer.
     *
     * @throws ApiException 404 when the operator has none of that id
     */
    static SipAccount find(SipAccounts accounts, PageRequest<ConsoleVisitor> request) {
        return Kind.uuid(request.id())
                .flatMap(id -> accounts.find(request.visitor().operatorId(), id, true))
                .orElseThrow(() -> notFound(request));
    }

    private static ApiException notFound(PageRequest<ConsoleVisitor> request) {
        return new ApiException(ApiError.notFound(request.id(), Source.none()));
    }
}
