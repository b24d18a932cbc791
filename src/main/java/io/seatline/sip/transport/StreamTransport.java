package io.seatline.sip.transport;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * SIP over TCP and over TLS (RFC 3261 section 18), a virtual thread for each connection. Answers go back by the
 * connection that the request came by, and by no other.
 */
public final class StreamTransport implements AutoCloseable {
    private static final Logger LOG = System.getLogger(StreamTransport.class.getName());

    /** As many phones may come at once, after an outage; the kernel may allow fewer. */
    private static final int BACKLOG = 4096;

    /** How long nothing is accepted when there is nothing to accept it with, such as file descriptors. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final long WARN_EVERY = Duration.ofMinutes(1).toMillis();

    private final ServerSocket listener;
    private final @Nullable SSLContext tls;
    private final MessageHandler handler;
    private final OpenConnections connections;
    private final Thread acceptor;
    private long warned = OpenConnections.now() - WARN_EVERY;

    private StreamTransport(
            Transport transport,
            @Nullable SSLContext tls,
            InetSocketAddress address,
            MessageHandler handler,
            ConnectionLimits limits,
            MeterRegistry meters)
            throws IOException {
        this.tls = tls;
        this.handler = handler;
        listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(address, BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        var name = transport.name().toLowerCase(Locale.ROOT);
        connections = new OpenConnections(name, address.getHostString() + ":" + port(), limits, meters);
        acceptor = Thread.ofVirtual().name("sip-" + name + "-accept").start(this::acceptAll);
    }

    /**
     * Listens for TCP.
     *
     * @param address with port 0 for a free one
     * @throws IOException such as {@link java.net.BindException} when the port can't be had
     */
    public static StreamTransport tcp(
            InetSocketAddress address, MessageHandler handler, ConnectionLimits limits, MeterRegistry meters)
            throws IOException {
        return new StreamTransport(Transport.TCP, null, address, handler, limits, meters);
    }

    /**
     * Listens for TLS 1.2 and 1.3. Clients need no certificate.
     *
     * @param tls the server's certificate and key
     * @param address with port 0 for a free one
     * @throws IOException such as {@link java.net.BindException} when the port can't be had
     */
    public static StreamTransport tls(
            SSLContext tls,
            InetSocketAddress address,
            MessageHandler handler,
            ConnectionLimits limits,
            MeterRegistry meters)
            throws IOException {
        return new StreamTransport(Transport.TLS, tls, address, handler, limits, meters);
    }

    /** The port it listens at. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Whether it accepts. */
    public boolean isListening() {
        return acceptor.isAlive() && !listener.isClosed();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                accept(listener.accept());
            } catch (IOException | RuntimeException | Error e) {
                if (!listener.isClosed()) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                    warn(e);
                }
            }
        }
    }

    private void accept(Socket socket) throws IOException {
        var runs = false;
        try {
            var connection = new StreamConnection(socket, tls, connections, handler);
            if (connections.add(connection)) {
                try {
                    var _ = Thread.ofVirtual().name("sip-connection").start(connection);
                    runs = true;
                } finally {
                    if (!runs) {
                        connections.remove(connection);
                    }
                }
            }
        } finally {
            if (!runs) {
                socket.close();
            }
        }
    }

    private void warn(Throwable e) {
        if (OpenConnections.now() - warned >= WARN_EVERY) {
            warned = OpenConnections.now();
            try {
                LOG.log(Level.WARNING, "SIP connections can''t be accepted for now: {0}", e.toString());
            } catch (RuntimeException | Error again) {
                // for the same reason; accepting goes on, and warns once more in a minute
            }
        }
    }

    /** Accepts nothing more and ends all connections, at once. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A listener does not close", e);
        }
        connections.close();
        try {
            acceptor.join(PAUSE.multipliedBy(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
