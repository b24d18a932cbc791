package io.seatline.session;

import io.seatline.api.ApiRequest;
import io.seatline.api.ApiResponse;
import io.seatline.api.OperatorApi.Route;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.RequestDocument;
import io.seatline.jsonapi.ResourceType;
import io.seatline.jsonapi.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /sessions} and {@code /customer_admin_sessions}: links into a customer's web interface. */
public final class SessionApi {
    private static final String CUSTOMER = "customer";
    private static final ResourceType<Link> SESSIONS = new ResourceType<>(
            "sessions",
            false,
            Link::customerId,
            "",
            List.of(ResourceType.text("uri", "", Link::uri)),
            List.of(),
            Optional.empty());

    private final SessionLinks links;
    private final Document document;

    private record Link(String customerId, String uri) {}

    /** The API over {@code links}. */
    public SessionApi(SessionLinks links, Document document) {
        this.links = links;
        this.document = document;
    }

    /** What can be done where. */
    public List<Route> routes() {
        return List.of(
                new Route("sessions", Map.of("POST", request -> begin(request, "sessions"))),
                new Route(
                        "customer_admin_sessions",
                        Map.of("POST", request -> begin(request, "customer_admin_sessions"))));
    }

    private ApiResponse begin(ApiRequest request, String type) {
        var view = View.parse(SESSIONS, request.query());
        var body = RequestDocument.parse(request.body().get(), type);
        body.attributes(List.of());
        var customerId = body.relationships(Map.of(CUSTOMER, "customers")).get(CUSTOMER);
        if (customerId == null) {
            throw new ApiException(ApiError.missing(CUSTOMER, body.relationshipPointer(CUSTOMER)));
        }
        var admin = !type.equals(SESSIONS.name());
        var link = links.make(opener(request), customerId, admin)
                .orElseThrow(() -> new ApiException(
                        ApiError.notFound(customerId, Source.pointer("/data/relationships/customer/data/id"))));
        return new ApiResponse(201, Map.of(), document.one(view, new Link(customerId, link.uri())));
    }

    private static Opener opener(ApiRequest request) {
        return new Opener(
                request.operatorId(),
                request.actor(),
                Optional.of(request.principal().hash()));
    }
}
