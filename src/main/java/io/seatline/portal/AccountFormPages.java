package io.seatline.portal;

import static io.seatline.portal.AccountForm.PASSWORD;
import static io.seatline.portal.AccountForm.USERNAME;
import static java.util.stream.Collectors.groupingBy;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.account.AccountQuota;
import io.seatline.account.AccountRule;
import io.seatline.account.AccountSettings;
import io.seatline.account.NewAccount;
import io.seatline.account.PhoneSecret;
import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts;
import io.seatline.account.SipAccounts.Creation;
import io.seatline.account.SipAccounts.UsernameTakenException;
import io.seatline.validation.Violation;
import io.seatline.web.Message;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a customer creates an account and changes its settings. */
public final class AccountFormPages {
    static final String MADE_FROM = "made_from";

    /** A rule that only the database can check. */
    private static final Violation TAKEN = new Violation(USERNAME, AccountRule.USERNAME_TAKEN, "is taken");

    private final SipAccounts accounts;

    AccountFormPages(SipAccounts accounts) {
        this.accounts = accounts;
    }

    /**
     * A setting that somebody else changed while the form was open.
     *
     * @param now its value, and {@code typed} what stands in the form when the person changed it too; both null for a
     *     password
     */
    public record Change(
            String setting,
            boolean both,
            @Nullable String now,
            @Nullable String typed) {}

    /**
     * The form.
     *
     * @param account null for a new one
     * @param madeFrom see {@link FormOrigin}; empty for a new one
     * @param errors what breaks the rules, by the setting
     * @param changes what somebody else changed since the form was made
     * @param ownAddress where the visitor comes from
     * @param focus the id of the element that the person should be at, empty for none
     * @param password the present one, when it was asked for
     */
    public record FormView(
            @Nullable SipAccount account,
            AccountForm form,
            String madeFrom,
            Map<String, List<Violation>> errors,
            List<Change> changes,
            @Nullable AccountQuota seats,
            String ownAddress,
            String focus,
            @Nullable String password) {
        /** Where the form's own helpers lie. */
        public String base() {
            return account == null ? "/accounts/new" : "/accounts/" + account.id();
        }

        /** What breaks the rules of a setting. */
        public List<Violation> errorsOf(String setting) {
            return errors.getOrDefault(setting, List.of());
        }

        /** All settings, in the form's order. */
        public List<String> settings() {
            return AccountForm.SETTINGS;
        }

        /** Whether a new account can't be created now. */
        public boolean locked() {
            return account == null && seats != null && seats.full();
        }

        FormView withForm(AccountForm other, String focused) {
            return new FormView(account, other, madeFrom, errors, changes, seats, ownAddress, focused, password);
        }

        FormView withErrors(List<Violation> violations) {
            return new FormView(
                    account,
                    form,
                    madeFrom,
                    violations.stream().collect(groupingBy(Violation::attribute)),
                    changes,
                    seats,
                    ownAddress,
                    violations.isEmpty() ? focus : "problems",
                    password);
        }

        FormView withChanges(List<Change> others) {
            return new FormView(account, form, madeFrom, errors, others, seats, ownAddress, "problems", password);
        }

        FormView withPassword(@Nullable String present) {
            return new FormView(account, form, madeFrom, errors, changes, seats, ownAddress, focus, present);
        }
    }

    /** Leaves an account as it is: what was typed can't be stored. */
    private static final class NotStored extends RuntimeException {
        private final transient FormView view;

        NotStored(FormView view) {
            super(null, null, false, false);
            this.view = view;
        }
    }

    PageResponse fresh(PageRequest<PortalPrincipal> request) {
        return page(200, newForm(request, AccountForm.fresh()));
    }

    /**
     * The lock on "create", as it is now: the form asks for it when it hears that the number of accounts has changed.
     */
    PageResponse seats(PageRequest<PortalPrincipal> request) {
        return PageResponse.html("portal/form/lock.jte", newForm(request, new AccountForm(Map.of())));
    }

    PageResponse create(PageRequest<PortalPrincipal> request) {
        var principal = request.principal();
        var view = newForm(request, AccountForm.read(request.form()));
        var account = new NewAccount(
                UuidCreator.getTimeOrderedEpoch(),
                principal.customerId(),
                view.form().settings(new PhoneSecret.Password("")));
        var violations = account.settings().violations();
        if (!violations.isEmpty()) {
            return page(422, view.withErrors(violations));
        }
        return switch (accounts.create(principal.operatorId(), account, request.actor())) {
            case Creation.Created(var created) -> PageResponse.redirect("/accounts/" + created.id() + "?done=created");
            case Creation.UsernameTaken() -> page(422, view.withErrors(List.of(TAKEN)));
            case Creation.LimitReached full ->
                page(409, newForm(request, view.form()).withForm(view.form(), "locked"));
            case Creation.NoCustomer() -> PageResponse.redirect("/");
        };
    }

