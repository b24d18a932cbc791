package io.seatline.console;

import static io.seatline.customer.CustomerType.CUSTOMERS;
import static io.seatline.customer.CustomerType.LANGUAGE;
import static io.seatline.customer.CustomerType.SEARCHED;
import static java.util.Objects.requireNonNull;

import io.seatline.account.AccountQuota;
import io.seatline.account.AccountQuota.Owner;
import io.seatline.account.SipAccounts;
import io.seatline.customer.Customer;
import io.seatline.customer.Customers;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.ResourceType.Filter;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** The operator's customers, and how many of their seats are taken. */
public final class CustomerListPages {
    private static final int PAGE = 50;
    private static final List<Filter> SEARCH = List.of(SEARCHED, LANGUAGE);

    private final Jdbi jdbi;
    private final SipAccounts accounts;

    CustomerListPages(Jdbi jdbi, SipAccounts accounts) {
        this.jdbi = jdbi;
        this.accounts = accounts;
    }

    /** The customers on one page. */
    public record ListView(ListAddress address, Pager pager, List<Row> rows, boolean deleted) {}

    /** A customer and how many SIP accounts it has. */
    public record Row(Customer customer, AccountQuota seats) {}

    PageResponse list(PageRequest<ConsolePrincipal> request) {
        var operator = request.principal().operatorId();
        var address = ListAddress.of(
                OwnCustomers.PATH,
                request.query(),
                SEARCH.stream().map(Filter::name).toList());
        var asked = ListRequest.of(CUSTOMERS).sort(address.sort()).page(address.page(), PAGE);
        for (var filter : SEARCH) {
            if (!address.value(filter.name()).isEmpty()) {
                asked = asked.where(filter, address.value(filter.name()));
            }
        }
        var page = Customers.list(jdbi, operator, asked);
        var seats = accounts.seats(page.rows().stream()
                .map(customer -> new Owner(operator, customer.id()))
                .collect(Collectors.toSet()));
        var rows = page.rows().stream()
                // one that was deleted a moment ago has none to speak of
                .filter(customer -> seats.containsKey(new Owner(operator, customer.id())))
                .map(customer -> new Row(customer, requireNonNull(seats.get(new Owner(operator, customer.id())))))
                .toList();
        return PageResponse.html(
                "console/customers.jte",
                new ListView(
                        address,
                        new Pager(address, address.page(), PAGE, page.recordCount()),
                        rows,
                        request.query().checked("deleted")));
    }
}
