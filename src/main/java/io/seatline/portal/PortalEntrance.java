package io.seatline.portal;

import com.github.f4b6a3.uuid.UuidCreator;
import inet.ipaddr.IPAddress;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.SetCookie;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.seatline.audit.Actor;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.MediaTypes;
import io.seatline.jsonapi.Query;
import io.seatline.session.SessionTokens;
import io.seatline.session.SessionTokens.Use;
import io.seatline.session.Sessions;
import io.seatline.web.Entrance;
import io.seatline.web.Frame;
import io.seatline.web.Message;
import io.seatline.web.PageAnswer;
import io.seatline.web.PageRequest;
import io.seatline.web.PageSender;
import io.seatline.web.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** How customers get in: a link's token is exchanged for a cookie, and the browser goes on to an address without the token. */
public final class PortalEntrance implements Entrance<PortalVisitor> {
    private static final Duration SESSION = Duration.ofHours(12);

    /** In the address to which signing out leads: whoever has no session there ended it. */
    private static final String SIGNED_OUT = "signed_out";

    private final Sessions sessions;
    private final SessionTokens tokens;
    private final PageSender sender;
    private final boolean secure;
    private final String cookie;

    /**
     * The entrance to {@code sessions}.
     *
     * @param secure whether browsers come by https, so that the cookie goes nowhere else
     */
    public PortalEntrance(Sessions sessions, SessionTokens tokens, PageSender sender, boolean secure) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.sender = sender;
        this.secure = secure;
        this.cookie = secure ? "__Host-seatline" : "seatline";
    }

    @Override
    public Optional<PortalVisitor> visitor(ServerRequest request) {
        return request.headers()
                .cookies()
                .first(cookie)
                .asOptional()
                .flatMap(value -> tokens.read(Use.BROWSER, value))
                .flatMap(sessions::find)
                .map(session -> new PortalVisitor(session, tokens.formToken(session.id())));
    }

    @Override
    public PageAnswer turnAway(ServerRequest request) {
        var texts = texts(request);
        var signedOut = request.query().contains(SIGNED_OUT);
        return Message.page(
                signedOut ? 200 : 401,
                texts.get(signedOut ? "signed.out" : "no.session"),
                List.of(texts.get("no.session.mend")),
                "/console",
                texts.get("no.session.operator"));
    }

    /** {@code GET …/auth?token=}: exchanges a link's token for a cookie. HEAD tells what GET would, and enters nothing. */
    public void enter(ServerRequest request, ServerResponse response, IPAddress source) {
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
            var texts = texts(request);
            sender.send(
                    request,
                    response,
                    new Frame(texts, null),
                    Message.page(
                            410,
                            texts.get("link.ended"),
                            List.of(texts.get("link.ended.why"), texts.get("link.ended.mend")),
                            "",
                            ""));
            return;
        }
        var answer = entering
                ? PageAnswer.enter("/", cookie(session.get().id(), session.get().customerId()))
                : PageAnswer.redirect("/");
        sender.send(request, response, new Frame(texts(request), null), answer);
    }

    /**
     * Lets the operator's staff in on a customer's behalf, and leaves the customer's own session alone.
     *
     * @return the cookie to do it with, empty when there is no such customer
     */
    public Optional<SetCookie> admit(int operatorId, String customerId, Actor actor) {
        var id = UuidCreator.getTimeOrderedEpoch();
        return sessions.begin(id, operatorId, customerId, true, Instant.now().plus(SESSION), actor)
                ? Optional.of(cookie(id, customerId))
                : Optional.empty();
    }

    private SetCookie cookie(UUID session, String customerId) {
        var value = tokens.issue(Use.BROWSER, session, customerId, Instant.now().plus(SESSION));
        return SetCookie.builder(cookie, value)
                .path("/")
                .httpOnly(true)
                .secure(secure)
                .sameSite(SetCookie.SameSite.LAX)
                .build();
    }

    /** Ends the session. */
    PageAnswer signOut(PageRequest<PortalVisitor> request) {
        sessions.end(request.visitor().session().id());
        return PageAnswer.redirect("/?" + SIGNED_OUT + "=yes");
    }

    private static Texts texts(ServerRequest request) {
        return Texts.of(
                Portal.TEXTS,
                Texts.preferred(
                        request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse("")));
    }

    private static Optional<String> token(ServerRequest request) {
        try {
            return Optional.ofNullable(
                    Query.parse(request.query().rawValue()).parameters().get("token"));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }
}
