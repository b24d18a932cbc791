package io.seatline.portal;

import io.seatline.customer.Customer;
import io.seatline.customer.Customers;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import io.seatline.validation.Language;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** Where a customer says which language it reads. */
final class LanguagePages {
    /** An address of this server: one slash, not two or a backslash, which would be another server's name. */
    private static final Pattern OURS = Pattern.compile("/(?!/)[!-~&&[^\\\\]]{0,2000}");

    private final Jdbi jdbi;

    LanguagePages(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    PageResponse choose(PageRequest<PortalPrincipal> request) {
        var principal = request.principal();
        var language = request.form().text("language");
        if (!Language.codes().contains(language)) {
            throw new ApiException(ApiError.badRequest("There is no such language.", Source.none()));
        }
        jdbi.useTransaction(handle -> Customers.lock(handle, principal.operatorId(), principal.customerId())
                .ifPresent(before -> {
                    var _ = Customers.update(
                            handle,
                            principal.operatorId(),
                            before,
                            new Customer(
                                    before.id(),
                                    before.name(),
                                    language,
                                    before.capacityLimit(),
                                    before.sipAccountLimit(),
                                    before.version()),
                            request.actor());
                }));
        var back = request.form().text("back");
        return PageResponse.redirect(OURS.matcher(back).matches() ? back : "/");
    }
}
