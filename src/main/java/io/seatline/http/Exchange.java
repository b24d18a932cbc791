package io.seatline.http;

import inet.ipaddr.IPAddress;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer: all that the rest of Seatline knows of HTTP, whichever library carries it. For the thread
 * that handles the request; a client that has gone is an {@link UncheckedIOException} for whoever writes to it.
 */
public final class Exchange {
    private static final Logger LOG = System.getLogger(Exchange.class.getName());

    /** The longest body that is read, in bytes. */
    private static final int MAX_BODY = 64 * 1024;

    /**
     * How much of a body that nobody wants is read, so that a client which still sends it sees the answer; in bytes.
     */
    private static final long MAX_REST = 64L * MAX_BODY;

    /** How the tag of an answer ends that is compressed: other bytes have another tag. */
    public static final String COMPRESSED_TAG = "--gzip\"";

    private static final Pattern NOT_ACCEPTED = Pattern.compile(";\\s*q\\s*=\\s*0(\\.0*)?\\s*$");

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Connections.Work work;
    private final IPAddress source;
    private final String id = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
    private @Nullable String username;
    private String resource = "pages";
    private boolean logsQuery;
    private boolean unreadable;
    private boolean compressed;
    private boolean upgraded;

    Exchange(
            Request request, Response response, Callback callback, Connections.Work work, ClientAddress clientAddress) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.work = work;
        this.source = clientAddress.of(peer().getAddress(), header("X-Forwarded-For"));
    }

    // the request

    /** What tells this request from others in the log, in the audit and for its client ({@code X-Request-Id}). */
    public String id() {
        return id;
    }

    /** Where it comes from, see {@link ClientAddress}. */
    public IPAddress source() {
        return source;
    }

    /** The connection's other end, be it the client or a proxy. */
    public InetSocketAddress peer() {
        return (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
    }

    /** Whether it came over TLS, as far as this server sees. */
    public boolean isSecure() {
        return request.getConnectionMetaData().isSecure();
    }

    /** The method, in capitals. */
    public String method() {
        return request.getMethod();
    }

    /** Whether only the header of an answer is wanted (RFC 9110 section 9.3.2). */
    public boolean isHead() {
        return method().equals("HEAD");
    }

    /** The path as it was sent, with what is encoded in it. */
    public String path() {
        var path = request.getHttpURI().getPath();
        return path == null ? "" : path;
    }

    /** What follows the question mark, as it was sent; empty for nothing. */
    public String query() {
        var query = request.getHttpURI().getQuery();
        return query == null ? "" : query;
    }

    /** The host that the client asked for, as it was sent, and its port if that was named; empty for none. */
    public String host() {
        return header("Host").orElseGet(() -> {
            // as HTTP/2 sends it
            var authority = request.getHttpURI().getAuthority();
            return authority == null ? "" : authority;
        });
    }

    /** A header, with commas between its values where it came more than once. */
    public Optional<String> header(String name) {
        var values = request.getHeaders().getValuesList(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    /** A cookie's value. */
    public Optional<String> cookie(String name) {
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(cookie -> cookie.getValue())
                .findFirst();
    }

    /**
     * The whole body.
     *
     * @throws ApiException 413 when it is too long, 408 when it does not come in time, 400 when it ends early, 501 when
     *     it is coded for the way in another manner than in chunks
     */
    public byte[] body() {
        var coding = header("Transfer-Encoding").orElse("");
        if (!coding.isEmpty() && !coding.equalsIgnoreCase("chunked")) {
            close();
            throw new ApiException(ApiError.unsupportedTransferCoding(coding));
        }
        if (request.getLength() > MAX_BODY) {
            throw new ApiException(ApiError.tooLarge(MAX_BODY));
        }
        byte[] body;
        try {
            // not closed: closing would wait for the end of a body that may have none
            body = Content.Source.asInputStream(request).readNBytes(MAX_BODY + 1);
        } catch (IOException e) {
            unreadable = true;
            // the answer is to be written all the same
            var _ = Thread.interrupted();
            throw new ApiException(
                    work.isOverdue() || e.getCause() instanceof TimeoutException
                            ? ApiError.timedOut()
                            : ApiError.badRequest(
                                    "The body could not be read: it ends early, or its transfer coding is broken.",
                                    Source.pointer("")));
        }
        if (body.length > MAX_BODY) {
            throw new ApiException(ApiError.tooLarge(MAX_BODY));
        }
        return body;
    }

    // what is learnt of it

    /** Says who makes the request. */
    public void username(String name) {
        username = name;
    }

    Optional<String> username() {
        return Optional.ofNullable(username);
    }

    /** Says what is asked for, as the metrics name it: the path of a route, in which ids are not told apart. */
    public void resource(String name) {
        resource = name;
    }

    String resource() {
        return resource;
    }

    /** Says that there is no secret in the query: it may stand in the log. */
    public void logQuery() {
        logsQuery = true;
    }

    boolean logsQuery() {
        return logsQuery;
    }

    // the answer

    /** Another status than 200. */
    public Exchange status(int status) {
        response.setStatus(status);
        return this;
    }

    /** A header of the answer. */
    public Exchange set(String name, String value) {
        response.getHeaders().put(name, value);
        return this;
    }

    /**
     * Compresses what is sent for a client that accepts it; its entity tag is another one then (RFC 9110 section
     * 8.8.3.3). Not for pages: a stranger who sees how long they are must not guess at what is in them.
     */
    public Exchange compressible() {
        response.getHeaders().ensureField(new HttpField(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString()));
        compressed = header("Accept-Encoding").filter(Exchange::acceptsGzip).isPresent();
        return this;
    }

    /** RFC 9110 section 12.5.3. */
    private static boolean acceptsGzip(String codings) {
        var acceptsAny = false;
        for (var each : codings.toLowerCase(Locale.ROOT).split(",", -1)) {
            var coding = each.replaceFirst(";.*", "").strip();
            var isAccepted = !NOT_ACCEPTED.matcher(each).find();
            if (coding.equals("gzip")) {
                return isAccepted;
            }
            acceptsAny |= coding.equals("*") && isAccepted;
        }
        return acceptsAny;
    }

    /** Answers without a body. */
    public void send() {
        nameCoding();
        if (response.getStatus() == HttpStatus.NOT_MODIFIED_304) {
            sayNothingOfLength();
        } else {
            write(true, BufferUtil.EMPTY_BUFFER);
        }
    }

    /** Answers with this body; to HEAD with its length alone. */
    public void send(byte[] body) {
        nameCoding();
        var sent = compressed ? zipped(body) : body;
        if (compressed) {
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, sent.length);
        write(true, isHead() ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(sent));
    }

    private void nameCoding() {
        var tag = response.getHeaders().get(HttpHeader.ETAG);
        if (compressed && tag != null) {
            response.getHeaders().put(HttpHeader.ETAG, tag.replaceFirst("\"$", COMPRESSED_TAG));
        }
    }

    private static byte[] zipped(byte[] body) {
        var bytes = new ByteArrayOutputStream(body.length / 2 + 64);
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Sends the header of an answer whose body, which is not sent, has a length of its own (RFC 9110 section 8.6). */
    private void sayNothingOfLength() {
        write(false, BufferUtil.EMPTY_BUFFER);
    }

    private void write(boolean isAll, ByteBuffer bytes) {
        begin();
        try {
            Content.Sink.write(response, isAll, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes an answer while it is made. */
    @FunctionalInterface
    public interface Body {
        /** Writes all of it; an exception ends the connection, so that the client knows it for cut short. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Answers with what is written, as it is flushed; to HEAD with nothing, and nothing said of a length that nobody
     * knows.
     */
    public void stream(Body body) {
        if (isHead()) {
            sayNothingOfLength();
            return;
        }
        begin();
        try {
            var out = Response.asBufferedOutputStream(request, response);
            body.writeTo(out);
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                throw e;
            }
            LOG.log(Level.ERROR, "Incident " + id, e);
            throw new UncheckedIOException(new IOException("cut short", e));
        }
    }

    /** From now on the answer takes as long as it takes: the limit of a whole request is no more. */
    public void takeTime() {
        work.takeTime();
    }

    /** What is done now may wait for the client, who has the limit of a whole request for it. */
    public void hurry() {
        work.hurry();
    }

    /**
     * Opens a WebSocket (RFC 6455 section 4.2.2) without extensions, on a connection that is a client's for good from
     * now on.
     *
     * @param onBytes is run whenever bytes have come
     * @param onEnd is run when the connection has ended, whether the WebSocket was ever open or not
     * @return false when this is no handshake that can be answered so; it still is to be answered then
     */
    public boolean open(String subprotocol, Session.Listener listener, Runnable onBytes, Runnable onEnd) {
        upgraded = ServerWebSocketContainer.get(request.getContext())
                .upgrade(
                        (_, answer, _) -> {
                            answer.setAcceptedSubProtocol(subprotocol);
                            answer.setExtensions(List.of());
                            work.keep(onBytes, onEnd);
                            return listener;
                        },
                        request,
                        response,
                        callback);
        return upgraded;
    }

    /**
     * Before an answer: a body that nobody read must never be taken for the next request, so what is short is read now,
     * and behind what is long the connection is closed; so it is when the server stops.
     */
    private void begin() {
        if (!isReadToItsEnd(MAX_BODY) || work.isLast()) {
            close();
        }
    }

    /** Tells the client that this is the last answer of its connection. */
    Exchange close() {
        if (isHttp1()) {
            response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
        }
        return this;
    }

    /** After it: a client that is still sending would not see the answer if the connection were closed at once. */
    void end() {
        if (!upgraded) {
            if (isHttp1()) {
                var _ = isReadToItsEnd(MAX_REST);
            }
            callback.succeeded();
        }
    }

    /** Later ones have no connection to close: a stream of its own ends with each request. */
    private boolean isHttp1() {
        return request.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_2.getVersion();
    }

    private boolean isReadToItsEnd(long most) {
        if (!mayHaveBody()) {
            return true;
        }
        if (unreadable || request.getLength() > most || waitsForContinue()) {
            return false;
        }
        try {
            var body = Content.Source.asInputStream(request);
            body.skipNBytes(most);
            return body.read() < 0;
        } catch (EOFException e) {
            return true;
        } catch (IOException e) {
            unreadable = true;
            return false;
        }
    }

    /** RFC 9112 section 6.3: by what a request of HTTP/1 says of it. */
    private boolean mayHaveBody() {
        var length = request.getLength();
        return length > 0
                || (length < 0 && (!isHttp1() || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)));
    }

    /** A client that was not told to go on sends nothing (RFC 9110 section 10.1.1). */
    private boolean waitsForContinue() {
        return request.getHeaders().contains(HttpHeader.EXPECT) && Request.getContentBytesRead(request) == 0;
    }

    int status() {
        return response.getStatus();
    }

    long bytesWritten() {
        return Response.getContentBytesWritten(response);
    }
}
