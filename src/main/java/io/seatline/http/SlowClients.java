package io.seatline.http;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts off who keeps a connection and does nothing with it. Two limits: a read that brings nothing for so long, in a handshake, a
 * header or a body; and a whole request, from its first line to the end of its answer, however much trickles in or out. The HTTP
 * library has neither: its idle time-out is for connections between two requests.
 */
public final class SlowClients implements Http1ConnectionListener, Filter, AutoCloseable {
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    private final Duration limit;
    private final Map<Thread, Long> deadlines = new ConcurrentHashMap<>();
    private final Thread reaper;

    /** Cuts off after {@code limit}. */
    public SlowClients(Duration limit) {
        this.limit = limit;
        this.reaper = Thread.ofVirtual().name("slow-clients").start(this::reap);
    }

    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
        deadlines.put(Thread.currentThread(), System.nanoTime() + limit.toNanos());
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        // HTTP/2 has no first line to begin with: its requests begin here.
        deadlines.putIfAbsent(Thread.currentThread(), System.nanoTime() + limit.toNanos());
        try {
            chain.proceed();
        } finally {
            deadlines.remove(Thread.currentThread());
        }
    }

    /** Leaves the connection of the calling thread alone from now on: it is no request any more, and knows limits of its own. */
    public void leave() {
        deadlines.remove(Thread.currentThread());
    }

    /** Holds the calling thread to the limit again, until it leaves: what it does now may wait for the client. */
    public void comeBack() {
        deadlines.put(Thread.currentThread(), System.nanoTime() + limit.toNanos());
    }

    private void reap() {
        try {
            while (true) {
                Thread.sleep(CHECK_EVERY);
                deadlines.forEach((thread, deadline) -> {
                    // The interrupt closes the connection that the thread reads from or writes to.
                    if (System.nanoTime() - deadline > 0 && deadlines.remove(thread, deadline)) {
                        thread.interrupt();
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        reaper.interrupt();
    }

    /** The options of a connection whose reads give up after the limit. */
    public SocketOptions socketOptions() {
        return new Impatient(
                SocketOptions.builder().readTimeout(limit).tcpNoDelay(true).build());
    }

    /** Sets the read time-out, which the library only does for its clients. */
    private record Impatient(SocketOptions options) implements SocketOptions {
        @Override
        public void configureSocket(SocketChannel channel) {
            options.configureSocket(channel);
            limitReads(channel.socket());
        }

        @Override
        public void configureSocket(Socket socket) {
            options.configureSocket(socket);
            limitReads(socket);
        }

        private void limitReads(Socket socket) {
            try {
                socket.setSoTimeout((int) options.readTimeout().toMillis());
            } catch (SocketException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Map<SocketOption<?>, Object> socketOptions() {
            return options.socketOptions();
        }

        @Override
        public Duration connectTimeout() {
            return options.connectTimeout();
        }

        @Override
        public Duration readTimeout() {
            return options.readTimeout();
        }

        @Override
        public Optional<Integer> socketReceiveBufferSize() {
            return options.socketReceiveBufferSize();
        }

        @Override
        public Optional<Integer> socketSendBufferSize() {
            return options.socketSendBufferSize();
        }

        @Override
        public boolean socketReuseAddress() {
            return options.socketReuseAddress();
        }

        @Override
        public boolean socketKeepAlive() {
            return options.socketKeepAlive();
        }

        @Override
        public boolean tcpNoDelay() {
            return options.tcpNoDelay();
        }
    }
}
