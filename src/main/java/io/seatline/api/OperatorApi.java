package io.seatline.api;

import io.seatline.api.Authenticator.Result;
import io.seatline.db.Failures;
import io.seatline.http.Exchange;
import io.seatline.http.Handler;
import io.seatline.http.PathPattern;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.MediaTypes;
import io.seatline.jsonapi.Query;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The Operator API's one way through: authenticate, find the route, negotiate, hand over to the feature, answer.
 * Whatever a feature throws becomes an answer here and nowhere else.
 */
public final class OperatorApi implements Handler {
    /** Where the API lies. */
    public static final String BASE = "/api/rest/public/operator";

    private static final Pattern NOT_PLAIN = Pattern.compile("[/\\\\%]");

    private static final Logger LOG = System.getLogger(OperatorApi.class.getName());
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Authenticator authenticator;
    private final List<Route> routes;

    /** One of a feature's methods. */
    @FunctionalInterface
    public interface Endpoint {
        /** Does what the request asks, or throws an {@link ApiException}. */
        ApiResponse handle(ApiRequest request);
    }

    /**
     * A path below {@link #BASE} and what can be done there.
     *
     * @param path such as <code>customers/{id}</code>
     * @param methods by HTTP method; HEAD goes with GET
     */
    public record Route(PathPattern path, Map<String, Endpoint> methods) {
        /** A route. */
        public Route(String path, Map<String, Endpoint> methods) {
            this(new PathPattern(path), Map.copyOf(methods));
        }

        private String allowed() {
            var allowed = new TreeSet<>(methods.keySet());
            if (allowed.contains("GET")) {
                allowed.add("HEAD");
            }
            return String.join(", ", allowed);
        }
    }

    private record Match(Route route, List<String> ids) {
        /** An id with a part of a path in it may be another way to a link, whose query is a secret. */
        boolean isPlain() {
            return ids.stream().noneMatch(id -> NOT_PLAIN.matcher(id).find());
        }
    }

    /** The API with the routes of all features. */
    public OperatorApi(Authenticator authenticator, List<Route> routes) {
        this.authenticator = authenticator;
        this.routes = List.copyOf(routes);
    }

    @Override
    public boolean handle(Exchange exchange) {
        if (!isBelow(exchange.path())) {
            return false;
        }
        var match = match(exchange.path());
        exchange.resource(match.map(found -> found.route().path().toString()).orElse("other"));
        if (match.filter(Match::isPlain).isPresent()) {
            exchange.logQuery();
        }
        send(exchange, answerOrRefusal(exchange, match));
        return true;
    }

    private static boolean isBelow(String path) {
        return path.equals(BASE) || path.startsWith(BASE + "/");
    }

    private ApiResponse answerOrRefusal(Exchange exchange, Optional<Match> match) {
        try {
            return answer(exchange, match);
        } catch (ApiException e) {
            return refusal(e.errors(), e.headers());
        } catch (RuntimeException e) {
            return failure(e, exchange.id());
        }
    }

    private ApiResponse answer(Exchange exchange, Optional<Match> found) {
        var principal = principal(exchange);
        exchange.username(principal.username());
        var match = found.orElseThrow(() -> new ApiException(ApiError.noSuchPath(exchange.path())));
        var method = exchange.method();
        var endpoint = match.route().methods().get(method.equals("HEAD") ? "GET" : method);
        if (endpoint == null) {
            var allowed = match.route().allowed();
            throw new ApiException(List.of(ApiError.methodNotAllowed(method, allowed)), Map.of("Allow", allowed));
        }
        var hasBody = method.equals("POST") || method.equals("PATCH");
        MediaTypes.checkAccept(exchange.header("Accept").orElse(""));
        MediaTypes.checkContentType(exchange.header("Content-Type").orElse(null), hasBody);
        if (hasBody) {
            MediaTypes.checkContentEncoding(exchange.header("Content-Encoding").orElse(""));
        }
        return endpoint.handle(new ApiRequest(
                principal,
                match.ids(),
                Query.parse(exchange.query()),
                exchange::body,
                exchange.header("If-Match"),
                exchange.header("If-None-Match"),
                exchange.source(),
                exchange.id()));
    }

    private Principal principal(Exchange exchange) {
        return switch (authenticator.authenticate(
                exchange.header("Authorization").orElse(null), exchange.source())) {
            case Result.Authenticated(var principal) -> principal;
            case Result.Refused() -> throw new ApiException(ApiError.unauthenticated());
            case Result.TooManyFailures(var seconds) ->
                throw new ApiException(
                        List.of(ApiError.tooManyFailures(seconds)), Map.of("Retry-After", Long.toString(seconds)));
        };
    }

    private Optional<Match> match(String path) {
        if (path.startsWith(BASE + "/")) {
            var below = path.substring(BASE.length() + 1);
            for (var route : routes) {
                var ids = route.path().match(below);
                if (ids.isPresent()) {
                    return Optional.of(new Match(route, ids.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static ApiResponse refusal(List<ApiError> errors, Map<String, String> headers) {
        var all = new LinkedHashMap<>(headers);
        var status = errors.getFirst().status();
        if (status == 401) {
            all.put("WWW-Authenticate", "Basic realm=\"Seatline Operator API\", charset=\"UTF-8\"");
        }
        return new ApiResponse(status, all, Document.errors(errors));
    }

    private static ApiResponse failure(RuntimeException failure, String requestId) {
        if (Failures.isAway(failure)) {
            Failures.logAway(LOG, requestId, failure);
            return refusal(
                    List.of(ApiError.unavailable()), Map.of("Retry-After", Integer.toString(RETRY_AFTER_SECONDS)));
        }
        LOG.log(Level.ERROR, "Incident " + requestId, failure);
        return refusal(List.of(ApiError.internal(requestId)), Map.of());
    }

    private static void send(Exchange exchange, ApiResponse answer) {
        exchange.status(answer.status())
                .set("Vary", "Accept")
                .set("Cache-Control", "private, no-cache")
                .compressible();
        answer.headers().forEach(exchange::set);
        if (answer.body().length == 0) {
            exchange.send();
        } else {
            exchange.set("Content-Type", MediaTypes.JSON_API).send(answer.body());
        }
    }
}
