package io.seatline.server;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.seatline.account.SipAccountApi;
import io.seatline.account.SipAccounts;
import io.seatline.api.OperatorApi;
import io.seatline.api.OperatorApi.Route;
import io.seatline.console.Console;
import io.seatline.console.ConsoleEntrance;
import io.seatline.customer.CustomerApi;
import io.seatline.db.Notifications;
import io.seatline.db.Notifications.Listener;
import io.seatline.demo.Demo;
import io.seatline.environment.Config;
import io.seatline.environment.ConfigException;
import io.seatline.environment.Environment;
import io.seatline.http.AccessLog;
import io.seatline.http.ClientAddress;
import io.seatline.http.HttpServer;
import io.seatline.http.RequestLog;
import io.seatline.jsonapi.Document;
import io.seatline.operator.BasicAuthentication;
import io.seatline.portal.LiveAccounts;
import io.seatline.portal.Portal;
import io.seatline.portal.PortalEntrance;
import io.seatline.provisioning.PhoneServer;
import io.seatline.provisioning.Provisioning;
import io.seatline.provisioning.ProvisioningLinks;
import io.seatline.registration.BlockedSourceApi;
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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/** The running server: everything is built here, by hand, and closed in reverse. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Server.class.getName());

    static {
        // One connection could keep a processor busy with handshakes. Java reads this at its first one.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    /** Running requests are finished within this; the database may take the rest of ten seconds. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(7);

    private static final Duration HALT_AFTER = Duration.ofMillis(9800);

    /** How long a client may be silent, and take for a whole request. */
    public static final Duration REQUEST_LIMIT = Duration.ofSeconds(20);

    /** As many as the heap holds while each sends the longest header that is read. */
    private static final int MAXIMUM_CONNECTIONS = 1_500;

    private static final int MAXIMUM_MANAGEMENT_CONNECTIONS = 100;

    private final Environment installation;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final boolean demo;
    private final int port;
    private final int managementPort;
    private final int sipPort;
    private final OptionalInt sipTlsPort;
    private final URI publicUrl;
    private final Optional<String> demoLink;

    private Server(Config config, Duration requestLimit) throws IOException {
        try {
            var http = closeLater(Ports.take(config.http().host(), config.http().port(), "http.port"));
            port = http.socket().getLocalPort();
            var management = closeLater(
                    Ports.take(config.management().host(), config.management().port(), "management.port"));
            managementPort = management.socket().getLocalPort();
            sipPort = Ports.freeForSip(config.sip());
            sipTlsPort = config.tls().certificate().isPresent()
                    ? OptionalInt.of(
                            Ports.free(config.sip().hosts(), config.sip().tlsPort(), "sip.tls.port"))
                    : OptionalInt.empty();
            installation = closeLater(Environment.open(config, true));
            demo = config.demo().allowed()
                    && installation.database().isEmbedded()
                    && Demo.isLoopback(config)
                    && Demo.load(installation);
            Demo.refuseUnlessLoopback(installation);
            publicUrl = publicUrl(config);
            demoLink = Demo.link(installation, start(config, requestLimit, http, management));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a server and returns when it answers.
     *
     * @throws ConfigException or another exception whose message is for the person who starts it
     */
    public static Server start(Config config, boolean shutdownHook) throws IOException {
        return start(config, shutdownHook, REQUEST_LIMIT);
    }

    /**
     * As {@link #start(Config, boolean)}.
     *
     * @param requestLimit how long a client may be silent, and take for a whole request
     */
    public static Server start(Config config, boolean shutdownHook, Duration requestLimit) throws IOException {
        var server = new Server(config, requestLimit);
        if (shutdownHook) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(server::stopInTime));
            server.installation.database().closedByOwner();
        }
        return server;
    }

    private <T extends AutoCloseable> T closeLater(T part) {
        parts.push(part);
        return part;
    }

    private SessionLinks start(
            Config config, Duration requestLimit, ServerSocketChannel httpPort, ServerSocketChannel managementPort)
            throws IOException {
        var database = installation.database();
        var meters = meters();
        parts.push(meters::close);
        database.measure(meters);
        var notifications = closeLater(new Notifications(database));
        var authentication = new BasicAuthentication(database.jdbi(), notifications::connected);
        notifications.on("seatline_credentials", Listener.of(authentication::forget));
        var sip = closeLater(new SipServer(
                new SipServer.Settings(
                        config.sip().realm(),
                        config.sip().moreRealms(),
                        config.sip().digest(),
                        config.sip().sha256Agents(),
                        config.sip().bindings(),
                        config.sip().endsWithConnection(),
                        config.sip().edges()),
                database.jdbi(),
                installation.secretKey(),
                installation.accountPasswords(),
                notifications,
                meters));
        notifications.start();
        var accessLog = closeLater(new AccessLog(config.http().accessLog()));

        var document = new Document(publicUrl + OperatorApi.BASE);
        var sessions = new Sessions(database.jdbi());
        var tokens = new SessionTokens(installation.secretKey());
        var routes = new ArrayList<Route>();
        var accounts = closeLater(new SipAccounts(database.jdbi(), installation.accountPasswords()));
        routes.addAll(new SipAccountApi(accounts, document).routes());
        var registrations = new Registrations(database.jdbi());
        routes.addAll(new RegistrationApi(registrations, document).routes());
        routes.addAll(new BlockedSourceApi(registrations, document).routes());
        routes.addAll(new CustomerApi(database.jdbi(), document).routes());
        var links =
                new SessionLinks(sessions, tokens, publicUrl(), config.links().lifetime());
        routes.addAll(new SessionApi(links, document).routes());

        var api = new OperatorApi(authentication, routes);
        var clientAddress = new ClientAddress(config.http().trustedProxies());
        var connections = ConnectionLimits.withinFiles(MAXIMUM_CONNECTIONS);
        var webSocket = new WebSocketTransport(
                config.sip().webSocketPath(),
                sip.requests(),
                sip.limits().withConnections(Math.min(WebSocketTransport.MAX_CONNECTIONS, connections * 2 / 3)),
                meters);
        var site = new Site(publicUrl);
        var sender = new PageSender(site);
        var portalEntrance = new PortalEntrance(sessions, tokens, sender);
        var consoleEntrance = new ConsoleEntrance(database.jdbi(), tokens, authentication, sender);
        var live = new LiveAccounts(new LivePhones(database.jdbi()), accounts, sessions);
        var phoneServer = phoneServer(config);
        var provisioningLinks = new ProvisioningLinks(database.jdbi());
        var provisioning = new Provisioning(provisioningLinks, accounts, phoneServer);
        var handlers = List.of(
                new OpenPage(OperatorApi.BASE + "/auth", sender, "/", portalEntrance::enter),
                api,
                new OpenPage(ConsoleEntrance.LOGIN, sender, Console.HOME, consoleEntrance::login),
                new OpenPage(Provisioning.PATH, sender, "/", provisioning::fetch),
                new Portal(
                                database.jdbi(),
                                accounts,
                                registrations,
                                live,
                                provisioningLinks,
                                phoneServer,
                                portalEntrance)
                        .face(portalEntrance, sender),
                new Console(database.jdbi(), accounts, registrations, links, portalEntrance, consoleEntrance)
                        .face(consoleEntrance, sender),
                new Assets(),
                webSocket,
                new Docs(site.base()),
                new NoSuchPage(sender));
        var certificate = config.tls()
                .certificate()
                .map(file -> closeLater(
                        new ServerCertificate(file, config.tls().key().orElseThrow())));
        var tls = certificate.map(ServerCertificate::context);
        // closed last, so that a balancer is told of the end
        var health = new Health(database, meters, stopping::get);
        closeLater(new HttpServer(
                new HttpServer.Options(
                        "management",
                        "",
                        managementPort,
                        Optional.empty(),
                        false,
                        requestLimit,
                        Duration.ofMillis(100),
                        ConnectionLimits.withinFiles(MAXIMUM_MANAGEMENT_CONNECTIONS),
                        ConnectionLimits.withinFiles(MAXIMUM_MANAGEMENT_CONNECTIONS)),
                new ClientAddress(List.of()),
                List.of(health),
                (exchange, nanos) -> {}));
        var http = closeLater(new HttpServer(
                new HttpServer.Options(
                        "http",
                        site.base(),
                        httpPort,
                        tls,
                        config.tls().http2(),
                        requestLimit,
                        STOP_LIMIT,
                        connections,
                        connections / 2),
                clientAddress,
                handlers,
                new RequestLog(accessLog, meters)::write));
        health.watch("HTTP", http::isListening);
        health.watch("SIP", sip::isListening);
        parts.push(sender);
        parts.push(webSocket);
        for (var host : config.sip().hosts()) {
            sip.listen(new InetSocketAddress(host, sipPort));
            if (sipTlsPort.isPresent()) {
                sip.listenTls(new InetSocketAddress(host, sipTlsPort.getAsInt()), tls.orElseThrow());
            }
        }
        health.started();
        return links;
    }

    private URI publicUrl(Config config) {
        return config.http().publicUrl().orElseGet(() -> {
            var scheme = config.tls().certificate().isPresent() ? "https" : "http";
            var host = config.http().host();
            return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        });
    }

    /** What phones are told. The name that browsers know is the likeliest one that phones reach too. */
    private PhoneServer phoneServer(Config config) throws IOException {
        var host = config.sip()
                .publicHost()
                .or(() -> config.http().publicUrl().map(url -> url.getHost().replaceAll("[\\[\\]]", "")))
                .or(() -> config.sip().hosts().stream()
                        .filter(one -> !Config.isWildcard(one))
                        .findFirst())
                .orElseGet(Server::ownName);
        var certificate = config.tls().certificate();
        return new PhoneServer(
                host,
                sipPort,
                sipTlsPort,
                certificate.isPresent()
                        && PublicCertificate.read(certificate.get()).isTrustedFor(host),
                publicUrl().replaceFirst("^http", "ws") + config.sip().webSocketPath(),
                config.sip().realm(),
                publicUrl());
    }

    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static PrometheusMeterRegistry meters() {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        return meters;
    }

    /** What clients know the server by, without a slash at the end. */
    public String publicUrl() {
        return publicUrl.toString();
    }

    /** The port that the API and the pages are served at. */
    public int port() {
        return port;
    }

    /** The port of health and metrics. */
    public int managementPort() {
        return managementPort;
    }

    /** The port of SIP over UDP and TCP. */
    public int sipPort() {
        return sipPort;
    }

    /** The port of SIP over TLS; empty without a certificate. */
    public OptionalInt sipTlsPort() {
        return sipTlsPort;
    }

    /** The database. */
    public Environment installation() {
        return installation;
    }

    /** Whether the database has the demo's data since this start. */
    public boolean demoLoaded() {
        return demo;
    }

    /** A link into the web interface of the demo's customer, where the database has the demo. */
    public Optional<String> demoLink() {
        return demoLink;
    }

    /** Closes, and ends the process where something does not let it: a supervisor waits ten seconds and no longer. */
    private void stopInTime() {
        Thread.ofPlatform().name("stop-limit").daemon().start(() -> {
            try {
                Thread.sleep(HALT_AFTER);
                installation.database().kill();
                Runtime.getRuntime().halt(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        close();
    }

    /** Stops taking requests, finishes those that run, and gives everything back, the last first. */
    @Override
    public void close() {
        if (stopping.getAndSet(true)) {
            return;
        }
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "A part of the server does not close", e);
            }
        }
    }
}
