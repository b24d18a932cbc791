package io.seatline.sip.transport.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.sip.message.SipMessage;
import io.seatline.sip.message.SipParser;
import io.seatline.sip.transport.Connection;
import io.seatline.sip.transport.MessageHandler;
import io.seatline.sip.transport.OpenConnections;
import io.seatline.sip.transport.Outgoing;
import io.seatline.sip.transport.Outgoing.Form;
import io.seatline.sip.transport.RemoteAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket with one SIP message in each of its messages (RFC 7118 section 5). The HTTP library cuts them out, in
 * pieces, and asks for the next piece when one has been taken.
 */
public final class WebSocketConnection extends Connection implements Session.Listener {
    /** The longest message, all its fragments together, in bytes. */
    private static final int MAX_MESSAGE = 64 * 1024;

    /** The longest piece, so that what has not come whole is counted soon. */
    private static final int MAX_PIECE = 4 * 1024;

    /** Very many small ones would cost a processor for nearly no traffic. */
    private static final int MAX_PIECES = 256;

    private static final byte[] CRLF = {'\r', '\n'};

    private ByteArrayOutputStream message = new ByteArrayOutputStream(0);
    private int pieces;
    private boolean isExpectingMore;
    private volatile @Nullable Session session;

    WebSocketConnection(OpenConnections connections, MessageHandler handler, RemoteAddress source) {
        super(connections, handler, source);
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        // its limits are this connection's own
        opened.setIdleTimeout(Duration.ZERO);
        opened.setMaxFrameSize(MAX_PIECE);
        opened.setMaxTextMessageSize(0);
        opened.setMaxBinaryMessageSize(0);
        session = opened;
        opened.demand();
    }

    /** Bytes have come, be it a piece or less. */
    void bytesCome() {
        if (!isExpectingMore) {
            isExpectingMore = true;
            heard(true);
        }
    }

    @Override
    public void onWebSocketPartialText(String piece, boolean last) {
        take(piece.getBytes(UTF_8), last, Form.TEXT);
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer piece, boolean last, Callback callback) {
        var bytes = new byte[piece.remaining()];
        piece.get(bytes);
        callback.succeed();
        take(bytes, last, Form.BINARY);
    }

    private void take(byte[] piece, boolean last, Form form) {
        pieces++;
        if (message.size() + piece.length > MAX_MESSAGE || (!last && pieces >= MAX_PIECES)) {
            session().close(StatusCode.MESSAGE_TOO_LARGE, null, Callback.NOOP);
            return;
        }
        message.writeBytes(piece);
        if (last) {
            var whole = message.toByteArray();
            // what it has grown to is given back: nobody counts it any more
            message = new ByteArrayOutputStream(0);
            pieces = 0;
            goOnAfter(() -> handle(whole, form));
        } else {
            keeps(message.size());
            session().demand();
        }
    }

    /** Answers come as their requests did: a client that sends binary need not be able to read text. */
    private void handle(byte[] bytes, Form form) throws InterruptedException {
        var parsed = SipParser.parseAll(bytes);
        if (!SipMessage.isKeepAlive(parsed.getFirst())) {
            for (var each : parsed) {
                handle(each, form);
            }
        } else if (bytes.length == 2 * CRLF.length) {
            // RFC 5626 section 4.4.1, which some clients do here too
            awaitRoom();
            send(new Outgoing(CRLF, form));
        }
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        var bytes = new byte[payload.remaining()];
        payload.get(bytes);
        goOnAfter(() -> {
            awaitRoom();
            send(new Outgoing(bytes, Form.PONG));
        });
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        goOnAfter(() -> {});
    }

    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }

    private void goOnAfter(Step step) {
        try {
            step.run();
            keeps(message.size());
            isExpectingMore = message.size() > 0;
            heard(isExpectingMore);
            session().demand();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cut();
        }
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // what breaks the protocol is answered by the library, and what is gone is gone; onWebSocketClose follows
    }

    /** The client says goodbye, and is answered behind what is due; or it is gone. */
    @Override
    public void onWebSocketClose(int status, @Nullable String reason, Callback callback) {
        try {
            if (status != StatusCode.ABNORMAL && session().isOpen()) {
                awaitQuiet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        session = null;
        callback.succeed();
        end();
    }

    @Override
    protected void write(List<Outgoing> batch) throws IOException {
        for (var each : batch) {
            var written = new Callback.Completable();
            switch (each.form()) {
                case TEXT -> session().sendText(new String(each.bytes(), UTF_8), written);
                case BINARY -> session().sendBinary(ByteBuffer.wrap(each.bytes()), written);
                case PONG -> session().sendPong(ByteBuffer.wrap(each.bytes()), written);
            }
            try {
                written.get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    private Session session() {
        var opened = session;
        if (opened == null) {
            throw new IllegalStateException("not open yet");
        }
        return opened;
    }

    /** Says goodbye from this side. */
    void goAway() {
        var opened = session;
        if (opened != null) {
            opened.close(StatusCode.SHUTDOWN, null, Callback.NOOP);
        }
    }

    @Override
    protected void disconnect() {
        var opened = session;
        if (opened != null) {
            opened.disconnect();
        }
    }
}
