package io.seatline.console;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.account.AccountQuota;
import io.seatline.account.SipAccounts;
import io.seatline.customer.Customer;
import io.seatline.customer.CustomerRule;
import io.seatline.customer.Customers;
import io.seatline.validation.Violation;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import io.seatline.web.PageResponse.Html;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** One customer: its settings and limits. */
public final class CustomerPages {
    private static final String WAS = "was_";

    private final Jdbi jdbi;

    CustomerPages(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A form for a customer that is not there yet. */
    public record NewView(String id, CustomerForm form, Map<String, Violation> errors) {}

    /**
     * A customer and the form to change it with.
     *
     * @param form what is typed into it
     * @param errors by field
     * @param overtaken what somebody else changed since the form was opened
     */
    public record EditView(
            Customer customer,
            AccountQuota seats,
            CustomerForm form,
            Map<String, Violation> errors,
            List<Overtaken> overtaken,
            boolean saved) {
        /** The customer's values as the form was opened with, or is opened with now. */
        public CustomerForm present() {
            return CustomerForm.of(customer);
        }

        /** Whether there are more accounts than the limit would let in now. */
        public boolean over() {
            return seats.limit() != null && seats.used() > seats.limit();
        }
    }

    /** A value that somebody else changed. */
    public record Overtaken(String attribute, String before, String now) {}

    PageResponse create(PageRequest<ConsolePrincipal> request) {
        return PageResponse.html(
                "console/customer_new.jte",
                new NewView("", CustomerForm.of(new Customer("", "", "EN", null, null, 0)), Map.of()));
    }

    PageResponse created(PageRequest<ConsolePrincipal> request) {
        var form = CustomerForm.of(request.form(), "");
        var typed = request.form().text("id");
        var draft = form.customer(
                typed.isEmpty() ? UuidCreator.getTimeOrderedEpoch().toString() : typed, 0);
        var errors = byField(draft.violations());
        if (errors.isEmpty()) {
            var created = jdbi.inTransaction(
                    handle -> Customers.create(handle, request.principal().operatorId(), draft, request.actor()));
            if (created.isPresent()) {
                return PageResponse.redirect(OwnCustomers.path(created.get()) + "?saved");
            }
            errors.put("id", new Violation("id", CustomerRule.ID_TAKEN, "is taken already"));
        }
        return new Html(422, "console/customer_new.jte", new NewView(typed, form, errors));
    }

    PageResponse edit(PageRequest<ConsolePrincipal> request) {
        return jdbi.withHandle(handle -> {
            var customer = OwnCustomers.find(handle, request);
            return PageResponse.html(
                    "console/customer.jte",
                    new EditView(
                            customer,
                            seats(handle, request, customer),
                            CustomerForm.of(customer),
                            Map.of(),
                            List.of(),
                            request.query().checked("saved")));
        });
    }

    PageResponse edited(PageRequest<ConsolePrincipal> request) {
        var form = CustomerForm.of(request.form(), "");
        return jdbi.inTransaction(handle -> {
            var before = OwnCustomers.lock(handle, request);
            if (!request.form().text("version").equals(Long.toString(before.version()))) {
                var was = CustomerForm.of(request.form(), WAS);
                var now = CustomerForm.of(before);
                return refused(handle, request, 409, before, form.over(was, now), Map.of(), overtaken(was, now));
            }
            var after = form.customer(before.id(), before.version());
            var errors = byField(after.violations());
            if (!errors.isEmpty()) {
                return refused(handle, request, 422, before, form, errors, List.of());
            }
            var _ = Customers.update(handle, request.principal().operatorId(), before, after, request.actor());
            return PageResponse.redirect(OwnCustomers.path(before) + "?saved");
        });
    }

    private static PageResponse refused(
            Handle handle,
            PageRequest<ConsolePrincipal> request,
            int status,
            Customer customer,
            CustomerForm form,
            Map<String, Violation> errors,
            List<Overtaken> overtaken) {
        var view = new EditView(customer, seats(handle, request, customer), form, errors, overtaken, false);
        return new Html(status, "console/customer.jte", view);
    }

    private static List<Overtaken> overtaken(CustomerForm was, CustomerForm now) {
        return now.values().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(was.value(entry.getKey())))
                .map(entry -> new Overtaken(entry.getKey(), was.value(entry.getKey()), entry.getValue()))
                .toList();
    }

    private static AccountQuota seats(Handle handle, PageRequest<ConsolePrincipal> request, Customer customer) {
        return SipAccounts.seats(handle, request.principal().operatorId(), customer.id());
    }

    private static Map<String, Violation> byField(List<Violation> violations) {
        var errors = new LinkedHashMap<String, Violation>();
        for (var violation : violations) {
            errors.putIfAbsent(violation.attribute(), violation);
        }
        return errors;
    }
}
