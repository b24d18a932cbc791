package io.seatline.registration;

import static io.seatline.registration.BlockedSourceType.BLOCKED_SOURCES;

import io.seatline.api.ApiRequest;
import io.seatline.api.ApiResponse;
import io.seatline.api.ETags;
import io.seatline.api.OperatorApi.Route;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.View;
import io.seatline.listing.Scope;
import java.util.List;
import java.util.Map;

/**
 * {@code /blocked_sources}, an extension of the contract: which sources are blocked for which accounts, and letting
 * them in.
 */
public final class BlockedSourceApi {
    private final Blocks blocks;
    private final Document document;

    /** The API over {@code blocks}. */
    public BlockedSourceApi(Blocks blocks, Document document) {
        this.blocks = blocks;
        this.document = document;
    }

    /** What can be done where. */
    public List<Route> routes() {
        return List.of(
                new Route(BLOCKED_SOURCES.name(), Map.of("GET", this::list, "DELETE", this::unblockAll)),
                new Route(BLOCKED_SOURCES.name() + "/{id}", Map.of("GET", this::get, "DELETE", this::unblock)));
    }

    private ApiResponse list(ApiRequest request) {
        var list = ListRequest.parse(BLOCKED_SOURCES, request.query());
        var page = blocks.list(Scope.operator(request.operatorId()), list);
        return ApiResponse.ok(document.list(list, page.rows(), page.recordCount()));
    }

    private ApiResponse get(ApiRequest request) {
        var view = View.parse(BLOCKED_SOURCES, request.query());
        var blocked = find(request);
        return ETags.fetched(request, blocked.version(), document.one(view, blocked));
    }

    private ApiResponse unblock(ApiRequest request) {
        View.parse(BLOCKED_SOURCES, request.query());
        var blocked = find(request);
        ETags.check(request, blocked.version());
        if (!blocks.unblock(Scope.operator(request.operatorId()), blocked.id(), request.actor())) {
            throw request.notFound();
        }
        return ApiResponse.noContent();
    }

    private ApiResponse unblockAll(ApiRequest request) {
        View.parse(BLOCKED_SOURCES, request.query());
        blocks.unblockAll(Scope.operator(request.operatorId()), request.actor());
        return ApiResponse.noContent();
    }

    private BlockedSource find(ApiRequest request) {
        return Kind.uuid(request.id())
                .flatMap(id -> blocks.find(Scope.operator(request.operatorId()), id))
                .orElseThrow(request::notFound);
    }
}
