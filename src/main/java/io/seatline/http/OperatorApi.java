package io.seatline.http;

import inet.ipaddr.IPAddress;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
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
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The Operator API's one way through: authenticate, find the route, negotiate, hand over to the feature, answer. Whatever a
 * feature throws becomes an answer here and nowhere else.
 */
public final class OperatorApi implements HttpService {
    /** Where the API lies. */
    public static final String BASE = "/api/rest/public/operator";

    /** What stands for an id in a route's path. */
    private static final String ID = "{id}";

    private static final Logger LOG = System.getLogger(OperatorApi.class.getName());
    private static final Header CONTENT_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, MediaTypes.JSON_API);
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Accept");
    private static final Header NOT_STORED = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "private, no-cache");
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Authenticator authenticator;
    private final ClientAddress clientAddress;
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
    public OperatorApi(Authenticator authenticator, List<IPAddress> trustedProxies, List<Route> routes) {
        this.authenticator = authenticator;
        this.clientAddress = new ClientAddress(trustedProxies);
        this.routes = List.copyOf(routes);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any(this::handle);
    }

    void handle(ServerRequest request, ServerResponse response) {
        var trace = RequestLog.trace(request);
        try {
            send(request, response, answer(request, trace));
        } catch (ApiException e) {
            send(request, response, refusal(e.errors(), e.headers()));
        } catch (RuntimeException e) {
            send(request, response, failure(e, trace));
        }
    }

    private Answer answer(ServerRequest request, RequestLog.Trace trace) {
        var headers = request.headers();
        var source = clientAddress.of(request);
        trace.source(source);
        var principal = authenticator.authenticate(
                first(request, HeaderNames.AUTHORIZATION).orElse(null), source);
        trace.username(principal.username());
        var match = match(request);
        var method = request.prologue().method().text();
        var endpoint = match.route().methods().get(method.equals("HEAD") ? "GET" : method);
        if (endpoint == null) {
            var allowed = match.route().allowed();
            throw new ApiException(List.of(ApiError.methodNotAllowed(method, allowed)), Map.of("Allow", allowed));
        }
        var hasBody = method.equals("POST") || method.equals("PATCH");
        MediaTypes.checkAccept(
                headers.contains(HeaderNames.ACCEPT) ? headers.all(HeaderNames.ACCEPT, List::of) : List.of());
        MediaTypes.checkContentType(first(request, HeaderNames.CONTENT_TYPE).orElse(null), hasBody);
        return endpoint.handle(new ApiRequest(
                principal,
                match.ids(),
                Query.parse(request.query().rawValue()),
                () -> RequestBody.read(request),
                first(request, HeaderNames.IF_MATCH),
                first(request, HeaderNames.IF_NONE_MATCH),
                source,
                trace.requestId()));
    }

    private Match match(ServerRequest request) {
        var path = request.prologue().uriPath().rawPath();
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

    private static Optional<String> first(ServerRequest request, HeaderName name) {
        return request.headers().contains(name)
                ? Optional.of(String.join(", ", request.headers().all(name, List::of)))
                : Optional.empty();
    }

    private static Answer refusal(List<ApiError> errors, Map<String, String> headers) {
        var all = new LinkedHashMap<>(headers);
        var status = errors.getFirst().status();
        if (status == 401) {
            all.put("WWW-Authenticate", "Basic realm=\"Seatline Operator API\", charset=\"UTF-8\"");
        }
        return new Answer(status, all, Document.errors(errors));
    }

    private static Answer failure(RuntimeException failure, RequestLog.Trace trace) {
        if (Failures.isAway(failure)) {
            LOG.log(Level.WARNING, "{0}: the database is away: {1}", trace.requestId(), failure.getMessage());
            return refusal(
                    List.of(ApiError.unavailable()), Map.of("Retry-After", Integer.toString(RETRY_AFTER_SECONDS)));
        }
        LOG.log(Level.ERROR, "Incident " + trace.requestId(), failure);
        return refusal(List.of(ApiError.internal(trace.requestId())), Map.of());
    }

    private static void send(ServerRequest request, ServerResponse response, Answer answer) {
        response.status(Status.create(answer.status()));
        response.header(VARY);
        response.header(NOT_STORED);
        answer.headers().forEach(response::header);
        if (answer.body().length == 0) {
            response.send();
            return;
        }
        response.header(CONTENT_TYPE);
        if (request.prologue().method().text().equals("HEAD")) {
            response.contentLength(answer.body().length);
            response.send();
        } else {
            response.send(answer.body());
        }
    }
}
