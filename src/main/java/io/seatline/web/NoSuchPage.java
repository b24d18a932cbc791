package io.seatline.web;

import io.seatline.http.Exchange;
import io.seatline.http.Handler;

/** What a browser is told at an address where nothing is. Programs, which don't ask for HTML, get an error document. */
public final class NoSuchPage implements Handler {
    private final PageSender sender;

    /** Answers by {@code sender}. */
    public NoSuchPage(PageSender sender) {
        this.sender = sender;
    }

    @Override
    public boolean handle(Exchange exchange) {
        if (!exchange.header("Accept").orElse("").contains("text/html")) {
            return false;
        }
        var texts = Message.texts(exchange);
        sender.send(exchange, new PageContext(texts, null), Message.page(404, texts, PageError.NOT_FOUND, "/"));
        return true;
    }
}
