package io.seatline.console;

import static io.seatline.account.SipAccountType.SIP_ACCOUNTS;

import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.ResourceType.Filter;
import io.seatline.jsonapi.View;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import io.seatline.web.PageResponse.Html;
import java.util.ArrayList;
import java.util.List;

/** The SIP accounts of all customers, found as the API finds them. */
public final class ConsoleAccountListPages {
    private static final List<String> NAMES =
            SIP_ACCOUNTS.filters().stream().map(Filter::name).toList();

    private static final int PAGE = 50;

    private final SipAccounts accounts;

    ConsoleAccountListPages(SipAccounts accounts) {
        this.accounts = accounts;
    }

    /** The accounts on one page; none where a field's text can't be searched for. */
    public record ListView(ListAddress address, Pager pager, List<Field> fields, List<SipAccount> accounts) {}

    /**
     * A filter of the contract.
     *
     * @param choice whether it is yes or no
     * @param error what is wrong with the value, empty for nothing
     */
    public record Field(String name, String value, boolean choice, String error) {}

    PageResponse list(PageRequest<ConsolePrincipal> request) {
        var address = ListAddress.of(ConsoleAccountPages.PATH, request.query(), NAMES);
        var asked = ListRequest.of(SIP_ACCOUNTS).show(View.including(SIP_ACCOUNTS));
        var fields = new ArrayList<Field>();
        for (var filter : SIP_ACCOUNTS.filters()) {
            var value = address.value(filter.name());
            var error = "";
            try {
                asked = value.isEmpty() ? asked : asked.filter(filter, value);
            } catch (ApiException e) {
                error = e.errors().getFirst().detail();
            }
            fields.add(new Field(
                    filter.name(), value, filter.kind() == Kind.BOOLEAN || filter.kind() == Kind.CONDITION, error));
        }
        if (fields.stream().anyMatch(field -> !field.error().isEmpty())) {
            return new Html(
                    400, "console/accounts.jte", new ListView(address, new Pager(address, 1, 1, 0), fields, List.of()));
        }
        var page = accounts.list(
                request.principal().operatorId(), asked.sort(address.sort()).page(address.page(), PAGE));
        return PageResponse.html(
                "console/accounts.jte",
                new ListView(
                        address, new Pager(address, address.page(), PAGE, page.recordCount()), fields, page.rows()));
    }
}
