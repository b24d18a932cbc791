package io.seatline.web;

import io.seatline.http.Exchange;
import io.seatline.http.Handler;
import java.io.UncheckedIOException;

/** A page for everybody, such as a log-in: no session is asked for. Whatever it throws becomes an answer here. */
public final class OpenPage implements Handler {
    private final String path;
    private final PageSender sender;
    private final String home;
    private final Content content;

    /** What the page does; it sends the answer. */
    @FunctionalInterface
    public interface Content {
        /** Answers a request. */
        void handle(Exchange exchange);
    }

    /**
     * A page.
     *
     * @param path where it is
     * @param home where a visitor may go on when it fails
     */
    public OpenPage(String path, PageSender sender, String home, Content content) {
        this.path = path;
        this.sender = sender;
        this.home = home;
        this.content = content;
    }

    @Override
    public boolean handle(Exchange exchange) {
        if (!exchange.path().equals(path)) {
            return false;
        }
        try {
            content.handle(exchange);
        } catch (UncheckedIOException e) {
            // the browser has gone
            throw e;
        } catch (RuntimeException e) {
            var texts = Message.texts(exchange);
            sender.send(exchange, new PageContext(texts, null), Failure.page(e, texts, home, exchange.id()));
        }
        return true;
    }
}
