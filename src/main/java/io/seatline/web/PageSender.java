package io.seatline.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.seatline.http.SlowClients;
import io.seatline.web.PageAnswer.Download;
import io.seatline.web.PageAnswer.Enter;
import io.seatline.web.PageAnswer.EventSink;
import io.seatline.web.PageAnswer.Events;
import io.seatline.web.PageAnswer.Html;
import io.seatline.web.PageAnswer.Redirect;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Turns what pages answer into HTTP. */
public final class PageSender implements AutoCloseable {
    /** Browsers that may listen for events at a time: each keeps a connection. */
    private static final int MOST_LISTENERS = 500;

    /** Nothing from elsewhere, and no script or style inside a page. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final SlowClients slowClients;
    private final Semaphore places = new Semaphore(MOST_LISTENERS);
    private final Set<Thread> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Sends; {@code slowClients} leaves alone those who listen for events. */
    public PageSender(SlowClients slowClients) {
        this.slowClients = slowClients;
    }

    /** Sends an answer, for a visitor or for anybody. */
    public void send(ServerRequest request, ServerResponse response, Frame frame, PageAnswer answer) {
        SecurityHeaders.set(response, CONTENT_SECURITY_POLICY);
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        switch (answer) {
            case Html html -> html(request, response, frame, html);
            case Redirect(var path) -> redirect(response, path);
            case Enter(var path, var cookie) -> {
                response.headers().addCookie(cookie);
                redirect(response, path);
            }
            case Download download -> download(request, response, download);
            case Events events -> events(request, response, frame, events);
        }
    }

    private static void redirect(ServerResponse response, String path) {
        response.status(Status.SEE_OTHER_303);
        response.header(HeaderNames.LOCATION, path);
        response.send();
    }

    private static void html(ServerRequest request, ServerResponse response, Frame frame, Html html) {
        var body = Templates.render(html.template(), frame, html.view());
        response.status(Status.create(html.status()));
        response.header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8");
        if (html.status() == 503) {
            response.header(HeaderNames.RETRY_AFTER, "5");
        }
        if (isHead(request)) {
            response.contentLength(body.length);
            response.send();
        } else {
            response.send(body);
        }
    }

    private static boolean isHead(ServerRequest request) {
        return request.prologue().method().equals(Method.HEAD);
    }

    private static void download(ServerRequest request, ServerResponse response, Download download) {
        response.header(HeaderNames.CONTENT_TYPE, download.contentType());
        response.header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + download.name() + "\"");
        if (isHead(request)) {
            response.send();
            return;
        }
        try (var out = response.outputStream()) {
            download.body().writeTo(out);
        } catch (ServerConnectionException e) {
            // the browser has gone
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void events(ServerRequest request, ServerResponse response, Frame frame, Events events) {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        if (isHead(request)) {
            response.send();
            return;
        }
        if (closed || !places.tryAcquire()) {
            response.status(Status.SERVICE_UNAVAILABLE_503);
            response.send();
            return;
        }
        slowClients.leave();
        response.header(HeaderNames.create("X-Accel-Buffering"), "no");
        listeners.add(Thread.currentThread());
        try (var out = response.outputStream()) {
            var sink = new Sink(out, frame, slowClients);
            // the browser learns at once that it is connected
            sink.ping();
            if (!closed) {
                events.source().run(sink);
            }
        } catch (IOException | UncheckedIOException | ServerConnectionException e) {
            // the browser has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listeners.remove(Thread.currentThread());
            places.release();
        }
    }

    /** Sends no more events: a server that stops need not wait for those who listen. */
    @Override
    public void close() {
        closed = true;
        listeners.forEach(Thread::interrupt);
    }

    /** The format of HTML's server-sent events: a line for the name, one for each line of data, an empty one. */
    private record Sink(OutputStream out, Frame frame, SlowClients slowClients) implements EventSink {
        @Override
        public void send(String event, String template, Object view) throws IOException {
            var text = new StringBuilder("event: ").append(event).append('\n');
            new String(Templates.render(template, frame, view), UTF_8)
                    .lines()
                    .forEach(line -> text.append("data: ").append(line).append('\n'));
            write(text.append('\n').toString());
        }

        @Override
        public void ping() throws IOException {
            write(": \n\n");
        }

        private void write(String text) throws IOException {
            // a browser that reads nothing must not keep its place
            slowClients.comeBack();
            out.write(text.getBytes(UTF_8));
            out.flush();
            slowClients.leave();
        }
    }
}
