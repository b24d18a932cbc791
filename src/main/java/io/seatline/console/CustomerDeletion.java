package io.seatline.console;

import io.seatline.account.SipAccounts;
import io.seatline.customer.Customer;
import io.seatline.customer.Customers;
import io.seatline.listing.Scope;
import io.seatline.registration.Registrations;
import io.seatline.session.Sessions;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import io.seatline.web.PageResponse.Html;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Deletes a customer, once it is clear to everybody what goes with it. */
public final class CustomerDeletion {
    private final Jdbi jdbi;

    CustomerDeletion(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * What would be gone.
     *
     * @param typed the id as it was typed to confirm
     * @param wrong whether that is not the customer's
     */
    public record DeleteView(
            Customer customer, long accounts, long registrations, long sessions, String typed, boolean wrong) {}

    PageResponse ask(PageRequest<ConsolePrincipal> request) {
        return jdbi.withHandle(handle -> page(handle, request, 200, OwnCustomers.find(handle, request)));
    }

    PageResponse delete(PageRequest<ConsolePrincipal> request) {
        return jdbi.inTransaction(handle -> {
            var customer = OwnCustomers.lock(handle, request);
            if (!request.form().text("confirm").equals(customer.id())) {
                return page(handle, request, 422, customer);
            }
            Customers.delete(handle, request.principal().operatorId(), customer, request.actor());
            return PageResponse.redirect(OwnCustomers.PATH + "?deleted");
        });
    }

    private static Html page(Handle handle, PageRequest<ConsolePrincipal> request, int status, Customer customer) {
        var operator = request.principal().operatorId();
        return new Html(
                status,
                "console/customer_delete.jte",
                new DeleteView(
                        customer,
                        SipAccounts.seats(handle, operator, customer.id()).used(),
                        Registrations.count(handle, Scope.customer(operator, customer.id())),
                        Sessions.count(handle, operator, customer.id()),
                        request.form().text("confirm"),
                        status != 200));
    }
}
