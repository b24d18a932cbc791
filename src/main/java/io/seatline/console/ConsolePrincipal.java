package io.seatline.console;

import io.seatline.listing.Scope;
import io.seatline.web.PagePrincipal;
import java.util.UUID;

/**
 * Somebody of an operator's staff.
 *
 * @param hash what the password was verified against: what is opened from here ends with it as the session does
 */
public record ConsolePrincipal(
        UUID sessionId, int operatorId, String operatorName, String username, String hash, String formToken)
        implements PagePrincipal {
    /** What is the operator's. */
    Scope scope() {
        return Scope.operator(operatorId);
    }

    @Override
    public String name() {
        return username;
    }

    @Override
    public String shownName() {
        return username;
    }

    @Override
    public String language() {
        return "EN";
    }
}
