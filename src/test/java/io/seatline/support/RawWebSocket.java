package io.seatline.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A client's end of a WebSocket, which frames as a test tells it to. */
public final class RawWebSocket implements AutoCloseable {
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xa;
    public static final int FIN = 0x80;

    private static final byte[] MASK = {0x12, (byte) 0xab, 0x00, 0x7f};

    private final Socket socket;
    private final DataInputStream in;
    private final List<String> answer = new ArrayList<>();

    /** A server's frame. */
    public record Frame(int opcode, byte[] payload) {
        public String text() {
            return new String(payload, ISO_8859_1);
        }

        /** Of a close frame. */
        public int status() {
            return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        }
    }

    private RawWebSocket(Socket socket, String request) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        for (var line = line(); !line.isEmpty(); line = line()) {
            answer.add(line);
        }
    }

    /** Sends a handshake; headers take the place of the usual ones of the same name. */
    public static RawWebSocket open(int port, String... headers) throws IOException {
        return over(new Socket(InetAddress.getLoopbackAddress(), port), headers);
    }

    public static RawWebSocket over(Socket socket, String... headers) throws IOException {
        return at("/sip", socket, headers);
    }

    /** At another path than the server's own. */
    public static RawWebSocket at(String path, Socket socket, String... headers) throws IOException {
        var lines = new ArrayList<>(List.of(
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: keep-alive, Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: sip",
                "Sec-WebSocket-Version: 13"));
        for (var header : headers) {
            var name = header.substring(0, header.indexOf(':') + 1);
            lines.removeIf(line -> line.startsWith(name));
            lines.add(header);
        }
        return new RawWebSocket(socket, "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\n\r\n");
    }

    /** The status line and headers of the answer to the handshake. */
    public List<String> answer() {
        return answer;
    }

    public void send(String message) throws IOException {
        send(FIN | TEXT, message.getBytes(ISO_8859_1));
    }

    /**
     * Sends a frame.
     *
     * @param first its first byte: flags and opcode
     */
    public void send(int first, byte[] payload) throws IOException {
        raw(masked(first, payload));
    }

    public static byte[] masked(int first, byte[] payload) {
        var frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 0x10000) {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        } else {
            frame.write(0x80 | 127);
            for (var shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >> shift));
            }
        }
        frame.writeBytes(MASK);
        for (var i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ MASK[i % 4]);
        }
        return frame.toByteArray();
    }

    public void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public Frame receive() throws IOException {
        var first = in.readUnsignedByte();
        var second = in.readUnsignedByte();
        var length = switch (second) {
            case 126 -> in.readUnsignedShort();
            case 127 -> (int) in.readLong();
            default -> second;
        };
        var payload = new byte[length];
        in.readFully(payload);
        return new Frame(first & 0x0f, payload);
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

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed by the server");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
