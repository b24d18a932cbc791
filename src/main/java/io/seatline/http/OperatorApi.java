package io.seatline.http;

import io.seatline.db.Failures;
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
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The Operator API's one way through: authenticate, find the route, negotiate, hand over to the feature, answer. Whatever a
 * feature throws becomes an answer here and nowhere else.
 */
public final class OperatorApi implements Handler {
    /** Where the API lies. */
    public static final String BASE = "/api/rest/public/operator";

    /** What stands for an id in a route's path. */
    private static final String ID = "{id}";

    private static final Logger LOG = System.getLogger(OperatorApi.class.getName());
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Authenticator authenticator;
    private final List<Route> routes;

    /** One of a feature's methods. */
    @FunctionalInterface
    public interface Endpoint {
        /** Does what the request asks, or throws an {@link ApiException}. */
        Answer handle(ApiRequest request);
    }

    /**
     * A path below {@link #BASE} and what can be done there.
     *
     * @param parts of the path, in which <code>{id}</code> stands for an id
     * @param methods by HTTP method; HEAD goes with GET
     */
    public record Route(List<String> parts, Map<String, Endpoint> methods) {
        /** Copies. */
        public Route {
            parts = List.copyOf(parts);
            methods = Map.copyOf(methods);
        }

        /**
         * A route.
         *
         * @param path such as {@code customers} or {@code customers/{id}}
         */
        public Route(String path, Map<String, Endpoint> methods) {
            this(List.of(path.split("/", -1)), methods);
        }

        private boolean matches(List<String> asked) {
            if (asked.size() != parts.size()) {
                return false;
            }
            for (var i = 0; i < parts.size(); i++) {
                var part = asked.get(i);
                if (parts.get(i).equals(ID) ? part.isEmpty() : !part.equals(parts.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private List<String> ids(List<String> asked) {
            return IntStream.range(0, parts.size())
                    .filter(i -> parts.get(i).equals(ID))
                    .mapToObj(i -> Query.decodePath(asked.get(i)))
                    .toList();
        }

        private String allowed() {
            var allowed = new TreeSet<>(methods.keySet());
            if (allowed.contains("GET")) {
                allowed.add("HEAD");
            }
            return String.join(", ", allowed);
        }
    }

    private record Match(Route route, List<String> ids) {}

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
        send(exchange, answerOrRefusal(exchange));
        return true;
    }

    private static boolean isBelow(String path) {
        return path.equals(BASE) || path.startsWith(BASE + "/");
    }

    private Answer answerOrRefusal(Exchange exchange) {
        try {
            return answer(exchange);
        } catch (ApiException e) {
            return refusal(e.errors(), e.headers());
        } catch (RuntimeException e) {
            return failure(e, exchange.id());
        }
    }

    private Answer answer(Exchange exchange) {
        var principal =
                authenticator.authenticate(exchange.header("Authorization").orElse(null), exchange.source());
        exchange.username(principal.username());
        var match = match(exchange.path());
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

    private Match match(String path) {
        if (path.startsWith(BASE + "/")) {
            var parts = List.of(path.substring(BASE.length() + 1).split("/", -1));
            for (var route : routes) {
                if (route.matches(parts)) {
                    return new Match(route, route.ids(parts));
                }
            }
        }
        throw new ApiException(ApiError.noSuchPath(path));
    }

    private static Answer refusal(List<ApiError> errors, Map<String, String> headers) {
        var all = new LinkedHashMap<>(headers);
        var status = errors.getFirst().status();
        if (status == 401) {
            all.put("WWW-Authenticate", "Basic realm=\"Seatline Operator API\", charset=\"UTF-8\"");
        }
        return new Answer(status, all, Document.errors(errors));
    }

    private static Answer failure(RuntimeException failure, String requestId) {
        if (Failures.isAway(failure)) {
            Failures.logAway(LOG, requestId, failure);
            return refusal(
                    List.of(ApiError.unavailable()), Map.of("Retry-After", Integer.toString(RETRY_AFTER_SECONDS)));
        }
        LOG.log(Level.ERROR, "Incident " + requestId, failure);
        return refusal(List.of(ApiError.internal(requestId)), Map.of());
    }

    private static void send(Exchange exchange, Answer answer) {
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
