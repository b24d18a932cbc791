package io.seatline.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.api.Authenticator.Result;
import io.seatline.api.Principal;
import io.seatline.audit.Actor;
import io.seatline.http.Exchange;
import io.seatline.operator.BasicAuthentication;
import io.seatline.session.SessionTokens;
import io.seatline.session.SessionTokens.Use;
import io.seatline.web.Fields;
import io.seatline.web.Login;
import io.seatline.web.PageContext;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import io.seatline.web.PageResponse.Html;
import io.seatline.web.PageSender;
import io.seatline.web.SessionCookie;
import io.seatline.web.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * How the operator's staff gets in: with a credential, as the operator's systems do, and no more often wrong than they.
 */
public final class ConsoleLogin implements Login<ConsolePrincipal> {
    /** Where the log-in page is. */
    public static final String LOGIN = "/console/login";

    private static final Duration SESSION = Duration.ofHours(12);

    private final ConsoleSessions sessions;
    private final SessionTokens tokens;
    private final BasicAuthentication authentication;
    private final PageSender sender;
    private final SessionCookie cookie;

    /**
     * What the log-in page shows.
     *
     * @param problem why the last attempt failed, empty for none
     */
    public record LoginView(String username, String problem) {}

    /** The log-in, whose cookie goes to the sender's site alone. */
    public ConsoleLogin(Jdbi jdbi, SessionTokens tokens, BasicAuthentication authentication, PageSender sender) {
        this.sessions = new ConsoleSessions(jdbi);
        this.tokens = tokens;
        this.authentication = authentication;
        this.sender = sender;
        this.cookie = SessionCookie.of("seatline-console", sender.site(), "Strict");
    }

    @Override
    public Optional<ConsolePrincipal> principal(Exchange exchange) {
        return cookie.of(exchange)
                .flatMap(value -> tokens.read(Use.CONSOLE, value))
                .flatMap(sessions::find)
                .map(session -> new ConsolePrincipal(
                        session.id(),
                        session.operatorId(),
                        session.operatorName(),
                        session.username(),
                        session.hash(),
                        tokens.formToken(session.id())));
    }

    @Override
    public PageResponse unauthenticated(Exchange exchange) {
        return PageResponse.redirect(LOGIN);
    }

    /** The log-in page, and what is typed into it. */
    public void login(Exchange exchange) {
        var context = new PageContext(Texts.of(Console.TEXTS, "EN"), null);
        if (exchange.method().equals("GET") || exchange.isHead()) {
            sender.send(exchange, context, page(200, "", ""));
            return;
        }
        if (!exchange.method().equals("POST") || !sender.site().isOurs(exchange)) {
            sender.send(exchange, context, page(403, "", context.t("login.cross.site")));
            return;
        }
        var form = Fields.parse(new String(exchange.body(), UTF_8));
        var username = form.raw("username");
        var wrong = page(401, username, context.t("login.wrong"));
        var answer = switch (authentication.authenticate(username, form.raw("password"), exchange.source())) {
            case Result.Authenticated(var principal) ->
                enter(exchange, principal).orElse(wrong);
            case Result.Refused() -> wrong;
            case Result.TooManyFailures(var seconds) -> {
                exchange.set("Retry-After", Long.toString(seconds));
                yield page(429, username, context.t("login.too.many"));
            }
        };
        sender.send(exchange, context, answer);
    }

    private Optional<PageResponse> enter(Exchange exchange, Principal principal) {
        var id = UuidCreator.getTimeOrderedEpoch();
        var expires = Instant.now().plus(SESSION);
        exchange.username(principal.username());
        var actor = new Actor(principal.username(), exchange.source().toCanonicalString(), exchange.id());
        return sessions.begin(id, principal, expires, actor)
                ? Optional.of(PageResponse.enter(
                        Console.HOME, cookie.with(tokens.issue(Use.CONSOLE, id, principal.username(), expires))))
                : Optional.empty();
    }

    /** Ends the session. */
    PageResponse signOut(PageRequest<ConsolePrincipal> request) {
        sessions.end(request.principal().sessionId());
        return PageResponse.redirect(LOGIN);
    }

    private static Html page(int status, String username, String problem) {
        return new Html(status, "console/login.jte", new LoginView(username, problem));
    }
}
