package io.seatline.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import inet.ipaddr.IPAddress;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.seatline.http.ClientAddress;
import io.seatline.http.RequestBody;
import io.seatline.http.RequestLog;
import io.seatline.jsonapi.Query;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One face of the web interface, the customers' or the operator's: every request's one way through. Who is it, which page is it, does
 * one of our own pages ask, hand over to the page, answer. Whatever a page throws becomes an answer here and nowhere else.
 */
public final class Face<V extends Visitor> implements HttpService {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String TOKEN_FIELD = "_session";
    private static final String DONE_FIELD = "done";
    private static final HeaderName TOKEN_HEADER = HeaderNames.create("X-Session");
    private static final HeaderName HTMX = HeaderNames.create("HX-Request");
    private static final HeaderName HTMX_TARGET = HeaderNames.create("HX-Target");

    private final String home;
    private final String bundle;
    private final Entrance<V> entrance;
    private final ClientAddress clientAddress;
    private final PageSender sender;
    private final List<Route<V>> routes;

    /** What a page does. */
    @FunctionalInterface
    public interface Page<V extends Visitor> {
        /** Does what the request asks. */
        PageAnswer handle(PageRequest<V> request);
    }

    /**
     * A page's address and what can be done there.
     *
     * @param method GET or POST
     * @param path such as <code>/accounts/{id}</code>
     */
    public record Route<V extends Visitor>(String method, String path, Page<V> page) {
        private Optional<List<String>> ids(String asked) {
            var parts = path.split("/", -1);
            var given = asked.split("/", -1);
            if (parts.length != given.length) {
                return Optional.empty();
            }
            var ids = new ArrayList<String>();
            for (var i = 0; i < parts.length; i++) {
                if (parts[i].equals("{id}") && !given[i].isEmpty()) {
                    ids.add(Query.decodePath(given[i]));
                } else if (!parts[i].equals(given[i])) {
                    return Optional.empty();
                }
            }
            return Optional.of(ids);
        }
    }

    private record Match<V extends Visitor>(Route<V> route, List<String> ids) {}

    /**
     * A face.
     *
     * @param home where its first page lies
     * @param bundle its words, see {@link Texts#of}
     */
    public Face(
            String home,
            String bundle,
            Entrance<V> entrance,
            List<IPAddress> trustedProxies,
            PageSender sender,
            List<Route<V>> routes) {
        this.home = home;
        this.bundle = bundle;
        this.entrance = entrance;
        this.clientAddress = new ClientAddress(trustedProxies);
        this.sender = sender;
        this.routes = List.copyOf(routes);
    }

    @Override
    public void routing(HttpRules rules) {
        // /accounts and everything below it; the face itself tells what there is
        for (var place : routes.stream()
                .map(route -> "/" + route.path().split("[/.]", -1)[1])
                .collect(Collectors.toCollection(TreeSet::new))) {
            rules.any(place, this::handle);
            if (!place.equals("/")) {
                rules.any(place + "/*", this::handle).any(place + ".*", this::handle);
            }
        }
    }

    private void handle(ServerRequest request, ServerResponse response) {
        var trace = RequestLog.trace(request);
        var texts = Message.texts(Texts.preferred(
                request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse("")));
        try {
            var source = clientAddress.of(request);
            trace.source(source);
            var visitor = entrance.visitor(request);
            if (visitor.isEmpty()) {
                sender.send(request, response, new Frame(texts, null), entrance.turnAway(request));
                return;
            }
            trace.username(visitor.get().name());
            texts = Message.texts(visitor.get().language());
            sender.send(
                    request,
                    response,
                    frame(request, visitor.get()),
                    answer(request, visitor.get(), texts, source, trace.requestId()));
        } catch (RuntimeException e) {
            sender.send(request, response, new Frame(texts, null), Failure.page(e, texts, home, trace.requestId()));
        }
    }

    private Frame frame(ServerRequest request, V visitor) {
        var texts = Texts.of(bundle, visitor.language());
        if (request.prologue().method().equals(Method.POST)) {
            return new Frame(texts, visitor, home, "");
        }
        var path = request.prologue().uriPath().rawPath();
        var query = request.query().rawValue();
        var done = Fields.parse(query).raw(DONE_FIELD);
        return new Frame(texts, visitor, done.isEmpty() && !query.isEmpty() ? path + "?" + query : path, done);
    }

    private PageAnswer answer(ServerRequest request, V visitor, Texts texts, IPAddress source, String requestId) {
        var path = request.prologue().uriPath().rawPath();
        var method = request.prologue().method().text().replace("HEAD", "GET");
        var match = routes.stream()
                .filter(route -> route.method().equals(method))
                .flatMap(route -> route.ids(path).map(ids -> new Match<>(route, ids)).stream())
                .findFirst();
        if (match.isEmpty()) {
            return Message.page(404, texts, "not.found", home);
        }
        var form = Fields.NONE;
        if (method.equals("POST")) {
            if (!CrossSite.isOurs(request)) {
                return Message.page(403, texts, "cross.site", home);
            }
            if (!request.headers().first(HeaderNames.CONTENT_TYPE).orElse(FORM).startsWith(FORM)) {
                return Message.page(415, texts, "bad.request", home);
            }
            form = Fields.parse(new String(RequestBody.read(request), UTF_8));
            var token = request.headers().first(TOKEN_HEADER).orElse(form.raw(TOKEN_FIELD));
            if (!MessageDigest.isEqual(
                    token.getBytes(UTF_8), visitor.formToken().getBytes(US_ASCII))) {
                return Message.page(409, texts, "other.session", home, visitor.shownName());
            }
        }
        return match.get()
                .route()
                .page()
                .handle(new PageRequest<>(
                        visitor,
                        Texts.of(bundle, visitor.language()),
                        match.get().ids(),
                        Fields.parse(request.query().rawValue()),
                        form,
                        source,
                        requestId,
                        request.headers().contains(HTMX)
                                ? request.headers().first(HTMX_TARGET).or(() -> Optional.of(""))
                                : Optional.empty()));
    }
}
