package io.seatline.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.http.Exchange;
import io.seatline.web.PageResponse.Download;
import io.seatline.web.PageResponse.Enter;
import io.seatline.web.PageResponse.EventSink;
import io.seatline.web.PageResponse.Events;
import io.seatline.web.PageResponse.Html;
import io.seatline.web.PageResponse.Redirect;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Turns what pages answer into HTTP. */
public final class PageSender implements AutoCloseable {
    /** Browsers that may listen for events at a time: each keeps a connection. */
    private static final int MAX_LISTENERS = 500;

    /** Nothing from elsewhere, and no script or style inside a page. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Site site;
    private final Semaphore places = new Semaphore(MAX_LISTENERS);
    private final Set<Thread> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * A sender.
     *
     * @param site where all pages lie
     */
    public PageSender(Site site) {
        this.site = site;
    }

    /** Where all pages lie. */
    public Site site() {
        return site;
    }

    /** Sends a response, for a principal or for anybody. */
    public void send(Exchange exchange, PageContext context, PageResponse answer) {
        SecurityHeaders.set(exchange, CONTENT_SECURITY_POLICY);
        exchange.set("Cache-Control", "no-store");
        switch (answer) {
            case Html html -> html(exchange, context, html);
            case Redirect(var path) -> redirect(exchange, path);
            case Enter(var path, var cookie) -> {
                exchange.set("Set-Cookie", cookie);
                redirect(exchange, path);
            }
            case Download download -> download(exchange, download);
            case Events events -> events(exchange, context, events);
        }
    }

    private void redirect(Exchange exchange, String path) {
        exchange.status(303).set("Location", site.base() + path).send();
    }

    private void html(Exchange exchange, PageContext context, Html html) {
        var body = Templates.render(html.template(), context.below(site.base()), html.view());
        exchange.status(html.status()).set("Content-Type", "text/html; charset=utf-8");
        if (html.status() == 503) {
            exchange.set("Retry-After", "5");
        }
        exchange.send(body);
    }

    private static void download(Exchange exchange, Download download) {
        exchange.set("Content-Type", download.contentType())
                .set("Content-Disposition", "attachment; filename=\"" + download.name() + "\"");
        exchange.stream(download.body());
    }

    private void events(Exchange exchange, PageContext context, Events events) {
        exchange.set("Content-Type", "text/event-stream");
        if (exchange.isHead()) {
            exchange.stream(out -> {});
            return;
        }
        if (closed || !places.tryAcquire()) {
            exchange.status(503).send();
            return;
        }
        exchange.takeTime();
        exchange.set("X-Accel-Buffering", "no");
        listeners.add(Thread.currentThread());
        try {
            exchange.stream(out -> speak(new Sink(exchange, out, context.below(site.base())), events));
        } finally {
            listeners.remove(Thread.currentThread());
            places.release();
        }
    }

    private void speak(Sink sink, Events events) throws IOException {
        try {
            // the browser learns at once that it is connected
            sink.ping();
            if (!closed) {
                events.source().run(sink);
            }
        } catch (InterruptedException e) {
            // the server stops: this is the end, and no failure
        }
    }

    /** Sends no more events: a server that stops need not wait for those who listen. */
    @Override
    public void close() {
        closed = true;
        listeners.forEach(Thread::interrupt);
    }

    /** The format of HTML's server-sent events: a line for the name, one for each line of data, an empty one. */
    private record Sink(Exchange exchange, OutputStream out, PageContext context) implements EventSink {
        @Override
        public void send(String event, String template, Object view) throws IOException {
            var text = new StringBuilder("event: ").append(event).append('\n');
            new String(Templates.render(template, context, view), UTF_8)
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
            exchange.hurry();
            out.write(text.getBytes(UTF_8));
            out.flush();
            exchange.takeTime();
        }
    }
}
