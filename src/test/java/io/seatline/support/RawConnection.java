package io.seatline.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/1.1 connection to a server of this machine, over which bytes go as they are. */
public final class RawConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /**
     * An answer as it came.
     *
     * @param headers by their names in lower case
     */
    public record Answer(int status, Map<String, String> headers, String body) {
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    public RawConnection(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    public RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Sends one request, each char a byte, and reads its answer. */
    public Answer exchange(String request) throws IOException {
        return exchange(request.getBytes(ISO_8859_1));
    }

    /** Sends one request and reads its answer. */
    public Answer exchange(byte[] request) throws IOException {
        write(request);
        return read(new String(request, 0, Math.min(5, request.length), ISO_8859_1).equals("HEAD "));
    }

    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /**
     * Reads one answer, passing over interim ones.
     *
     * @param head whether it is to a HEAD request, and so has no body whatever its headers say
     */
    public Answer read(boolean head) throws IOException {
        var status = Integer.parseInt(line().split(" ", 3)[1]);
        var headers = new TreeMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
        }
        if (status < 200) {
            return read(head);
        }
        return new Answer(
                status, headers, head || status == 204 || status == 304 ? "" : new String(body(headers), UTF_8));
    }

    /** Reads the status of an interim answer (RFC 9110 section 15.2). */
    public int readInterim() throws IOException {
        var status = Integer.parseInt(line().split(" ", 3)[1]);
        while (!line().isEmpty()) {
            // its headers
        }
        return status;
    }

    /** Whether the server has closed its side, with nothing more to read. Waits {@link Await#CLOSE} for that. */
    public boolean isClosed() throws IOException {
        socket.setSoTimeout(Await.CLOSE);
        return in.read() < 0;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            var body = new ByteArrayOutputStream();
            for (var size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.write(exactly(size));
                line();
            }
            line();
            return body.toByteArray();
        }
        return headers.containsKey("content-length")
                ? exactly(Integer.parseInt(headers.get("content-length")))
                : in.readAllBytes();
    }

    private byte[] exactly(int size) throws IOException {
        var bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("the answer ends after " + bytes.length + " of " + size + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection was closed after: " + line);
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
