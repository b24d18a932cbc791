package io.seatline.session;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.SetCookie;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.MediaTypes;
import io.seatline.jsonapi.Query;
import io.seatline.session.SessionTokens.Use;
import io.seatline.web.Page;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;

/**
 * Where a link leads: it is exchanged for a cookie, and the browser goes on to an address without the token. The page there
 * greets the customer until the web interface takes its place.
 */
public final class SessionPages {
    private static final Duration SESSION = Duration.ofHours(12);
    private static final int MAXIMUM_ACCEPT_LANGUAGE = 200;
    private static final List<String> LANGUAGES = List.of("en", "ru", "lt", "lv");

    private final Sessions sessions;
    private final SessionTokens tokens;
    private final boolean secure;
    private final String cookie;

    /**
     * The pages over {@code sessions}.
     *
     * @param secure whether browsers come by https, so that the cookie goes nowhere else
     */
    public SessionPages(Sessions sessions, SessionTokens tokens, boolean secure) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.secure = secure;
        this.cookie = secure ? "__Host-seatline" : "seatline";
    }

    /** {@code GET …/auth?token=}: exchanges a link's token for a cookie. HEAD tells what GET would, and enters nothing. */
    public void enter(ServerRequest request, ServerResponse response) {
        var method = request.prologue().method();
        if (!method.equals(Method.GET) && !method.equals(Method.HEAD)) {
            response.status(Status.METHOD_NOT_ALLOWED_405);
            response.header(HeaderNames.ALLOW, "GET, HEAD");
            response.header(HeaderNames.CONTENT_TYPE, MediaTypes.JSON_API);
            response.send(Document.errors(List.of(ApiError.methodNotAllowed(method.text(), "GET, HEAD"))));
            return;
        }
        var entering = method.equals(Method.GET);
        var session = token(request)
                .flatMap(token -> tokens.read(Use.LINK, token))
                .flatMap(id -> entering ? sessions.enter(id, SESSION) : sessions.find(id));
        if (session.isEmpty()) {
            var texts = texts(language(request));
            Page.send(
                    response,
                    410,
                    texts.getLocale().toLanguageTag(),
                    texts.getString("link.ended"),
                    texts.getString("link.ended.why"),
                    texts.getString("link.ended.mend"));
            return;
        }
        if (entering) {
            var value = tokens.issue(
                    Use.BROWSER,
                    session.get().id(),
                    session.get().customerId(),
                    Instant.now().plus(SESSION));
            response.headers()
                    .addCookie(SetCookie.builder(cookie, value)
                            .path("/")
                            .httpOnly(true)
                            .secure(secure)
                            .sameSite(SetCookie.SameSite.LAX)
                            .build());
        }
        Page.protect(response, "default-src 'none'");
        response.header(HeaderValues.create(HeaderNames.CACHE_CONTROL, "no-store"));
        response.status(Status.SEE_OTHER_303);
        response.headers().location(URI.create("/"));
        response.send();
    }

    /** {@code GET /}: greets whoever has a session. */
    public void home(ServerRequest request, ServerResponse response) {
        var session = request.headers()
                .cookies()
                .first(cookie)
                .asOptional()
                .flatMap(value -> tokens.read(Use.BROWSER, value))
                .flatMap(sessions::find);
        if (session.isEmpty()) {
            var texts = texts(language(request));
            Page.send(
                    response,
                    401,
                    texts.getLocale().toLanguageTag(),
                    texts.getString("no.session"),
                    texts.getString("no.session.mend"));
            return;
        }
        var texts = texts(session.get().language());
        Page.send(
                response,
                200,
                texts.getLocale().toLanguageTag(),
                texts.getString("greeting").formatted(session.get().customerName()),
                texts.getString(session.get().admin() ? "signed.in.admin" : "signed.in"));
    }

    private static Optional<String> token(ServerRequest request) {
        try {
            return Optional.ofNullable(
                    Query.parse(request.query().rawValue()).parameters().get("token"));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    /** The first of our languages that the browser names. Read by hand: the JDK's matcher takes minutes over a long range. */
    private static String language(ServerRequest request) {
        var accepted = request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse("");
        return Arrays.stream(accepted.substring(0, Math.min(accepted.length(), MAXIMUM_ACCEPT_LANGUAGE))
                        .split(",", -1))
                .map(range -> range.strip().toLowerCase(Locale.ROOT).split("[-;]", 2)[0])
                .filter(LANGUAGES::contains)
                .findFirst()
                .orElse("en");
    }

    private static ResourceBundle texts(String language) {
        return ResourceBundle.getBundle(
                "io.seatline.session.texts",
                Locale.of(language.toLowerCase(Locale.ROOT)),
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }
}
