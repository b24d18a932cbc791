package io.seatline.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.http.Exchange;
import io.seatline.http.Handler;
import io.seatline.http.PathPattern;
import io.seatline.jsonapi.ApiException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One face of the web interface, the customers' or the operator's: every request's one way through. Who is it, which
 * page is it, does one of our own pages ask, hand over to the page, answer. Whatever a page throws becomes an answer
 * here and nowhere else.
 */
public final class WebApp<V extends PagePrincipal> implements Handler {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String TOKEN_FIELD = "_session";
    private static final String DONE_FIELD = "done";

    private final String home;
    private final String bundle;
    private final Login<V> login;
    private final PageSender sender;
    private final List<Route<V>> routes;
    private final Set<String> places;

    /** What a page does. */
    @FunctionalInterface
    public interface Page<V extends PagePrincipal> {
        /** Does what the request asks. */
        PageResponse handle(PageRequest<V> request);
    }

    /**
     * A page's address and what can be done there.
     *
     * @param method GET or POST
     * @param path such as <code>/accounts/{id}</code>
     */
    public record Route<V extends PagePrincipal>(String method, PathPattern path, Page<V> page) {}

    private record Match<V extends PagePrincipal>(Route<V> route, List<String> ids) {}

    /**
     * A face.
     *
     * @param home where its first page lies
     * @param bundle its words, see {@link Texts#of}
     */
    public WebApp(String home, String bundle, Login<V> login, PageSender sender, List<Route<V>> routes) {
        this.home = home;
        this.bundle = bundle;
        this.login = login;
        this.sender = sender;
        this.routes = List.copyOf(routes);
        this.places = routes.stream()
                .map(route -> "/" + route.path().toString().split("[/.]", -1)[1])
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean handle(Exchange exchange) {
        if (!isWithin(exchange.path())) {
            return false;
        }
        var texts = Message.texts(exchange);
        try {
            var principal = login.principal(exchange);
            if (principal.isEmpty()) {
                sender.send(exchange, new PageContext(texts, null), login.unauthenticated(exchange));
                return true;
            }
            exchange.username(principal.get().name());
            texts = Message.texts(principal.get().language());
            sender.send(exchange, context(exchange, principal.get()), answer(exchange, principal.get(), texts));
        } catch (UncheckedIOException e) {
            // the browser has gone
            throw e;
        } catch (RuntimeException e) {
            var answer = isSignedOut(e) ? login.unauthenticated(exchange) : Failure.page(e, texts, home, exchange.id());
            sender.send(exchange, new PageContext(texts, null), answer);
        }
        return true;
    }

    /** Whether what the session was opened with ended in the middle of the request. */
    private static boolean isSignedOut(RuntimeException failure) {
        return failure instanceof ApiException refusal
                && refusal.errors().getFirst().status() == 401;
    }

    /** /accounts and everything below it; the face itself tells what there is. */
    private boolean isWithin(String path) {
        return places.stream()
                .anyMatch(place -> path.equals(place)
                        || (!place.equals("/") && (path.startsWith(place + "/") || path.startsWith(place + "."))));
    }

    private PageContext context(Exchange exchange, V principal) {
        var texts = Texts.of(bundle, principal.language());
        if (exchange.method().equals("POST")) {
            return new PageContext(texts, principal, home, "");
        }
        var path = exchange.path();
        var query = exchange.query();
        var done = Fields.parse(query).raw(DONE_FIELD);
        return new PageContext(texts, principal, done.isEmpty() && !query.isEmpty() ? path + "?" + query : path, done);
    }

    private PageResponse answer(Exchange exchange, V principal, Texts texts) {
        var path = exchange.path();
        var method = exchange.isHead() ? "GET" : exchange.method();
        var match = routes.stream()
                .filter(route -> route.method().equals(method))
                .flatMap(route -> route.path().match(path).map(ids -> new Match<>(route, ids)).stream())
                .findFirst();
        if (match.isEmpty()) {
            return Message.page(404, texts, PageError.NOT_FOUND, home);
        }
        var form = Fields.NONE;
        if (method.equals("POST")) {
            if (!sender.site().isOurs(exchange)) {
                return Message.page(403, texts, PageError.CROSS_SITE, home);
            }
            if (!exchange.header("Content-Type").orElse(FORM).startsWith(FORM)) {
                return Message.page(415, texts, PageError.BAD_REQUEST, home);
            }
            form = Fields.parse(new String(exchange.body(), UTF_8));
            var token = exchange.header("X-Session").orElse(form.raw(TOKEN_FIELD));
            if (!MessageDigest.isEqual(
                    token.getBytes(UTF_8), principal.formToken().getBytes(US_ASCII))) {
                return Message.page(409, texts, PageError.OTHER_SESSION, home, principal.shownName());
            }
        }
        return match.get()
                .route()
                .page()
                .handle(new PageRequest<>(
                        principal,
                        Texts.of(bundle, principal.language()),
                        match.get().ids(),
                        Fields.parse(exchange.query()),
                        form,
                        exchange.source(),
                        exchange.id(),
                        exchange.header("HX-Request")
                                .map(_ -> exchange.header("HX-Target").orElse(""))));
    }
}
