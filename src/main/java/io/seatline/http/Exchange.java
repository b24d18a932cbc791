package io.seatline.http;

import inet.ipaddr.IPAddress;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.seatline.jsonapi.ApiException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer: all that the rest of Seatline knows of HTTP, whichever library carries it. For the thread that handles the
 * request; a client that has gone is an {@link UncheckedIOException} for whoever writes to it.
 */
public final class Exchange {
    private final ServerRequest request;
    private final ServerResponse response;
    private final IPAddress source;
    private final SlowClients slowClients;
    private final String id = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
    private @Nullable String username;

    Exchange(ServerRequest request, ServerResponse response, ClientAddress clientAddress, SlowClients slowClients) {
        this.request = request;
        this.response = response;
        this.source = clientAddress.of(
                ((InetSocketAddress) request.remotePeer().address()).getAddress(), header("X-Forwarded-For"));
        this.slowClients = slowClients;
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

    /** The method, in capitals. */
    public String method() {
        return request.prologue().method().text();
    }

    /** Whether only the header of an answer is wanted (RFC 9110 section 9.3.2). */
    public boolean isHead() {
        return method().equals("HEAD");
    }

    /** The path as it was sent, with what is encoded in it. */
    public String path() {
        return request.prologue().uriPath().rawPath();
    }

    /** What follows the question mark, as it was sent; empty for nothing. */
    public String query() {
        return request.query().rawValue();
    }

    /** A header, with commas between its values where it came more than once. */
    public Optional<String> header(String name) {
        var key = HeaderNames.create(name);
        return request.headers().contains(key)
                ? Optional.of(String.join(", ", request.headers().all(key, List::of)))
                : Optional.empty();
    }

    /** A cookie's value. */
    public Optional<String> cookie(String name) {
        return request.headers().cookies().first(name).asOptional();
    }

    /**
     * The whole body.
     *
     * @throws ApiException 413 when it is too long, 400 when it ends early
     */
    public byte[] body() {
        return RequestBody.read(request);
    }

    // what is learnt of it

    /** Says who makes the request. */
    public void username(String name) {
        username = name;
    }

    Optional<String> username() {
        return Optional.ofNullable(username);
    }

    // the answer

    /** Another status than 200. */
    public Exchange status(int status) {
        response.status(Status.create(status));
        return this;
    }

    /** A header of the answer. */
    public Exchange set(String name, String value) {
        response.header(HeaderNames.create(name), value);
        return this;
    }

    /** Answers without a body. */
    public void send() {
        response.send();
    }

    /** Answers with this body; to HEAD with its length alone. */
    public void send(byte[] body) {
        if (isHead()) {
            response.contentLength(body.length);
            response.send();
        } else {
            response.send(body);
        }
    }

    /** Answers with what is written, as it is written. */
    public OutputStream stream() {
        return response.outputStream();
    }

    /** From now on the answer takes as long as it takes: the limit of a whole request is no more. */
    public void takeTime() {
        slowClients.leave();
    }

    /** What is done now may wait for the client, who has the limit of a whole request for it. */
    public void hurry() {
        slowClients.comeBack();
    }

    int status() {
        return response.status().code();
    }

    long bytesWritten() {
        return response.bytesWritten();
    }
}
