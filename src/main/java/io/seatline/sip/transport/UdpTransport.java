package io.seatline.sip.transport;

import inet.ipaddr.IPAddressString;
import io.seatline.sip.message.SipMessage;
import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.message.SipParser;
import io.seatline.sip.message.SipRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;

/** SIP over UDP (RFC 3261 18), one socket and one thread that reads it. */
public final class UdpTransport implements AutoCloseable {
    private static final Logger LOG = System.getLogger(UdpTransport.class.getName());

    /** More than a datagram can have. */
    private static final int MAX = 65_536;

    private static final int USUAL_PORT = 5060;

    /** Asked for; what the kernel gives may be less, see docs/operations.md. */
    private static final int BUFFER = 4 << 20;

    private final DatagramChannel channel;
    private final MessageHandler handler;
    private final Thread reader;

    /**
     * Listens at {@code address}, port 0 for a free one.
     *
     * @param shared whether others of this process may have the port too: the one at the most exact address gets a
     *     datagram
     * @throws IOException when the port can't be had
     */
    public UdpTransport(InetSocketAddress address, boolean shared, MessageHandler handler) throws IOException {
        this.handler = handler;
        this.channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
            if (shared) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.bind(address);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        this.reader = Thread.ofPlatform().name("sip-udp-" + port()).daemon().start(this::read);
    }

    /** The port it listens at. */
    int port() {
        try {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new IllegalStateException("it is closed", e);
        }
    }

    /** Whether it reads. */
    public boolean isListening() {
        return reader.isAlive() && channel.isOpen();
    }

    private void read() {
        var message = new byte[MAX];
        var buffer = ByteBuffer.allocateDirect(MAX);
        while (true) {
            try {
                buffer.clear();
                var sender = (InetSocketAddress) channel.receive(buffer);
                var length = buffer.flip().remaining();
                buffer.get(message, 0, length);
                if (Stun.isStun(message, length)) {
                    answerStun(message, length, sender);
                    continue;
                }
                var parsed = SipParser.parse(message, 0, length);
                var back = whereTo(parsed, sender);
                handler.handle(parsed, new RemoteAddress(sender, Transport.UDP), answer -> send(answer, back));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                // such as an ICMP error for an answer sent before, or too little memory for one datagram
                LOG.log(Level.DEBUG, "a datagram is lost", e);
            }
        }
    }

    private void answerStun(byte[] datagram, int length, InetSocketAddress sender) {
        var source = new RemoteAddress(sender, Transport.UDP);
        if (handler.mayBeAnswered(source)) {
            Stun.answer(datagram, length, source.address()).ifPresent(answer -> send(answer, sender));
        }
    }

    /**
     * Where the answer goes: to the source, but to the port of the Via where a client at that very address has named
     * another than it sends from (RFC 3261 section 18.2.2), and did not ask for the source's by {@code rport} (RFC 3581
     * section 4).
     */
    private static SocketAddress whereTo(SipMessage message, InetSocketAddress sender) {
        var via = switch (message) {
            case SipRequest request -> request.via();
            case Malformed malformed -> malformed.headers().via();
            case Unanswerable _ -> null;
        };
        if (via == null || via.rport()) {
            return sender;
        }
        var port = via.port() < 0 ? USUAL_PORT : via.port();
        return port != 0 && port != sender.getPort() && isAddress(via.host(), sender.getAddress())
                ? new InetSocketAddress(sender.getAddress(), port)
                : sender;
    }

    private static boolean isAddress(String host, InetAddress address) {
        var named = new IPAddressString(host).getAddress();
        return named != null && Arrays.equals(named.getBytes(), address.getAddress());
    }

    private void send(byte[] answer, SocketAddress to) {
        try {
            channel.send(ByteBuffer.wrap(answer), to);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "an answer is lost", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            reader.join();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket does not close", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
