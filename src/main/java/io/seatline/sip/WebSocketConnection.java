package io.seatline.sip;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.seatline.http.SlowClients;
import io.seatline.sip.WebSocketFramer.Event;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.message.SipMessage.Unanswerable.Cause;
import io.seatline.sip.message.SipParser;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that was one of HTTP and is a WebSocket from now on, one SIP message in each of its messages (RFC 7118 section 5). The
 * HTTP server's thread reads.
 */
final class WebSocketConnection extends Connection implements ServerConnection {
    private static final Logger LOG = System.getLogger(WebSocketConnection.class.getName());
    private static final byte[] CRLF = {'\r', '\n'};
    private static final int FAREWELL = 2_000;

    private final ConnectionContext context;
    private final byte[] handshake;
    private final SlowClients slowClients;
    private volatile @Nullable Thread reader;
    private volatile @Nullable Thread writer;

    /**
     * @param handshake what the client is answered before anything else
     */
    WebSocketConnection(
            ConnectionContext context,
            byte[] handshake,
            SlowClients slowClients,
            OpenConnections connections,
            MessageHandler handler,
            Source source) {
        super(connections, handler, source);
        this.context = context;
        this.handshake = handshake;
        this.slowClients = slowClients;
    }

    @Override
    public void handle(Limit limit) {
        reader = Thread.currentThread();
        slowClients.leave();
        try {
            send(handshake);
            var farewell = readAll();
            awaitQuiet();
            if (farewell > 0) {
                send(WebSocketFramer.close(farewell));
                awaitQuiet();
            }
            if (farewell > WebSocketFramer.NORMAL) {
                discard();
            }
        } catch (InterruptedException e) {
            // cut
        } catch (RuntimeException | Error e) {
            // the HTTP library has its own for a connection that is gone
            LOG.log(e instanceof Error ? Level.WARNING : Level.DEBUG, "A WebSocket connection ends", e);
        } finally {
            end();
        }
    }

    /** Reads until the end; the status to close with, 0 for none. */
    private int readAll() throws InterruptedException {
        var framer = new WebSocketFramer();
        var early = context.dataReader();
        if (early.available() > 0) {
            framer.feed(early.readBytes(early.available()));
        }
        while (true) {
            for (var event = framer.next(); event != null; event = framer.next()) {
                switch (event) {
                    case Event.Message(var bytes, var text) -> message(bytes, text);
                    case Event.Ping(var bytes) -> {
                        awaitRoom();
                        send(WebSocketFramer.pong(bytes));
                    }
                    case Event.Pong() -> {}
                    case Event.Close() -> {
                        return WebSocketFramer.NORMAL;
                    }
                    case Event.Broken(var status) -> {
                        return status;
                    }
                }
            }
            keeps(framer.held());
            heard(framer.isInMessage());
            var read = read();
            if (read == null) {
                return 0;
            }
            framer.feed(read);
        }
    }

    /** Answers come as their requests did: a client that sends binary need not be able to read text. */
    private void message(byte[] bytes, boolean text) throws InterruptedException {
        var message = SipParser.parse(bytes, 0, bytes.length);
        if (!(message instanceof Unanswerable(var cause) && cause == Cause.KEEP_ALIVE)) {
            handle(message, answer -> WebSocketFramer.message(answer, text));
        } else if (bytes.length == 2 * CRLF.length) {
            // RFC 5626 section 4.4.1, which some clients do here too
            awaitRoom();
            send(WebSocketFramer.message(CRLF, text));
        }
    }

    private byte @Nullable [] read() {
        while (true) {
            try {
                return context.serverSocket().get();
            } catch (UncheckedIOException e) {
                // HTTP's patience, which is too short here
                if (!(e.getCause() instanceof SocketTimeoutException)) {
                    throw e;
                }
            }
        }
    }

    /** Reads what the client was still sending, who would else not see why it is closed. */
    private void discard() {
        readWithin(FAREWELL);
        while (read() != null) {
            // until it closes, or time is up
        }
    }

    @Override
    void write(byte[] bytes) {
        writer = Thread.currentThread();
        context.dataWriter().writeNow(BufferData.create(bytes));
    }

    /** An interrupt closes the connection that a thread reads from or writes to. */
    @Override
    void disconnect() {
        interrupt(reader);
        interrupt(writer);
    }

    private static void interrupt(@Nullable Thread thread) {
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    /** Idle for the HTTP library it never is: that is for {@link OpenConnections} to say. */
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        end();
    }
}
