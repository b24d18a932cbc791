package io.seatline.portal;

import static io.seatline.portal.AccountForm.ALLOWED_IPS;
import static io.seatline.portal.AccountForm.PASSWORD;
import static io.seatline.portal.AccountForm.USERNAME;

import io.seatline.account.AccountRule;
import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.SipAccounts;
import io.seatline.portal.AccountFormPages.FormView;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What the form does while a person fills it in. Each of its buttons sends the whole form and gets it back with what
 * was asked for: as a part of the page where there is a script, as a page of its own where there is none. Nothing is
 * stored.
 */
final class AccountFormHelp {
    private final AccountFormPages pages;
    private final SipAccounts accounts;

    AccountFormHelp(AccountFormPages pages, SipAccounts accounts) {
        this.pages = pages;
        this.accounts = accounts;
    }

    /** Another username or password, whichever the button's {@code what} says. */
    PageResponse generate(PageRequest<PortalPrincipal> request) {
        var view = sent(request);
        return answer(
                request,
                request.form().raw("what").equals(PASSWORD)
                        ? view.withForm(view.form().with(PASSWORD, AccountSettings.generatePassword()), "")
                        : view.withForm(view.form().with(USERNAME, AccountSettings.generateUsername()), ""));
    }

    /**
     * What the server makes of the allow-list so far. {@code own} adds the visitor's address, {@code take} puts the
     * block that was meant in the place of an entry.
     */
    PageResponse addresses(PageRequest<PortalPrincipal> request) {
        var view = sent(request);
        var form = request.form();
        var typed = form.raw(ALLOWED_IPS);
        if (form.checked("own")) {
            return answer(request, view.withForm(view.form().with(ALLOWED_IPS, added(typed, view.ownAddress())), ""));
        }
        if (form.checked("take")) {
            return answer(
                    request, view.withForm(view.form().with(ALLOWED_IPS, meant(typed, form.raw("take"))), ALLOWED_IPS));
        }
        return request.part().isPresent()
                ? PageResponse.html("portal/form/addresses.jte", view)
                : AccountFormPages.page(200, view);
    }

    private static String added(String typed, String address) {
        var there = AllowList.parse(typed).entries();
        return there.containsAll(AllowList.parse(address).entries())
                ? typed
                : (typed.isBlank() ? "" : typed.stripTrailing() + "\n") + address;
    }

    private static String meant(String typed, String entry) {
        var block = AllowList.parse(entry).problems().stream()
                .filter(problem -> problem.rule() == AccountRule.ALLOWED_IPS_HOST_BITS)
                .map(problem -> problem.values().getLast().toString())
                .findFirst()
                .orElse(entry);
        return Arrays.stream(typed.strip().split("[,\\s]+", -1))
                .map(written -> written.equals(entry) ? block : written)
                .collect(Collectors.joining("\n"));
    }

    /** Shows the present password, or hides it again. */
    PageResponse password(PageRequest<PortalPrincipal> request) {
        var view = sent(request);
        var account = view.account();
        return answer(
                request,
                account != null && request.form().checked("show")
                        ? view.withPassword(account.settings().secret().password())
                        : view);
    }

    /** The form as it was sent, with the account where it is one's settings. */
    private FormView sent(PageRequest<PortalPrincipal> request) {
        var typed = AccountForm.read(request.form());
        return request.id().equals("new")
                ? pages.newForm(request, typed)
                : AccountFormPages.carried(request, OwnAccounts.find(accounts, request), typed);
    }

    private static PageResponse answer(PageRequest<PortalPrincipal> request, FormView view) {
        return request.part().isPresent()
                ? PageResponse.html("portal/form/fields.jte", view)
                : AccountFormPages.page(200, view);
    }
}
