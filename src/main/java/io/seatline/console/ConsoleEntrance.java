package io.seatline.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.f4b6a3.uuid.UuidCreator;
import inet.ipaddr.IPAddress;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.SetCookie;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.seatline.audit.Actor;
import io.seatline.http.RequestBody;
import io.seatline.http.RequestLog;
import io.seatline.jsonapi.ApiException;
import io.seatline.operator.BasicAuthentication;
import io.seatline.session.SessionTokens;
import io.seatline.session.SessionTokens.Use;
import io.seatline.web.CrossSite;
import io.seatline.web.Entrance;
import io.seatline.web.Fields;
import io.seatline.web.Frame;
import io.seatline.web.PageAnswer;
import io.seatline.web.PageAnswer.Html;
import io.seatline.web.PageRequest;
import io.seatline.web.PageSender;
import io.seatline.web.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** How the operator's staff gets in: with a credential, as the operator's systems do, and no more often wrong than they. */
public final class ConsoleEntrance implements Entrance<ConsoleVisitor> {
    static final String LOGIN = "/console/login";

    private static final Duration SESSION = Duration.ofHours(12);

    private final ConsoleSessions sessions;
    private final SessionTokens tokens;
    private final BasicAuthentication authentication;
    private final PageSender sender;
    private final boolean secure;
    private final String cookie;

    /**
     * What the log-in page shows.
     *
     * @param problem why the last attempt failed, empty for none
     */
    public record LoginView(String username, String problem) {}

    /**
     * The entrance.
     *
     * @param secure whether browsers come by https, so that the cookie goes nowhere else
     */
    public ConsoleEntrance(
            Jdbi jdbi, SessionTokens tokens, BasicAuthentication authentication, PageSender sender, boolean secure) {
        this.sessions = new ConsoleSessions(jdbi);
        this.tokens = tokens;
        this.authentication = authentication;
        this.sender = sender;
        this.secure = secure;
        this.cookie = secure ? "__Host-seatline-console" : "seatline-console";
    }

    @Override
    public Optional<ConsoleVisitor> visitor(ServerRequest request) {
        return request.headers()
                .cookies()
                .first(cookie)
                .asOptional()
                .flatMap(value -> tokens.read(Use.CONSOLE, value))
                .flatMap(sessions::find)
                .map(session -> new ConsoleVisitor(
                        session.id(),
                        session.operatorId(),
                        session.operatorName(),
                        session.username(),
                        tokens.formToken(session.id())));
    }

    @Override
    public PageAnswer turnAway(ServerRequest request) {
        return PageAnswer.redirect(LOGIN);
    }

    /** The log-in page, and what is typed into it. */
    public void login(ServerRequest request, ServerResponse response, IPAddress source) {
        var frame = new Frame(Texts.of(Console.TEXTS, "EN"), null);
        var method = request.prologue().method();
        if (method.equals(Method.GET) || method.equals(Method.HEAD)) {
            sender.send(request, response, frame, page(200, "", ""));
            return;
        }
        if (!method.equals(Method.POST) || !CrossSite.isOurs(request)) {
            sender.send(request, response, frame, page(403, "", frame.t("login.cross.site")));
            return;
        }
        var form = Fields.parse(new String(RequestBody.read(request), UTF_8));
        var username = form.raw("username");
        try {
            var principal = authentication.authenticate(username, form.raw("password"), source);
            var id = UuidCreator.getTimeOrderedEpoch();
            var expires = Instant.now().plus(SESSION);
            var trace = RequestLog.trace(request);
            trace.username(principal.username());
            sessions.begin(
                    id,
                    principal.operatorId(),
                    expires,
                    new Actor(principal.username(), source.toCanonicalString(), trace.requestId()));
            var value = tokens.issue(Use.CONSOLE, id, principal.username(), expires);
            var entry = SetCookie.builder(cookie, value)
                    .path("/")
                    .httpOnly(true)
                    .secure(secure)
                    .sameSite(SetCookie.SameSite.STRICT)
                    .build();
            sender.send(request, response, frame, PageAnswer.enter(Console.HOME, entry));
        } catch (ApiException e) {
            var status = e.errors().getFirst().status();
            e.headers().forEach((name, text) -> response.header(HeaderNames.create(name), text));
            sender.send(
                    request,
                    response,
                    frame,
                    page(status, username, frame.t(status == 429 ? "login.too.many" : "login.wrong")));
        }
    }

    /** Ends the session. */
    PageAnswer signOut(PageRequest<ConsoleVisitor> request) {
        sessions.end(request.visitor().sessionId());
        return PageAnswer.redirect(LOGIN);
    }

    private static Html page(int status, String username, String problem) {
        return new Html(status, "console/login.jte", new LoginView(username, problem));
    }
}
