package io.seatline.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** What a browser is told at an address where nothing is. Programs, which don't ask for HTML, get an error document. */
public final class NoSuchPage implements Handler {
    private final PageSender sender;

    /** Answers by {@code sender}. */
    public NoSuchPage(PageSender sender) {
        this.sender = sender;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        if (!request.headers().first(HeaderNames.ACCEPT).orElse("").contains("text/html")) {
            response.next();
            return;
        }
        var texts = Message.texts(Texts.preferred(
                request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse("")));
        sender.send(request, response, new Frame(texts, null), Message.page(404, texts, "not.found", "/"));
    }
}
