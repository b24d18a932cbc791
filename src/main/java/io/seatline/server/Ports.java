package io.seatline.server;

import io.seatline.environment.Config;
import io.seatline.environment.ConfigException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** The ports, found out before anything is started: those of HTTP are taken, and those of SIP can be had. */
final class Ports {
    /**
     * Where free ports are looked for: below those that systems give to clients' connections, one of which could take a
     * port between this look and the start of the server.
     */
    private static final int FIRST = 16_384;

    private static final int COUNT = 16_384;
    private static final int MAX_TRIES = 100;

    /** As many clients may come at once; the kernel may allow fewer. */
    private static final int BACKLOG = 4096;

    /** One after the other, so that two servers of a process never get the same. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private final ServerSocketChannel http;
    private final ServerSocketChannel management;
    private final int sip;
    private final OptionalInt sipTls;

    /**
     * The ports that are set, or free ones where 0 is.
     *
     * @param parts takes those that are taken
     * @throws ConfigException when one can't be had
     */
    Ports(Config config, Parts parts) throws IOException {
        http = parts.add(take(config.http().host(), config.http().port(), "http.port"));
        management =
                parts.add(take(config.management().host(), config.management().port(), "management.port"));
        sip = freeForSip(config.sip());
        sipTls = config.tls().certificate().isPresent()
                ? OptionalInt.of(free(config.sip().hosts(), config.sip().tlsPort(), "sip.tls.port"))
                : OptionalInt.empty();
    }

    ServerSocketChannel http() {
        return http;
    }

    int httpPort() {
        return http.socket().getLocalPort();
    }

    ServerSocketChannel management() {
        return management;
    }

    int managementPort() {
        return management.socket().getLocalPort();
    }

    /** Of SIP over UDP and TCP. */
    int sip() {
        return sip;
    }

    /** Of SIP over TLS; empty without a certificate. */
    OptionalInt sipTls() {
        return sipTls;
    }

    /**
     * Takes the port, or a free one for 0, for an HTTP server that is started later: whoever connects before waits for
     * it.
     *
     * @throws ConfigException when it can't be had
     */
    private static ServerSocketChannel take(String host, int port, String setting) throws IOException {
        for (var tries = 1; ; tries++) {
            var channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.socket().bind(new InetSocketAddress(host, port == 0 ? next() : port), BACKLOG);
                return channel;
            } catch (SocketException e) {
                channel.close();
                if (port != 0 || tries == MAX_TRIES) {
                    throw taken(host, port, setting, e);
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    private static int next() {
        return FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
    }

    /** The port itself, or a free one for 0; says what is wrong before anything is started. */
    private static int free(String host, int port, String setting) throws IOException {
        try (var taken = take(host, port, setting)) {
            return taken.socket().getLocalPort();
        }
    }

    private static int free(List<String> hosts, int port, String setting) throws IOException {
        for (var host : hosts) {
            port = free(host, port, setting);
        }
        return port;
    }

    /** One that is free for UDP and TCP at every address. */
    private static int freeForSip(Config.Sip sip) throws IOException {
        var port = free(sip.hosts(), sip.port(), "sip.port");
        for (var host : sip.hosts()) {
            try (var socket = new DatagramSocket(new InetSocketAddress(host, port))) {
                port = socket.getLocalPort();
            } catch (SocketException e) {
                throw taken(host, port, "sip.port", e);
            }
        }
        return port;
    }

    private static ConfigException taken(String host, int port, String setting, IOException e) {
        var hostSetting = setting.replaceFirst("\\..*", ".host");
        return new ConfigException("Port " + port + " of " + host + " can't be had (" + e.getMessage()
                + "): another program has it, or the address is not this machine's.\nSet " + variable(setting)
                + " to another port (0 picks a free one), or " + variable(hostSetting) + " to another address.");
    }

    private static String variable(String setting) {
        return "SEATLINE_" + setting.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
