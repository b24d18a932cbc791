package io.seatline.registration;

import static io.seatline.registration.RegistrationType.REGISTRATIONS;

import io.seatline.account.SipAccountType;
import io.seatline.api.ApiRequest;
import io.seatline.api.ApiResponse;
import io.seatline.api.OperatorApi.Route;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.View;
import io.seatline.listing.Scope;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/**
 * {@code /sip_device_routes/{id}/registrations}, an extension of the contract: which phones are registered, why others
 * were refused, and ending a registration.
 */
public final class RegistrationApi {
    private static final String NEWEST_FIRST = "-last_seen_at";

    private final Registrations registrations;
    private final Document document;

    /** The API over {@code registrations}. */
    public RegistrationApi(Registrations registrations, Document document) {
        this.registrations = registrations;
        this.document = document;
    }

    /** What can be done where. */
    public List<Route> routes() {
        return List.of(
                new Route(path("{id}"), Map.of("GET", this::list, "DELETE", this::kickAll)),
                new Route(path("{id}") + "/{id}", Map.of("DELETE", this::kick)));
    }

    private static String path(String accountId) {
        return SipAccountType.SIP_ACCOUNTS.name() + "/" + accountId + "/" + REGISTRATIONS.name();
    }

    private ApiResponse list(ApiRequest request) {
        var list = ListRequest.parse(REGISTRATIONS, request.query(), NEWEST_FIRST);
        var scope = Scope.operator(request.operatorId());
        var account = account(request);
        if (!registrations.hasAccount(scope, account)) {
            throw request.notFound();
        }
        var page = registrations.list(scope, account, list);
        var refusals = registrations.refusals(scope, account);
        return ApiResponse.ok(document.list(
                list, page.rows(), page.recordCount(), path(account.toString()), json -> write(json, refusals)));
    }

    private ApiResponse kick(ApiRequest request) {
        View.parse(REGISTRATIONS, request.query());
        var id = Kind.uuid(request.ids().getLast()).orElseThrow(request::notFound);
        if (!registrations.kick(
                Scope.operator(request.operatorId()), account(request), id.toString(), request.actor())) {
            throw request.notFound();
        }
        return ApiResponse.noContent();
    }

    private ApiResponse kickAll(ApiRequest request) {
        View.parse(REGISTRATIONS, request.query());
        var _ = registrations
                .kickAll(Scope.operator(request.operatorId()), account(request), request.actor())
                .orElseThrow(request::notFound);
        return ApiResponse.noContent();
    }

    private static UUID account(ApiRequest request) {
        return Kind.uuid(request.id()).orElseThrow(request::notFound);
    }

    private static void write(JsonGenerator json, List<Refusal> refusals) {
        json.writeArrayPropertyStart("last_refusals");
        for (var refusal : refusals) {
            json.writeStartObject();
            json.writeStringProperty("reason", refusal.reason().wireName());
            json.writeStringProperty("explanation", refusal.reason().explanation());
            json.writeStringProperty("source_address", refusal.sourceAddress());
            json.writeNumberProperty("source_port", refusal.sourcePort());
            json.writeStringProperty("transport", refusal.transport());
            json.writeStringProperty("user_agent", refusal.userAgent());
            json.writeNumberProperty("times", refusal.times());
            json.writeStringProperty(
                    "first_seen_at",
                    refusal.firstSeenAt().truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeStringProperty(
                    "last_seen_at",
                    refusal.lastSeenAt().truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
