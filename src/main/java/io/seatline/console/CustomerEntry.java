package io.seatline.console;

import io.seatline.account.SipAccounts;
import io.seatline.customer.Customer;
import io.seatline.portal.PortalLogin;
import io.seatline.session.Opener;
import io.seatline.session.SessionLinks;
import io.seatline.session.SessionLinks.Link;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Ways from the console into a customer's interface: for the staff at once, for the customer by a link. */
public final class CustomerEntry {
    private final Jdbi jdbi;
    private final SipAccounts accounts;
    private final SessionLinks links;
    private final PortalLogin portal;

    CustomerEntry(Jdbi jdbi, SipAccounts accounts, SessionLinks links, PortalLogin portal) {
        this.jdbi = jdbi;
        this.accounts = accounts;
        this.links = links;
        this.portal = portal;
    }

    /** A link that has just been made. It is shown this once. */
    public record LinkView(Customer customer, Link link) {}

    PageResponse open(PageRequest<ConsolePrincipal> request) {
        return enter(request, request.id(), "/");
    }

    PageResponse openAccount(PageRequest<ConsolePrincipal> request) {
        var account = ConsoleAccountPages.find(accounts, request);
        return enter(request, account.customerId(), "/accounts/" + account.id());
    }

    private PageResponse enter(PageRequest<ConsolePrincipal> request, String customerId, String path) {
        return portal.admit(opener(request), customerId)
                .map(cookie -> PageResponse.enter(path, cookie))
                .orElseThrow(() -> OwnCustomers.notFound(request));
    }

    private static Opener opener(PageRequest<ConsolePrincipal> request) {
        return new Opener(
                request.principal().operatorId(),
                request.actor(),
                Optional.of(request.principal().hash()));
    }

    PageResponse link(PageRequest<ConsolePrincipal> request) {
        var customer = jdbi.withHandle(handle -> OwnCustomers.find(handle, request));
        return links.make(opener(request), customer.id(), false)
                .map(link -> PageResponse.html("console/customer_link.jte", new LinkView(customer, link)))
                .orElseThrow(() -> OwnCustomers.notFound(request));
    }
}
