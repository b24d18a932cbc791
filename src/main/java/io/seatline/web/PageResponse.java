package io.seatline.web;

import io.seatline.http.Exchange;
import java.io.IOException;

/** What a page's handler answers with. */
public sealed interface PageResponse {
    /**
     * A page, or a part of one.
     *
     * @param template such as {@code portal/accounts.jte}
     * @param view what it shows, its parameter {@code view}
     */
    record Html(int status, String template, Object view) implements PageResponse {}

    /** On to another page of this server. */
    record Redirect(String path) implements PageResponse {}

    /**
     * On to a page of a session that begins: its cookie ({@code Set-Cookie}) goes with the answer, and no token into an
     * address.
     */
    record Enter(String path, String cookie) implements PageResponse {}

    /** A file to be saved. */
    record Download(String name, String contentType, Exchange.Body body) implements PageResponse {}

    /** Server-sent events, for as long as the browser stays. */
    record Events(EventSource source) implements PageResponse {}

    /** Speaks until there is nothing more to say. */
    @FunctionalInterface
    interface EventSource {
        /** Sends events until the session ends or the thread is interrupted. */
        void run(EventSink sink) throws IOException, InterruptedException;
    }

    /** Takes server-sent events. */
    interface EventSink {
        /** Sends one event with a template's text. */
        void send(String event, String template, Object view) throws IOException;

        /** Sends a sign of life, by which a browser that has gone is found out. */
        void ping() throws IOException;
    }

    /** A page. */
    static PageResponse html(String template, Object view) {
        return new Html(200, template, view);
    }

    /** On to another page. */
    static PageResponse redirect(String path) {
        return new Redirect(path);
    }

    /** On to a page of a session that begins. */
    static PageResponse enter(String path, String cookie) {
        return new Enter(path, cookie);
    }
}
