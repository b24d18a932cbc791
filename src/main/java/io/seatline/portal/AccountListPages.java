package io.seatline.portal;

import io.seatline.account.SipAccount;
import io.seatline.account.SipAccountType;
import io.seatline.account.SipAccounts;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.Query;
import io.seatline.web.PageAnswer;
import io.seatline.web.PageRequest;
import java.util.List;
import java.util.Map;

/** The customer's accounts: the list, live. */
public final class AccountListPages {
    private final SipAccounts accounts;

    AccountListPages(SipAccounts accounts) {
        this.accounts = accounts;
    }

    /** The accounts on one page. */
    public record ListView(String customerName, List<SipAccount> accounts) {}

    PageAnswer list(PageRequest<PortalVisitor> request) {
        var visitor = request.visitor();
        var query = new Query(Map.of("filter[customer.id]", visitor.customerId()));
        var page = accounts.list(visitor.operatorId(), ListRequest.parse(SipAccountType.SIP_ACCOUNTS, query));
        return PageAnswer.html(
                "portal/accounts.jte", new ListView(visitor.session().customerName(), page.rows()));
    }
}
