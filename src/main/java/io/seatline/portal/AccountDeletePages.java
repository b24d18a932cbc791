package io.seatline.portal;

import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts;
import io.seatline.jsonapi.ListRequest;
import io.seatline.portal.AccountFormPages.Change;
import io.seatline.registration.Registration;
import io.seatline.registration.RegistrationType;
import io.seatline.registration.Registrations;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.util.List;

/** Where a customer deletes an account. */
public final class AccountDeletePages {
    private final SipAccounts accounts;
    private final Registrations registrations;

    AccountDeletePages(SipAccounts accounts, Registrations registrations) {
        this.accounts = accounts;
        this.registrations = registrations;
    }

    /**
     * What goes.
     *
     * @param madeFrom see {@link FormOrigin}
     * @param changes what somebody changed since the page was made
     */
    public record DeleteView(
            SipAccount account,
            String madeFrom,
            List<Registration> registrations,
            long registrationCount,
            List<Change> changes) {}

    /** Leaves an account as it is. */
    private static final class NotDeleted extends RuntimeException {
        private final transient SipAccount account;
        private final transient List<String> changed;

        NotDeleted(SipAccount account, List<String> changed) {
            super(null, null, false, false);
            this.account = account;
            this.changed = List.copyOf(changed);
        }
    }

    PageResponse ask(PageRequest<PortalPrincipal> request) {
        return page(200, request, OwnAccounts.find(accounts, request), List.of());
    }

    PageResponse delete(PageRequest<PortalPrincipal> request) {
        var principal = request.principal();
        var found = OwnAccounts.look(accounts, request);
        if (found.isEmpty()) {
            return AccountFormPages.gone(request);
        }
        var origin = FormOrigin.parse(request.form().raw(AccountFormPages.MADE_FROM));
        try {
            return accounts.delete(principal.operatorId(), found.get().id(), request.actor(), account -> {
                        var changed = origin.changedIn(FormOrigin.of(account, principal.formToken()));
                        if (!changed.isEmpty()) {
                            throw new NotDeleted(account, changed);
                        }
                    })
                    ? PageResponse.redirect("/accounts?done=deleted")
                    : AccountFormPages.gone(request);
        } catch (NotDeleted e) {
            return page(409, request, e.account, e.changed);
        }
    }

    private PageResponse page(
            int status, PageRequest<PortalPrincipal> request, SipAccount account, List<String> changed) {
        var principal = request.principal();
        var live = registrations.list(principal.scope(), account.id(), ListRequest.of(RegistrationType.REGISTRATIONS));
        var present = FormOrigin.of(account, principal.formToken());
        return new PageResponse.Html(
                status,
                "portal/form/delete.jte",
                new DeleteView(
                        account,
                        present.encoded(),
                        live.rows(),
                        live.recordCount(),
                        changed.stream()
                                .map(setting -> AccountFormPages.change(setting, false, present, present.settings()))
                                .toList()));
    }
}
