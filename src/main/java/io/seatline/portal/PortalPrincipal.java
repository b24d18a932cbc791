package io.seatline.portal;

import io.seatline.listing.Scope;
import io.seatline.session.Session;
import io.seatline.web.PagePrincipal;

/** A customer, or somebody of the operator's staff acting for one. */
public record PortalPrincipal(Session session, String formToken) implements PagePrincipal {
    int operatorId() {
        return session.operatorId();
    }

    /** What is the customer's. */
    Scope scope() {
        return Scope.customer(operatorId(), customerId());
    }

    String customerId() {
        return session.customerId();
    }

    @Override
    public String name() {
        return session.admin()
                ? session.openedBy() + " for customer " + session.customerId()
                : "customer " + session.customerId();
    }

    @Override
    public String shownName() {
        return session.customerName();
    }

    @Override
    public String language() {
        return session.language();
    }
}
