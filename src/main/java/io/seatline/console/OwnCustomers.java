package io.seatline.console;

import io.seatline.customer.Customer;
import io.seatline.customer.Customers;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import io.seatline.web.PageRequest;
import org.jdbi.v3.core.Handle;

/** The customers of the operator whose staff asks. Those of others are not there for it. */
final class OwnCustomers {
    static final String PATH = "/console/customers";

    private OwnCustomers() {}

    /**
     * The customer whose id is the first in the path.
     *
     * @throws ApiException 404 when the operator has none of that id
     */
    static Customer find(Handle handle, PageRequest<ConsolePrincipal> request) {
        return Customers.find(handle, request.principal().operatorId(), request.id())
                .orElseThrow(() -> notFound(request));
    }

    /** The same, which nobody else changes until the transaction ends. */
    static Customer lock(Handle handle, PageRequest<ConsolePrincipal> request) {
        return Customers.lock(handle, request.principal().operatorId(), request.id())
                .orElseThrow(() -> notFound(request));
    }

    static ApiException notFound(PageRequest<ConsolePrincipal> request) {
        return new ApiException(ApiError.notFound(request.id(), Source.none()));
    }

    static String path(Customer customer) {
        return PATH + "/" + customer.id();
    }
}