    PageResponse settings(PageRequest<PortalPrincipal> request) {
        var account = OwnAccounts.find(accounts, request);
        return page(200, editForm(request, account, AccountForm.of(account)));
    }

    PageResponse save(PageRequest<PortalPrincipal> request) {
        var principal = request.principal();
        var found = OwnAccounts.look(accounts, request);
        if (found.isEmpty()) {
            return gone(request);
        }
        var account = found.get();
        var typed = AccountForm.read(request.form());
        try {
            return accounts.update(
                            principal.operatorId(),
                            account.id(),
                            false,
                            request.actor(),
                            present -> changed(request, present, typed))
                    .map(saved -> PageResponse.redirect("/accounts/" + saved.id() + "?done="
                            + (typed.text(PASSWORD).isBlank()
                                            && account.username().equals(saved.username())
                                    ? "saved"
                                    : "saved.phones")))
                    .orElseGet(() -> gone(request));
        } catch (NotStored e) {
            return page(e.view.changes().isEmpty() ? 422 : 409, e.view);
        } catch (UsernameTakenException e) {
            return page(422, carried(request, account, typed).withErrors(List.of(TAKEN)));
        }
    }

    /**
     * The settings that the form makes of the account.
     *
     * @throws NotStored when somebody else changed the account since, or when a rule is broken
     */
    private AccountSettings changed(PageRequest<PortalPrincipal> request, SipAccount account, AccountForm typed) {
        var origin = FormOrigin.parse(request.form().raw(MADE_FROM));
        var present = FormOrigin.of(account, request.principal().formToken());
        var changed = origin.changedIn(present);
        if (!changed.isEmpty()) {
            var merged = origin.merged(typed, present);
            var changes = changed.stream()
                    .map(setting -> change(setting, typed.differs(origin.settings(), setting), present, typed))
                    .toList();
            throw new NotStored(editForm(request, account, merged).withChanges(changes));
        }
        var after = typed.settings(account.settings().secret());
        // an older password may be shorter than today's rule allows, and goes on working
        var violations = after.violations().stream()
                .filter(violation -> !violation.attribute().equals(PASSWORD)
                        || !typed.text(PASSWORD).isBlank())
                .toList();
        if (!violations.isEmpty()) {
            throw new NotStored(carried(request, account, typed).withErrors(violations));
        }
        return after;
    }

    static Change change(String setting, boolean both, FormOrigin present, AccountForm typed) {
        return setting.equals(PASSWORD)
                ? new Change(setting, both, null, null)
                : new Change(setting, both, present.settings().text(setting), typed.text(setting));
    }

    /** The page of an account that is not there, or not this customer's. */
    static PageResponse gone(PageRequest<PortalPrincipal> request) {
        var texts = request.texts();
        return Message.page(
                404, texts.get("gone"), List.of(texts.get("gone.why")), "/accounts", texts.get("nav.accounts"));
    }

    /** The form for a new account; the seats are those of now. */
    FormView newForm(PageRequest<PortalPrincipal> request, AccountForm form) {
        var principal = request.principal();
        return new FormView(
                null,
                form,
                "",
                Map.of(),
                List.of(),
                accounts.seats(principal.operatorId(), principal.customerId()),
                request.source().toCanonicalString(),
                "",
                null);
    }

    /** A form that is made from the account as it is. */
    private static FormView editForm(PageRequest<PortalPrincipal> request, SipAccount account, AccountForm form) {
        return editForm(
                request,
                account,
                form,
                FormOrigin.of(account, request.principal().formToken()).encoded());
    }

    /** A form that was made from what it says. */
    static FormView carried(PageRequest<PortalPrincipal> request, SipAccount account, AccountForm form) {
        return editForm(request, account, form, request.form().raw(MADE_FROM));
    }

    private static FormView editForm(
            PageRequest<PortalPrincipal> request, SipAccount account, AccountForm form, String madeFrom) {
        return new FormView(
                account,
                form,
                madeFrom,
                Map.of(),
                List.of(),
                null,
                request.source().toCanonicalString(),
                "",
                null);
    }

    static PageResponse page(int status, FormView view) {
        return new PageResponse.Html(
                status, view.account() == null ? "portal/form/create.jte" : "portal/form/settings.jte", view);
    }
}
