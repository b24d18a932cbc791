package io.seatline.sip.transport;

import io.seatline.sip.message.StreamFramer;
import io.seatline.sip.message.StreamFramer.Event;
import io.seatline.sip.transport.Outgoing.Form;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A connection by TCP or TLS. Runs in a thread of its own, which reads. */
final class StreamConnection extends Connection implements Runnable {
    private static final Logger LOG = System.getLogger(StreamConnection.class.getName());
    private static final byte[] PONG = {'\r', '\n'};
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** Without forward secrecy, or with a MAC of SHA-1: those that the HTTP library leaves out by itself. */
    private static final Pattern OUTDATED = Pattern.compile("TLS_RSA_.*|.*_(MD5|SHA|SHA1)");

    /** A registration fits; one that sends many, such as a proxy, gets the larger one. */
    private static final int USUAL_READ = 2048;

    /** How much is read behind a broken message for the sake of the client, who would else not see the answer. */
    private static final int MAX_DISCARDED = 1024 * 1024;

    private static final int FAREWELL = 2_000;

    private final Socket socket;
    private final @Nullable SSLContext tls;
    private volatile Socket stream;

    StreamConnection(Socket socket, @Nullable SSLContext tls, OpenConnections connections, MessageHandler handler) {
        super(
                connections,
                handler,
                RemoteAddress.ofConnection(
                        (InetSocketAddress) socket.getRemoteSocketAddress(),
                        tls == null ? Transport.TCP : Transport.TLS));
        this.socket = socket;
        this.stream = socket;
        this.tls = tls;
    }

    @Override
    public void run() {
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            if (tls != null) {
                stream = handshake(tls);
            }
            var broken = readAll(stream.getInputStream());
            awaitQuiet();
            readWithin(FAREWELL);
            stream.shutdownOutput();
            if (broken) {
                discard(stream.getInputStream());
            }
        } catch (IOException e) {
            // gone, cut, or no TLS
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "A connection by " + source().transport() + " ends", e);
        } finally {
            end();
        }
    }

    private Socket handshake(SSLContext context) throws IOException {
        readWithin(limits().handshake().toMillis());
        // over the socket, which can be closed while this one is stuck in a write
        var secure = (SSLSocket) context.getSocketFactory().createSocket(socket, null, false);
        secure.setEnabledProtocols(PROTOCOLS);
        secure.setEnabledCipherSuites(Arrays.stream(secure.getEnabledCipherSuites())
                .filter(suite -> !OUTDATED.matcher(suite).matches())
                .toArray(String[]::new));
        secure.startHandshake();
        heard(false);
        return secure;
    }

    /** Reads until the client ends the stream, or breaks it: true. */
    private boolean readAll(InputStream in) throws IOException, InterruptedException {
        var framer = new StreamFramer();
        var buffer = new byte[USUAL_READ];
        for (var length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            framer.feed(buffer, 0, length);
            for (var event = framer.next(); event != null; event = framer.next()) {
                switch (event) {
                    case Event.Message(var message) -> handle(message, Form.BINARY);
                    case Event.Ping() -> {
                        awaitRoom();
                        send(new Outgoing(PONG, Form.BINARY));
                    }
                    case Event.Broken(var message) -> {
                        handle(message, Form.BINARY);
                        return true;
                    }
                }
            }
            keeps(framer.held());
            heard(framer.isInMessage());
        }
        return false;
    }

    private static void discard(InputStream in) throws IOException {
        var buffer = new byte[USUAL_READ];
        var discarded = 0;
        for (var length = 0; length >= 0 && discarded < MAX_DISCARDED; length = in.read(buffer)) {
            discarded += length;
        }
    }

    @Override
    protected void write(List<Outgoing> batch) throws IOException {
        var together = new ByteArrayOutputStream();
        batch.forEach(answer -> together.writeBytes(answer.bytes()));
        together.writeTo(stream.getOutputStream());
    }

    @Override
    protected void disconnect() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A socket does not close", e);
        }
    }
}
