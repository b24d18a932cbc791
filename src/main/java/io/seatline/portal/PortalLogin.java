package io.seatline.portal;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.http.Exchange;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.MediaTypes;
import io.seatline.jsonapi.Query;
import io.seatline.session.Opener;
import io.seatline.session.SessionTokens;
import io.seatline.session.SessionTokens.Use;
import io.seatline.session.Sessions;
import io.seatline.web.Fields;
import io.seatline.web.Login;
import io.seatline.web.Message;
import io.seatline.web.PageContext;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import io.seatline.web.PageSender;
import io.seatline.web.SessionCookie;
import io.seatline.web.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How customers get in: a link's token is exchanged for a cookie, and the browser goes on to an address without the
 * token.
 */
public final class PortalLogin implements Login<PortalPrincipal> {
    private static final Duration SESSION = Duration.ofHours(12);

    /** In the address to which signing out leads: whoever has no session there ended it. */
    private static final String SIGNED_OUT = "signed_out";

    private final Sessions sessions;
    private final SessionTokens tokens;
    private final PageSender sender;
    private final SessionCookie cookie;

    /** The way into {@code sessions}, whose cookie goes to the sender's site alone. */
    public PortalLogin(Sessions sessions, SessionTokens tokens, PageSender sender) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.sender = sender;
        this.cookie = SessionCookie.of("seatline", sender.site(), "Lax");
    }

    @Override
    public Optional<PortalPrincipal> principal(Exchange exchange) {
        return cookie.of(exchange)
                .flatMap(value -> tokens.read(Use.BROWSER, value))
                .flatMap(sessions::find)
                .map(session -> new PortalPrincipal(session, tokens.formToken(session.id())));
    }

    @Override
    public PageResponse unauthenticated(Exchange exchange) {
        var texts = texts(exchange);
        var signedOut = Fields.parse(exchange.query()).checked(SIGNED_OUT);
        return Message.page(
                signedOut ? 200 : 401,
                texts.get(signedOut ? "signed.out" : "no.session"),
                List.of(texts.get("no.session.mend")),
                "/console",
                texts.get("no.session.operator"));
    }

    /**
     * {@code GET …/auth?token=}: exchanges a link's token for a cookie. HEAD tells what GET would, and enters nothing.
     */
    public void enter(Exchange exchange) {
        exchange.resource("auth");
        var entering = exchange.method().equals("GET");
        if (!entering && !exchange.isHead()) {
            exchange.status(405)
                    .set("Allow", "GET, HEAD")
                    .set("Content-Type", MediaTypes.JSON_API)
                    .send(Document.errors(List.of(ApiError.methodNotAllowed(exchange.method(), "GET, HEAD"))));
            return;
        }
        var session = token(exchange)
                .flatMap(token -> tokens.read(Use.LINK, token))
                .flatMap(id -> entering ? sessions.enter(id, SESSION) : sessions.find(id));
        if (session.isEmpty()) {
            var texts = texts(exchange);
            sender.send(
                    exchange,
                    new PageContext(texts, null),
                    Message.page(
                            410,
                            texts.get("link.ended"),
                            List.of(texts.get("link.ended.why"), texts.get("link.ended.mend")),
                            "",
                            ""));
            return;
        }
        var answer = entering
                ? PageResponse.enter(
                        "/", cookie(session.get().id(), session.get().customerId()))
                : PageResponse.redirect("/");
        sender.send(exchange, new PageContext(texts(exchange), null), answer);
    }

    /**
     * Lets the operator's staff in on a customer's behalf, and leaves the customer's own session alone.
     *
     * @return the cookie to do it with, empty when there is no such customer
     */
    public Optional<String> admit(Opener opener, String customerId) {
        var id = UuidCreator.getTimeOrderedEpoch();
        return sessions.begin(id, opener, customerId, true, Instant.now().plus(SESSION))
                ? Optional.of(cookie(id, customerId))
                : Optional.empty();
    }

    private String cookie(UUID session, String customerId) {
        return cookie.with(
                tokens.issue(Use.BROWSER, session, customerId, Instant.now().plus(SESSION)));
    }

    /** Ends the session. */
    PageResponse signOut(PageRequest<PortalPrincipal> request) {
        sessions.end(request.principal().session().id());
        return PageResponse.redirect("/?" + SIGNED_OUT + "=yes");
    }

    private static Texts texts(Exchange exchange) {
        return Texts.of(
                Portal.TEXTS, Texts.preferred(exchange.header("Accept-Language").orElse("")));
    }

    private static Optional<String> token(Exchange exchange) {
        try {
            return Optional.ofNullable(
                    Query.parse(exchange.query()).parameters().get("token"));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }
}
