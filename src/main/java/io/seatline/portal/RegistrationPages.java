package io.seatline.portal;

import static io.seatline.registration.BlockedSourceType.ACCOUNT;
import static io.seatline.registration.BlockedSourceType.BLOCKED_SOURCES;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.Setting;
import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts;
import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ListRequest;
import io.seatline.registration.BlockedSource;
import io.seatline.registration.Blocks;
import io.seatline.registration.Refusal;
import io.seatline.registration.RefusalReason;
import io.seatline.registration.Registration;
import io.seatline.registration.RegistrationType;
import io.seatline.registration.Registrations;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import io.seatline.web.PageResponse.Html;
import java.util.List;

/** What an account's phones do: where they are registered, and why they are not. */
public final class RegistrationPages {
    /** What was done, of which the page that follows tells: its text is {@code registrations.done.} and this. */
    private static final List<String> DONE = List.of("kicked", "gone", "allowed", "unblocked");

    private final SipAccounts accounts;
    private final Registrations registrations;
    private final Blocks blocks;

    RegistrationPages(SipAccounts accounts, Registrations registrations, Blocks blocks) {
        this.accounts = accounts;
        this.registrations = registrations;
        this.blocks = blocks;
    }

    /**
     * Registrations that were refused.
     *
     * @param now what would become of one from this address today
     */
    public record Failure(Refusal refusal, Now now) {}

    /** Whether the allow-list lets an address in by now. */
    public enum Now {
        /** It may be added. */
        ADDABLE,
        /** It does since. */
        ALLOWED,
        /** The allow-list was not the reason. */
        OTHER
    }

    /**
     * The page.
     *
     * @param done the key of what was done, empty for nothing
     * @param problem the key of what was not, empty for nothing
     */
    public record RegistrationsView(
            SipAccount account,
            List<Registration> live,
            List<Failure> failures,
            List<BlockedSource> blocked,
            String done,
            String problem) {}

    PageResponse show(PageRequest<PortalPrincipal> request) {
        var done = request.query().text("done");
        var view = view(
                request,
                OwnAccounts.find(accounts, request),
                DONE.contains(done) ? "registrations.done." + done : "",
                "");
        return PageResponse.html(
                request.part().isPresent() ? "portal/registrationsLive.jte" : "portal/registrations.jte", view);
    }

    PageResponse kick(PageRequest<PortalPrincipal> request) {
        var account = OwnAccounts.find(accounts, request);
        var kicked = Kind.uuid(request.ids().get(1))
                .filter(id ->
                        registrations.kick(request.principal().scope(), account.id(), id.toString(), request.actor()))
                .isPresent();
        return done(account, kicked ? "kicked" : "gone");
    }

    PageResponse unblock(PageRequest<PortalPrincipal> request) {
        var account = OwnAccounts.find(accounts, request);
        var unblocked = Kind.uuid(request.ids().get(1))
                .filter(id -> blocks.unblock(request.principal().scope(), account.id(), id, request.actor()))
                .isPresent();
        return done(account, unblocked ? "unblocked" : "gone");
    }

    /** Puts an address on the allow-list: none but one that the account was just refused from. */
    PageResponse allow(PageRequest<PortalPrincipal> request) {
        var account = OwnAccounts.find(accounts, request);
        var address = request.form().text("address");
        if (registrations.refusals(request.principal().scope(), account.id()).stream()
                .noneMatch(refusal -> refusal.reason() == RefusalReason.ADDRESS_NOT_ALLOWED
                        && refusal.sourceAddress().equals(address))) {
            return problem(request, account, "registrations.allow.unknown");
        }
        try {
            return accounts.update(
                            request.principal().operatorId(),
                            account.id(),
                            false,
                            request.actor(),
                            present -> withAddress(present, address))
                    .map(updated -> done(updated, "allowed"))
                    .orElseGet(() -> PageResponse.redirect("/accounts"));
        } catch (NoRoomException e) {
            return problem(request, account, "registrations.allow.many");
        }
    }

    /** The list has as many entries as it may have. */
    private static final class NoRoomException extends RuntimeException {}

    private static AccountSettings withAddress(SipAccount account, String address) {
        var settings = account.settings();
        var list = AllowList.parse(settings.allowedIps() + "," + address);
        if (!list.problems().isEmpty()) {
            throw new NoRoomException();
        }
        return settings.with(Setting.ALLOWED_IPS, list);
    }

    private PageResponse problem(PageRequest<PortalPrincipal> request, SipAccount account, String problem) {
        return new Html(422, "portal/registrations.jte", view(request, account, "", problem));
    }

    private static PageResponse done(SipAccount account, String what) {
        return PageResponse.redirect("/accounts/" + account.id() + "/registrations?done=" + what);
    }

    private RegistrationsView view(
            PageRequest<PortalPrincipal> request, SipAccount account, String done, String problem) {
        var scope = request.principal().scope();
        return new RegistrationsView(
                account,
                registrations
                        .list(scope, account.id(), ListRequest.of(RegistrationType.REGISTRATIONS))
                        .rows(),
                registrations.refusals(scope, account.id()).stream()
                        .map(refusal -> new Failure(refusal, now(account, refusal)))
                        .toList(),
                blocks.list(scope, ListRequest.of(BLOCKED_SOURCES).where(ACCOUNT, account.id()))
                        .rows(),
                done,
                problem);
    }

    private static Now now(SipAccount account, Refusal refusal) {
        if (refusal.reason() != RefusalReason.ADDRESS_NOT_ALLOWED) {
            return Now.OTHER;
        }
        var settings = account.settings();
        return !settings.useAllowedIps() || settings.allowedIps().contains(address(refusal.sourceAddress()))
                ? Now.ALLOWED
                : Now.ADDABLE;
    }

    private static IPAddress address(String stored) {
        return new IPAddressString(stored).getAddress();
    }
}
