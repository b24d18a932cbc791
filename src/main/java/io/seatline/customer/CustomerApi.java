package io.seatline.customer;

import static io.seatline.customer.CustomerType.CUSTOMERS;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.api.ApiRequest;
import io.seatline.api.ApiResponse;
import io.seatline.api.ETags;
import io.seatline.api.OperatorApi.Route;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.RequestDocument;
import io.seatline.jsonapi.Values;
import io.seatline.jsonapi.View;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;

/** {@code /customers}: what an operator's systems do with its customers. */
public final class CustomerApi {
    private static final List<String> WRITABLE = List.of("name", "language", "capacity_limit", "sip_account_limit");

    private final Jdbi jdbi;
    private final Document document;

    /** The API over the database behind {@code jdbi}. */
    public CustomerApi(Jdbi jdbi, Document document) {
        this.jdbi = jdbi;
        this.document = document;
    }

    /** What can be done where. */
    public List<Route> routes() {
        return List.of(
                new Route(CUSTOMERS.name(), Map.of("GET", this::list, "POST", this::create)),
                new Route(
                        CUSTOMERS.name() + "/{id}",
                        Map.of("GET", this::get, "PATCH", this::update, "DELETE", this::delete)));
    }

    private ApiResponse list(ApiRequest request) {
        var list = ListRequest.parse(CUSTOMERS, request.query());
        var page = Customers.list(jdbi, request.operatorId(), list);
        return ApiResponse.ok(document.list(list, page.rows(), page.recordCount()));
    }

    private ApiResponse get(ApiRequest request) {
        var view = View.parse(CUSTOMERS, request.query());
        var customer = jdbi.withHandle(handle -> Customers.find(handle, request.operatorId(), request.id()))
                .orElseThrow(request::notFound);
        return ETags.fetched(request, customer.version(), document.one(view, customer));
    }

    private ApiResponse create(ApiRequest request) {
        var view = View.parse(CUSTOMERS, request.query());
        var body = RequestDocument.parse(request.body().get(), CUSTOMERS.name());
        var id = body.id().orElseGet(() -> UuidCreator.getTimeOrderedEpoch().toString());
        var draft = read(body, new Customer(id, "", "EN", null, null, 0));
        var created = jdbi.inTransaction(
                        handle -> Customers.create(handle, request.operatorId(), draft, request.actor()))
                .orElseThrow(() -> new ApiException(ApiError.idTaken(id)));
        return ETags.created(document.self(CUSTOMERS, id), created.version(), document.one(view, created));
    }

    private ApiResponse update(ApiRequest request) {
        var view = View.parse(CUSTOMERS, request.query());
        var body = RequestDocument.parse(request.body().get(), CUSTOMERS.name());
        body.requireId(request.id());
        var updated = jdbi.inTransaction(handle -> {
            var before =
                    Customers.lock(handle, request.operatorId(), request.id()).orElseThrow(request::notFound);
            ETags.check(request, before.version());
            return Customers.update(handle, request.operatorId(), before, read(body, before), request.actor());
        });
        return ETags.changed(updated.version(), document.one(view, updated));
    }

    private ApiResponse delete(ApiRequest request) {
        View.parse(CUSTOMERS, request.query());
        jdbi.useTransaction(handle -> {
            var customer =
                    Customers.lock(handle, request.operatorId(), request.id()).orElseThrow(request::notFound);
            ETags.check(request, customer.version());
            Customers.delete(handle, request.operatorId(), customer, request.actor());
        });
        return ApiResponse.noContent();
    }

    /** The customer that {@code body} makes of {@code before}; throws when that breaks a rule. */
    private static Customer read(RequestDocument body, Customer before) {
        body.relationships(Map.of());
        var values = new Values(body, WRITABLE);
        var after = new Customer(
                before.id(),
                Objects.requireNonNullElse(values.text("name", before.name()), ""),
                Objects.requireNonNullElse(values.text("language", before.language()), ""),
                values.number("capacity_limit", before.capacityLimit()),
                values.number("sip_account_limit", before.sipAccountLimit()),
                before.version());
        for (var violation : after.violations()) {
            if (violation.attribute().equals("id")) {
                values.report(ApiError.validation("id", violation.message(), Source.pointer("/data/id")));
            }
        }
        values.reportAll(after.violations().stream()
                .filter(violation -> !violation.attribute().equals("id"))
                .toList());
        values.finish();
        return after;
    }
}
