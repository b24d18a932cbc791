package io.seatline.http;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCompliance.Violation;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * One port that speaks HTTP: 1.0 and 1.1, over TLS also 2, and WebSocket where a handler opens one. A plain port never
 * speaks HTTP/2. Its threads are its own, so that one port's clients can't keep another's waiting.
 */
public final class HttpServer implements AutoCloseable {
    private static final int MAX_HEADER = 16 * 1024;
    private static final int MAX_STREAMS = 100;
    private static final int THREADS = 16;

    private final Server server;
    private final ServerConnector connector;
    private final Connections connections;

    /**
     * What a port is told.
     *
     * @param name of its threads
     * @param base which a path may begin with, such as {@code /pbx}, when a proxy leaves it there; handlers never see
     *     it
     * @param listener bound to its port, and closed with the server
     * @param tls for a port that speaks nothing else
     * @param http2 whether a port of TLS offers HTTP/2
     * @param requestLimit how long a client may be silent, and take for a whole request
     * @param stopLimit how long running requests may take when the server stops
     * @param connections open at the same time; where all are taken, the one longest idle gives way
     * @param perSource of them, from one IPv4 address or one IPv6 network of /64 that is no trusted proxy
     */
    public record Options(
            String name,
            String base,
            ServerSocketChannel listener,
            Optional<SSLContext> tls,
            boolean http2,
            Duration requestLimit,
            Duration stopLimit,
            int connections,
            int perSource) {}

    /**
     * A server that answers from now on.
     *
     * @param handlers are asked for an answer in this order
     * @param log is told of each answer, and how many nanoseconds it took
     * @throws IOException when it does not start
     */
    public HttpServer(
            Options options, ClientAddress clientAddress, List<Handler> handlers, ObjLongConsumer<Exchange> log)
            throws IOException {
        connections = new Connections(options, clientAddress);
        var threads = new QueuedThreadPool(THREADS, 1);
        threads.setName(options.name());
        var requests = new VirtualThreadPool();
        // each has a connection, or a stream of one, and those are limited
        requests.setMaxConcurrentTasks(0);
        threads.setVirtualThreadsExecutor(requests);
        server = new Server(threads);
        server.addBean(requests);
        server.setStopTimeout(options.stopLimit().toMillis());
        server.setErrorHandler(new BadRequests(connections, clientAddress, log));
        ServerWebSocketContainer.ensure(server);
        connector = new ServerConnector(server, factories(options)) {
            @Override
            protected SocketChannelEndPoint newEndPoint(
                    SocketChannel channel, ManagedSelector selector, SelectionKey key) throws IOException {
                var client = connections.admit(channel, selector, key, getScheduler());
                client.setIdleTimeout(getIdleTimeout());
                return client;
            }

            @Override
            protected void interruptAcceptors() {
                // the closed listener ends them: interrupted, one loses the connection that it is just accepting
            }

            @Override
            protected boolean handleAcceptFailure(Throwable failure) {
                return isOpen() && super.handleAcceptFailure(failure);
            }
        };
        connector.setIdleTimeout(options.requestLimit().toMillis());
        server.addConnector(connector);
        var front = new Front(connections, clientAddress, handlers, log);
        server.setHandler(new GracefulHandler(new BasePath(options.base(), front)));
        try {
            connector.open(options.listener());
            server.start();
        } catch (Exception e) {
            close();
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }

    private static ConnectionFactory[] factories(Options options) {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(MAX_HEADER);
        http.setSendServerVersion(false);
        // which would give values in the case that they had in another request
        http.setHeaderCacheSize(0);
        // our own code reads paths and queries, as they were sent
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setHttpCompliance(HttpCompliance.RFC9110
                .without("STRICT", Violation.LF_HEADER_TERMINATION, Violation.LF_CHUNK_TERMINATION)
                // RFC 9112 section 3.2.2: of two names that a request has, the one in its first line counts
                .with("SEATLINE", Violation.MISMATCHED_AUTHORITY));
        var http1 = new HttpConnectionFactory(http);
        if (options.tls().isEmpty()) {
            return new ConnectionFactory[] {http1};
        }
        var secure = new SecureRequestCustomizer();
        // names are a matter of certificates, of which there is one
        secure.setSniHostCheck(false);
        http.addCustomizer(secure);
        var tls = new SslContextFactory.Server();
        tls.setSslContext(options.tls().get());
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        tls.setRenegotiationAllowed(false);
        if (!options.http2()) {
            return new ConnectionFactory[] {new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()), http1};
        }
        var http2 = new HTTP2ServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(MAX_STREAMS);
        http2.setConnectProtocolEnabled(false);
        var alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        return new ConnectionFactory[] {new SslConnectionFactory(tls, alpn.getProtocol()), alpn, http2, http1};
    }

    /** The port that it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Whether it listens. */
    public boolean isListening() {
        return connector.isRunning() && connector.isOpen();
    }

    /** Takes no more requests, finishes those that run, and ends. */
    @Override
    public void close() {
        try {
            // so that whoever comes now is refused, and goes elsewhere, while running requests are finished
            connector.close();
            connections.closeIdle();
            server.stop();
        } catch (Exception e) {
            System.getLogger(HttpServer.class.getName())
                    .log(System.Logger.Level.WARNING, "The HTTP server does not end: {0}", e.toString());
        } finally {
            connections.close();
        }
    }
}
