package io.seatline.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.seatline.account.SipAccountApi;
import io.seatline.account.SipAccounts;
import io.seatline.api.OperatorApi;
import io.seatline.api.OperatorApi.Route;
import io.seatline.console.Console;
import io.seatline.console.ConsoleLogin;
import io.seatline.customer.CustomerApi;
import io.seatline.environment.Environment;
import io.seatline.http.AccessLog;
import io.seatline.http.ClientAddress;
import io.seatline.http.Handler;
import io.seatline.http.HttpServer;
import io.seatline.http.RequestLog;
import io.seatline.jsonapi.Document;
import io.seatline.operator.BasicAuthentication;
import io.seatline.portal.LiveAccounts;
import io.seatline.portal.Portal;
import io.seatline.portal.PortalLogin;
import io.seatline.provisioning.Provisioning;
import io.seatline.provisioning.ProvisioningLinks;
import io.seatline.registration.BlockedSourceApi;
import io.seatline.registration.Blocks;
import io.seatline.registration.LivePhones;
import io.seatline.registration.RegistrationApi;
import io.seatline.registration.Registrations;
import io.seatline.session.SessionApi;
import io.seatline.session.SessionLinks;
import io.seatline.session.SessionTokens;
import io.seatline.session.Sessions;
import io.seatline.sip.SipServer;
import io.seatline.sip.transport.ConnectionLimits;
import io.seatline.sip.transport.websocket.WebSocketTransport;
import io.seatline.web.Assets;
import io.seatline.web.Docs;
import io.seatline.web.NoSuchPage;
import io.seatline.web.OpenPage;
import io.seatline.web.PageSender;
import io.seatline.web.Site;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** What is served over HTTP, at the public port and at the management's. */
final class HttpEdge {
    /** Running requests are finished within this; the database may take the rest of ten seconds. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(7);

    /** As many as the heap holds while each sends the longest header that is read. */
    private static final int MAX_CONNECTIONS = 1_500;

    private static final int MAX_MANAGEMENT_CONNECTIONS = 100;

    private final Environment environment;
    private final Ports ports;
    private final PublicNames names;
    private final Duration requestLimit;
    private final Parts parts;
    private final Sessions sessions;
    private final SessionTokens tokens;
    private final SessionLinks links;

    /**
     * An edge that is not open yet.
     *
     * @param requestLimit how long a client may be silent, and take for a whole request
     * @param parts takes what is to be closed with the server
     */
    HttpEdge(Environment environment, Ports ports, PublicNames names, Duration requestLimit, Parts parts) {
        this.environment = environment;
        this.ports = ports;
        this.names = names;
        this.requestLimit = requestLimit;
        this.parts = parts;
        sessions = new Sessions(environment.database().jdbi());
        tokens = new SessionTokens(environment.secretKey());
        links = new SessionLinks(
                sessions,
                tokens,
                names.url().toString(),
                environment.config().links().lifetime());
    }

    /** Links into the pages. */
    SessionLinks links() {
        return links;
    }

    /** Serves health and metrics. */
    void openManagement(Health health) throws IOException {
        var connections = ConnectionLimits.withinFiles(MAX_MANAGEMENT_CONNECTIONS);
        parts.add(new HttpServer(
                new HttpServer.Options(
                        "management",
                        "",
                        ports.management(),
                        Optional.empty(),
                        false,
                        requestLimit,
                        Duration.ofMillis(100),
                        connections,
                        connections),
                new ClientAddress(List.of()),
                List.of(health),
                (exchange, nanos) -> {}));
    }

    /**
     * Serves the API, the pages, and SIP over WebSocket.
     *
     * @param tls for a port that speaks nothing else
     */
    HttpServer open(BasicAuthentication authentication, SipServer sip, Optional<SSLContext> tls, MeterRegistry meters)
            throws IOException {
        var config = environment.config();
        var jdbi = environment.database().jdbi();
        var log = new RequestLog(parts.add(new AccessLog(config.http().accessLog())), meters);
        var accounts = parts.add(new SipAccounts(jdbi, environment.accountPasswords()));
        var registrations = new Registrations(jdbi);
        var connections = ConnectionLimits.withinFiles(MAX_CONNECTIONS);
        var webSocket = new WebSocketTransport(
                config.sip().webSocketPath(),
                sip.requests(),
                sip.limits().withConnections(Math.min(WebSocketTransport.MAX_CONNECTIONS, connections * 2 / 3)),
                meters);
        var site = new Site(names.url());
        var sender = new PageSender(site);
        var http = parts.add(new HttpServer(
                new HttpServer.Options(
                        "http",
                        site.base(),
                        ports.http(),
                        tls,
                        config.tls().http2(),
                        requestLimit,
                        STOP_LIMIT,
                        connections,
                        connections / 2),
                new ClientAddress(config.http().trustedProxies()),
                handlers(authentication, accounts, registrations, sender, webSocket),
                log::write));
        parts.add(sender);
        parts.add(webSocket);
        return http;
    }

    private List<Handler> handlers(
            BasicAuthentication authentication,
            SipAccounts accounts,
            Registrations registrations,
            PageSender sender,
            WebSocketTransport webSocket)
            throws IOException {
        var jdbi = environment.database().jdbi();
        var portalLogin = new PortalLogin(sessions, tokens, sender);
        var consoleLogin = new ConsoleLogin(jdbi, tokens, authentication, sender);
        var live = new LiveAccounts(new LivePhones(jdbi), accounts, sessions);
        var phoneServer = names.phoneServer();
        var provisioningLinks = new ProvisioningLinks(jdbi);
        var provisioning = new Provisioning(provisioningLinks, accounts, phoneServer);
        return List.of(
                new OpenPage(OperatorApi.BASE + "/auth", sender, "/", portalLogin::enter),
                new OperatorApi(authentication, routes(accounts, registrations)),
                new OpenPage(ConsoleLogin.LOGIN, sender, Console.HOME, consoleLogin::login),
                new OpenPage(Provisioning.PATH, sender, "/", provisioning::fetch),
                new Portal(jdbi, accounts, registrations, live, provisioningLinks, phoneServer, portalLogin)
                        .face(portalLogin, sender),
                new Console(jdbi, accounts, registrations, links, portalLogin, consoleLogin).face(consoleLogin, sender),
                new Assets(),
                webSocket,
                new Docs(sender.site().base()),
                new NoSuchPage(sender));
    }

    private List<Route> routes(SipAccounts accounts, Registrations registrations) {
        var document = new Document(names.url() + OperatorApi.BASE);
        return Stream.of(
                        new SipAccountApi(accounts, document).routes(),
                        new RegistrationApi(registrations, document).routes(),
                        new BlockedSourceApi(new Blocks(environment.database().jdbi()), document).routes(),
                        new CustomerApi(environment.database().jdbi(), document).routes(),
                        new SessionApi(links, document).routes())
                .flatMap(List::stream)
                .toList();
    }
}
