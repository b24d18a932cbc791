package io.seatline.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A client's end of a stream of SIP messages, over which bytes go as they are. */
public final class SipStream implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    /** Speaks over {@code socket}, which is connected. */
    public SipStream(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    public static SipStream tcp(String host, int port) throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress(host, port), 5_000);
        return new SipStream(socket);
    }

    /** A request that the registrar's grammar takes. */
    public static String options(String callId) {
        return """
                OPTIONS sip:seatline.example SIP/2.0
                Via: SIP/2.0/TCP 192.0.2.7:5060;branch=z9hG4bK-%1$s;rport
                Max-Forwards: 70
                From: <sip:alice@seatline.example>;tag=%1$s
                To: <sip:seatline.example>
                Call-ID: %1$s
                CSeq: 1 OPTIONS
                Content-Length: 0

                """.formatted(callId).replace("\n", "\r\n");
    }

    public void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** The next answer, up to its empty line. */
    public String answer() throws IOException {
        var answer = new StringBuilder();
        while (answer.length() < 4 || !answer.substring(answer.length() - 4).equals("\r\n\r\n")) {
            answer.append(read());
        }
        return answer.toString();
    }

    /** The next bytes, as many. */
    public String bytes(int count) throws IOException {
        var bytes = new StringBuilder();
        while (bytes.length() < count) {
            bytes.append(read());
        }
        return bytes.toString();
    }

    private char read() throws IOException {
        var next = in.read();
        if (next < 0) {
            throw new IOException("closed by the server");
        }
        return (char) next;
    }

    /** Whether nothing comes any more: the server has closed. Waits {@link Await#CLOSE} for that. */
    public boolean isClosed() {
        return isClosedWithin(Await.CLOSE);
    }

    /** Whether the server closes within so many milliseconds, without having sent anything more. */
    public boolean isClosedWithin(int millis) {
        try {
            socket.setSoTimeout(millis);
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
