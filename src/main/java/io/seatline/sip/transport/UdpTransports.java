package io.seatline.sip.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * SIP over UDP at every address of this machine, with a socket for each: an answer then leaves from the address that
 * its request came to (RFC 3581 section 4), which a phone behind NAT needs. Addresses that come and go, such as one
 * that is taken over from another machine, get and lose theirs within seconds; until then, and for what is none of a
 * network interface, there is the wildcard.
 */
public final class UdpTransports implements AutoCloseable {
    private static final Logger LOG = System.getLogger(UdpTransports.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final InetSocketAddress wildcard;
    private final MessageHandler handler;
    private final UdpTransport rest;
    private final Map<InetAddress, UdpTransport> exact = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread watcher;

    /**
     * Listens at the port of {@code wildcard}.
     *
     * @throws IOException when the port can't be had
     */
    public UdpTransports(InetSocketAddress wildcard, MessageHandler handler) throws IOException {
        this.wildcard = wildcard;
        this.handler = handler;
        rest = new UdpTransport(wildcard, true, handler);
        look();
        watcher = Thread.ofPlatform().name("sip-addresses").daemon().start(this::watch);
    }

    public boolean isListening() {
        return rest.isListening();
    }

    private void watch() {
        try {
            while (!closing.await(LOOK_EVERY.toSeconds(), TimeUnit.SECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opens and closes sockets, as the machine's addresses are now. */
    private void look() {
        var present = addresses();
        exact.entrySet().removeIf(open -> {
            var gone = !present.contains(open.getKey()) || !open.getValue().isListening();
            if (gone) {
                open.getValue().close();
            }
            return gone;
        });
        for (var address : present) {
            if (!exact.containsKey(address)) {
                try {
                    exact.put(
                            address,
                            new UdpTransport(new InetSocketAddress(address, wildcard.getPort()), true, handler));
                } catch (IOException e) {
                    // such as an address of IPv6 that is still being tried out; the wildcard has it until then
                    LOG.log(Level.DEBUG, "an address has no socket", e);
                }
            }
        }
    }

    private Set<InetAddress> addresses() {
        var both = wildcard.getAddress() instanceof Inet6Address;
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> both || !(address instanceof Inet6Address))
                    .collect(Collectors.toSet());
        } catch (SocketException e) {
            LOG.log(Level.WARNING, "The addresses of this machine can't be read: {0}", e.getMessage());
            return Set.copyOf(exact.keySet());
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exact.values().forEach(UdpTransport::close);
        rest.close();
    }
}
