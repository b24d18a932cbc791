package io.seatline.portal;

import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Kind;
import io.seatline.web.PageRequest;
import java.util.Optional;

/** The accounts of the customer who asks. Those of others are not there for it. */
final class OwnAccounts {
    private OwnAccounts() {}

    /**
     * The account whose id is the first in the path.
     *
     * @throws ApiException 404 when the customer has none of that id
     */
    static SipAccount find(SipAccounts accounts, PageRequest<PortalPrincipal> request) {
        return look(accounts, request).orElseThrow(() -> notFound(request));
    }

    static ApiException notFound(PageRequest<PortalPrincipal> request) {
        return new ApiException(ApiError.notFound(request.id(), Source.none()));
    }

    /** As {@link #find}, for those who have something of their own to say when there is none. */
    static Optional<SipAccount> look(SipAccounts accounts, PageRequest<PortalPrincipal> request) {
        var principal = request.principal();
        return Kind.uuid(request.id())
                .flatMap(id -> accounts.find(principal.operatorId(), id, false))
                .filter(account -> account.customerId().equals(principal.customerId()));
    }
}
