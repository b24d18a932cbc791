package io.seatline.server;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.seatline.db.Notifications;
import io.seatline.db.Notifications.Listener;
import io.seatline.demo.Demo;
import io.seatline.environment.Config;
import io.seatline.environment.ConfigException;
import io.seatline.environment.Environment;
import io.seatline.operator.BasicAuthentication;
import io.seatline.registration.Housekeeping;
import io.seatline.registration.PhoneCounts;
import io.seatline.sip.SipServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;

/**
 * The running server, from its start to its end: what it is made of is put together here, by hand, and closed in
 * reverse.
 */
public final class Server implements AutoCloseable {
    static {
        // One connection could keep a processor busy with handshakes. Java reads this at its first one.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private static final Duration HALT_AFTER = Duration.ofMillis(9800);

    /** How long a client may be silent, and take for a whole request. */
    public static final Duration REQUEST_LIMIT = Duration.ofSeconds(20);

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Parts parts = new Parts();
    private final Ports ports;
    private final Environment environment;
    private final boolean demo;
    private final PublicNames names;
    private final Optional<String> demoLink;

    private Server(Config config, Duration requestLimit) throws IOException {
        try {
            ports = new Ports(config, parts);
            environment = parts.add(Environment.open(config, true));
            demo = config.demo().allowed()
                    && environment.database().isEmbedded()
                    && Demo.isLoopback(config)
                    && Demo.load(environment);
            Demo.refuseUnlessLoopback(environment);
            names = new PublicNames(config, ports);
            var http = new HttpEdge(environment, ports, names, requestLimit, parts);
            start(config, http);
            demoLink = Demo.link(environment, http.links());
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
            server.environment.database().closedByOwner();
        }
        return server;
    }

    private void start(Config config, HttpEdge http) throws IOException {
        var database = environment.database();
        var meters = meters();
        parts.add(meters::close);
        database.measure(meters);
        var notifications = parts.add(new Notifications(database));
        var authentication = new BasicAuthentication(database.jdbi(), notifications::connected);
        notifications.on("seatline_credentials", Listener.of(authentication::forget));
        var sip = parts.add(new SipServer(
                new SipServer.Settings(
                        config.sip().realm(),
                        config.sip().moreRealms(),
                        config.sip().digest(),
                        config.sip().sha256Agents(),
                        config.sip().bindings(),
                        config.sip().endsWithConnection(),
                        config.sip().edges()),
                database.jdbi(),
                environment.secretKey(),
                environment.accountPasswords(),
                notifications,
                meters));
        notifications.start();
        var certificate = config.tls()
                .certificate()
                .map(file -> new ServerCertificate(file, config.tls().key().orElseThrow()));
        var tls = certificate.map(ServerCertificate::context);
        var health = new Health(database, meters, stopping::get);
        // closed after the others, so that a balancer is told of the end
        http.openManagement(health);
        health.watch("HTTP", http.open(authentication, sip, tls, meters)::isListening);
        health.watch("SIP", sip::isListening);
        for (var host : config.sip().hosts()) {
            sip.listen(new InetSocketAddress(host, ports.sip()));
            if (tls.isPresent()) {
                sip.listenTls(new InetSocketAddress(host, ports.sipTls().orElseThrow()), tls.get());
            }
        }
        startWork(database.jdbi(), certificate);
        health.started();
    }

    private void startWork(Jdbi jdbi, Optional<ServerCertificate> certificate) {
        var work = parts.add(new BackgroundWork());
        work.start("housekeeping", Housekeeping.EVERY, Housekeeping.EVERY, () -> Housekeeping.clean(jdbi));
        work.start("phone-counts", Duration.ZERO, PhoneCounts.EVERY, () -> PhoneCounts.count(jdbi));
        certificate.ifPresent(shown ->
                work.start("certificate", ServerCertificate.LOOK_EVERY, ServerCertificate.LOOK_EVERY, shown::look));
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
        return names.url().toString();
    }

    /** The port that the API and the pages are served at. */
    public int port() {
        return ports.httpPort();
    }

    /** The port of health and metrics. */
    public int managementPort() {
        return ports.managementPort();
    }

    /** The port of SIP over UDP and TCP. */
    public int sipPort() {
        return ports.sip();
    }

    /** The port of SIP over TLS; empty without a certificate. */
    public OptionalInt sipTlsPort() {
        return ports.sipTls();
    }

    /** The database. */
    public Environment environment() {
        return environment;
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
                environment.database().kill();
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
        if (!stopping.getAndSet(true)) {
            parts.close();
        }
    }
}
