package io.seatline.sip;

import inet.ipaddr.IPAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.seatline.db.Notifications;
import io.seatline.registration.BindingLimits;
import io.seatline.registration.BlockedSources;
import io.seatline.registration.ConnectionBindings;
import io.seatline.registration.Refusals;
import io.seatline.registration.RegistrationWriter;
import io.seatline.secret.SealedText;
import io.seatline.secret.SecretKey;
import io.seatline.sip.auth.BruteForceGuard;
import io.seatline.sip.auth.CredentialCache;
import io.seatline.sip.auth.Digest.Algorithm;
import io.seatline.sip.auth.Nonces;
import io.seatline.sip.auth.Realms;
import io.seatline.sip.auth.Sha256Clients;
import io.seatline.sip.transport.ConnectionLimits;
import io.seatline.sip.transport.MessageHandler;
import io.seatline.sip.transport.StreamTransport;
import io.seatline.sip.transport.UdpTransport;
import io.seatline.sip.transport.UdpTransports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jdbi.v3.core.Jdbi;

/** The SIP edge, built by hand and closed in reverse. */
public final class SipServer implements AutoCloseable {
    /** Each takes up to 55 kB of the heap, of which one by TCP takes a tenth. */
    static final int MAX_BY_TLS = 1_500;

    final Deque<Runnable> parts = new ArrayDeque<>();
    private final List<BooleanSupplier> listening = new CopyOnWriteArrayList<>();
    private final MessageHandler requests;
    private final MeterRegistry meters;
    private final ConnectionLimits limits;

    /**
     * What phones see of it.
     *
     * @param realm what they log in to
     * @param moreRealms those of other servers whose accounts are here now, for requests to their domains
     * @param digest names of the algorithms that are taken, the preferred first
     * @param sha256Agents what the user agents begin with that are known to do SHA-256
     * @param bindings what phones are granted
     * @param endsWithConnection whether what was registered over a connection ends with it
     * @param edges proxies that may say where a phone is, and what leads back to it
     */
    public record Settings(
            String realm,
            List<String> moreRealms,
            List<String> digest,
            List<String> sha256Agents,
            BindingLimits bindings,
            boolean endsWithConnection,
            List<IPAddress> edges) {
        /** Copies; in small letters. */
        public Settings {
            digest = List.copyOf(digest);
            moreRealms = List.copyOf(moreRealms);
            edges = List.copyOf(edges);
            sha256Agents = sha256Agents.stream()
                    .map(agent -> agent.toLowerCase(Locale.ROOT))
                    .toList();
        }
    }

    /**
     * Builds it; {@link #listen} opens it.
     *
     * @param passwords opens the accounts' passwords
     * @param notifications of what other nodes and commands change; not started yet
     */
    public SipServer(
            Settings settings,
            Jdbi jdbi,
            SecretKey secret,
            SealedText passwords,
            Notifications notifications,
            MeterRegistry meters) {
        this.meters = meters;
        limits = ConnectionLimits.usual(settings.bindings().longest());
        var writer = new RegistrationWriter(jdbi, settings.bindings());
        parts.push(writer::close);
        var refusals = new Refusals(jdbi);
        parts.push(refusals::close);
        var connections = Optional.of(settings.endsWithConnection())
                .filter(Boolean::booleanValue)
                .map(_ -> new ConnectionBindings(jdbi));
        connections.ifPresent(part -> parts.push(part::close));
        var accounts = new CredentialCache(jdbi, passwords, settings.realm(), notifications::connected);
        parts.push(accounts::close);
        var blocked = new BlockedSources(jdbi, notifications::connected);
        parts.push(blocked::close);
        var sha256 = new Sha256Clients(settings.sha256Agents());
        notifications.on(CredentialCache.CHANNEL, accounts);
        notifications.on(CredentialCache.CHANNEL, sha256);
        notifications.on(BlockedSources.CHANNEL, blocked);
        requests = new SipRequests(
                new Realms(settings.realm(), settings.moreRealms()),
                settings.digest().stream()
                        .flatMap(name -> Algorithm.of(name).stream())
                        .toList(),
                sha256,
                new Edges(settings.edges()),
                new Nonces(secret, settings.realm(), Clock.systemUTC()),
                new Registrar(accounts, new BruteForceGuard(blocked), writer, refusals, connections),
                new SipMeters(meters));
    }

    /**
     * Takes requests over UDP and TCP at {@code address}.
     *
     * @throws IOException when the port can't be had
     */
    public void listen(InetSocketAddress address) throws IOException {
        if (address.getAddress().isAnyLocalAddress()) {
            var udp = new UdpTransports(address, requests);
            opened(udp::close, udp::isListening);
        } else {
            var udp = new UdpTransport(address, false, requests);
            opened(udp::close, udp::isListening);
        }
        var tcp = StreamTransport.tcp(address, requests, limits, meters);
        opened(tcp::close, tcp::isListening);
    }

    /**
     * Takes requests over TLS at {@code address}.
     *
     * @throws IOException when the port can't be had
     */
    public void listenTls(InetSocketAddress address, SSLContext tls) throws IOException {
        var fewer = limits.withConnections(Math.min(MAX_BY_TLS, limits.connections()));
        var transport = StreamTransport.tls(tls, address, requests, fewer, meters);
        opened(transport::close, transport::isListening);
    }

    private void opened(Runnable close, BooleanSupplier isListening) {
        parts.push(close);
        listening.add(isListening);
    }

    /** Whether all that was opened still listens. */
    public boolean isListening() {
        return listening.stream().allMatch(BooleanSupplier::getAsBoolean);
    }

    /** What transports that are not opened by {@link #listen} hand their messages to. */
    public MessageHandler requests() {
        return requests;
    }

    /** What such transports hold their connections to, but for their number: all share the memory. */
    public ConnectionLimits limits() {
        return limits;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            parts.pop().run();
        }
    }
}
