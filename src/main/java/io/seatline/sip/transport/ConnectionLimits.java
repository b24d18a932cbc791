package io.seatline.sip.transport;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What a transport with connections puts up with, so that nobody can use up what all share.
 *
 * @param connections open at the same time; one more is closed at once, because those that are there have registered
 *     and it has not
 * @param perSource of them, from one IPv4 address or one IPv6 network of /64, which is what one customer has
 * @param inWork messages of one connection that wait for their answer; reading stops until there are fewer
 * @param answer after which a message counts as answered, because none may be due
 * @param handshake how long a TLS handshake may take
 * @param firstMessage until a new connection has brought a whole message; one kept open for nothing takes a place from
 *     others
 * @param message how long a message may take from its first byte to its last
 * @param idle how long a connection may bring nothing, keep-alives being something
 * @param write how long a client may leave an answer unread
 * @param memory what may be held unfinished and unread; transports with the same one share it
 */
public record ConnectionLimits(
        int connections,
        int perSource,
        int inWork,
        Duration answer,
        Duration handshake,
        Duration firstMessage,
        Duration message,
        Duration idle,
        Duration write,
        HeldMemory memory) {

    public static final int MAX_CONNECTIONS = 5_000;

    /** A phone refreshes before the end of its registration. */
    private static final Duration AFTER_REGISTRATION = Duration.ofMinutes(15);

    /** What the process itself needs of its file descriptors: for the database, libraries, sockets that listen. */
    private static final int OWN_FILES = 128;

    /** What is left is for TCP and TLS at two addresses, HTTP and the management port. */
    public static final int SHARES = 6;

    private static final int MIN_CONNECTIONS = 8;

    /** The limits of TCP and TLS, with memory of their own, where registrations last so long at most. */
    public static ConnectionLimits usual(Duration longestRegistration) {
        return new ConnectionLimits(
                withinFiles(MAX_CONNECTIONS),
                500,
                64,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                longestRegistration.plus(AFTER_REGISTRATION),
                Duration.ofSeconds(5),
                new HeldMemory());
    }

    /** So many connections, or fewer where the process may not have the file descriptors for them. */
    public static int withinFiles(int connections) {
        return (int) Math.min(connections, Math.max(MIN_CONNECTIONS, (files() - OWN_FILES) / SHARES));
    }

    /** The same but for the number of connections, of the same memory. */
    public ConnectionLimits withConnections(int most) {
        return new ConnectionLimits(
                most, Math.min(most, perSource), inWork, answer, handshake, firstMessage, message, idle, write, memory);
    }

    /** How many file descriptors the process may have. */
    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
