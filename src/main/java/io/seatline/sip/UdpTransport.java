package io.seatline.sip;

import io.seatline.sip.message.SipParser;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/** SIP over UDP (RFC 3261 18), one socket and one thread that reads it. */
final class UdpTransport implements AutoCloseable {
    private static final Logger LOG = System.getLogger(UdpTransport.class.getName());

    /** More than a datagram can have. */
    private static final int LARGEST = 65_536;

    /** Asked for; what the kernel gives may be less, see docs/operations.md. */
    private static final int BUFFER = 4 << 20;

    private final DatagramChannel channel;
    private final MessageHandler handler;
    private final Thread reader;

    /**
     * Listens at {@code address}, port 0 for a free one.
     *
     * @throws IOException when the port can't be had
     */
    UdpTransport(InetSocketAddress address, MessageHandler handler) throws IOException {
        this.handler = handler;
        this.channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
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
    boolean isListening() {
        return reader.isAlive() && channel.isOpen();
    }

    private void read() {
        var message = new byte[LARGEST];
        var buffer = ByteBuffer.allocateDirect(LARGEST);
        while (true) {
            try {
                buffer.clear();
                var sender = channel.receive(buffer);
                var length = buffer.flip().remaining();
                buffer.get(message, 0, length);
                handler.handle(
                        SipParser.parse(message, 0, length),
                        new Source((InetSocketAddress) sender, Transport.UDP),
                        answer -> send(answer, sender));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                // such as an ICMP error for an answer sent before, or too little memory for one datagram
                LOG.log(Level.DEBUG, "a datagram is lost", e);
            }
        }
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
