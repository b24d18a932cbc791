package io.seatline.http;

import inet.ipaddr.IPAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The open connections of one port: how many there may be, and whose. Where a place is wanted and none is free, the
 * connection that has been without a request for the longest time gives way: a client with a right to be here comes
 * back. Cuts off who keeps a connection and does nothing with it. The HTTP library ends those that are silent; here end
 * those that dribble: a request must have come, and be answered, within the limit, however much trickles in or out.
 */
final class Connections implements AutoCloseable {
    private static final Duration CHECK_EVERY = Duration.ofMillis(500);

    private final int most;
    private final int mostOfSource;
    private final long limit;
    private final long stopLimit;
    private final ClientAddress clientAddress;
    private final Set<Work> works = ConcurrentHashMap.newKeySet();
    private final Thread reaper;
    private volatile boolean closing;
    // guarded by this
    private final Set<Client> clients = new HashSet<>();
    private final Map<IPAddress, Integer> ofSources = new HashMap<>();

    Connections(HttpServer.Options options, ClientAddress clientAddress) {
        this.most = options.connections();
        this.mostOfSource = options.perSource();
        this.limit = options.requestLimit().toNanos();
        this.stopLimit = options.stopLimit().toMillis();
        this.clientAddress = clientAddress;
        this.reaper = Thread.ofPlatform()
                .daemon()
                .name(options.name() + "-connections")
                .start(this::reap);
    }

    /**
     * A place for a connection.
     *
     * @throws IOException when there is none, and all have requests in work
     */
    Client admit(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler)
            throws IOException {
        var client = new Client(channel, selector, key, scheduler);
        var leaving = place(client);
        leaving.ifPresent(EndPoint::close);
        return client;
    }

    /** Takes a place; the client that gives way for it. */
    private synchronized Optional<Client> place(Client client) throws IOException {
        var sourceHasAll = !client.isProxy && ofSources.getOrDefault(client.network, 0) >= mostOfSource;
        Optional<Client> leaving = Optional.empty();
        if (sourceHasAll || clients.size() >= most) {
            leaving = idlest(other -> !sourceHasAll || other.network.equals(client.network));
            remove(leaving.orElseThrow(
                    () -> new IOException("as many connections as there may be, each with a request")));
        }
        add(client);
        return leaving;
    }

    private Optional<Client> idlest(Predicate<Client> candidate) {
        return withoutWork(candidate).stream()
                .min(Comparator.comparingLong(client -> client.since - System.nanoTime()));
    }

    private void add(Client client) {
        clients.add(client);
        ofSources.merge(client.network, 1, Integer::sum);
    }

    private synchronized void remove(Client client) {
        if (clients.remove(client)) {
            ofSources.computeIfPresent(client.network, (network, count) -> count == 1 ? null : count - 1);
        }
    }

    /** A request that is worked on from now on, by this thread. */
    Work begin(Request request) {
        var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        while (endPoint instanceof EndPoint.Wrapper wrapper) {
            endPoint = wrapper.unwrap();
        }
        return new Work((Client) endPoint);
    }

    private void reap() {
        try {
            while (true) {
                Thread.sleep(CHECK_EVERY);
                var now = System.nanoTime();
                works.forEach(work -> work.endIfOverdue(now));
                withoutWork(client -> now - client.since > limit).forEach(EndPoint::close);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends those that have no request, not even the beginning of one, and from now on each that has answered its last.
     */
    void closeIdle() {
        closing = true;
        withoutWork(client -> !client.begun).forEach(EndPoint::close);
    }

    /** Those of them that have no request in work. A copy: who is closed takes itself away. */
    private synchronized List<Client> withoutWork(Predicate<Client> candidate) {
        return clients.stream()
                .filter(candidate)
                .filter(client -> client.inWork.get() == 0)
                .toList();
    }

    @Override
    public void close() {
        reaper.interrupt();
    }

    /** One client's connection. */
    final class Client extends SocketChannelEndPoint {
        private final IPAddress network;
        private final boolean isProxy;
        private final AtomicInteger inWork = new AtomicInteger();
        private volatile long since = System.nanoTime();
        private volatile boolean begun;
        private volatile Runnable onBytes = () -> {};
        private volatile Runnable onEnd = () -> {};

        Client(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler)
                throws IOException {
            super(channel, selector, key, scheduler);
            var address = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
            var source = clientAddress.of(address, Optional.empty());
            network = ClientAddress.network(source);
            isProxy = clientAddress.isTrusted(source);
        }

        /**
         * When the server stops the library leaves a second to each: a request in work may still have its body on the
         * way.
         */
        @Override
        public void setIdleTimeout(long millis) {
            super.setIdleTimeout(closing && inWork.get() > 0 ? Math.max(millis, stopLimit) : millis);
        }

        /** Bytes have come: a request must follow. */
        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            var filled = super.fill(buffer);
            if (filled > 0) {
                if (inWork.get() == 0 && !begun) {
                    begun = true;
                    since = System.nanoTime();
                }
                onBytes.run();
            }
            return filled;
        }

        @Override
        public void onClose(Throwable cause) {
            super.onClose(cause);
            remove(this);
            onEnd.run();
        }

        private void keep(Runnable runOnBytes, Runnable runOnEnd) {
            onBytes = runOnBytes;
            onEnd = runOnEnd;
            if (!isOpen()) {
                // it ended before it could know
                runOnEnd.run();
            }
        }

        private void end() {
            since = System.nanoTime();
            begun = false;
            if (inWork.decrementAndGet() == 0 && closing) {
                close();
            }
        }
    }

    /**
     * A request in work. The limit interrupts its thread, which is then waiting for the client: nothing else takes so
     * long.
     */
    final class Work implements AutoCloseable {
        private final Client client;
        private final Thread thread = Thread.currentThread();
        private volatile long began = System.nanoTime();
        private boolean kept;

        private Work(Client client) {
            this.client = client;
            client.inWork.incrementAndGet();
            works.add(this);
        }

        private synchronized void endIfOverdue(long now) {
            if (now - began > limit && works.remove(this)) {
                thread.interrupt();
            }
        }

        /** It takes as long as it takes from now on. */
        void takeTime() {
            works.remove(this);
        }

        /** It has the limit again from now on. */
        void hurry() {
            began = System.nanoTime();
            works.add(this);
        }

        /** Whether its connection has no other request to come. */
        boolean isLast() {
            return closing;
        }

        /** Whether it has taken longer than it may. */
        boolean isOverdue() {
            return System.nanoTime() - began > limit;
        }

        /** The connection is none of HTTP any more: it keeps its place, and says itself how long. */
        void keep(Runnable onBytes, Runnable onEnd) {
            takeTime();
            kept = true;
            client.keep(onBytes, onEnd);
        }

        /** Whoever interrupts this thread does it before, or not at all: it has other requests to come. */
        @Override
        public synchronized void close() {
            works.remove(this);
            var _ = Thread.interrupted();
            if (!kept) {
                client.end();
            }
        }
    }
}
