package io.seatline.web;

import inet.ipaddr.IPAddress;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.seatline.http.ClientAddress;
import io.seatline.http.RequestLog;
import java.util.List;

/** A page for everybody, such as a log-in: no session is asked for. Whatever it throws becomes an answer here. */
public final class OpenPage implements Handler {
    private final ClientAddress clientAddress;
    private final PageSender sender;
    private final String home;
    private final Content content;

    /** What the page does; it sends the answer. */
    @FunctionalInterface
    public interface Content {
        /** Answers a request that comes from {@code source}. */
        void handle(ServerRequest request, ServerResponse response, IPAddress source);
    }

    /**
     * A page.
     *
     * @param home where a visitor may go on when it fails
     */
    public OpenPage(List<IPAddress> trustedProxies, PageSender sender, String home, Content content) {
        this.clientAddress = new ClientAddress(trustedProxies);
        this.sender = sender;
        this.home = home;
        this.content = content;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        var trace = RequestLog.trace(request);
        var texts = Message.texts(Texts.preferred(
                request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse("")));
        try {
            var source = clientAddress.of(request);
            trace.source(source);
            content.handle(request, response, source);
        } catch (RuntimeException e) {
            sender.send(request, response, new Frame(texts, null), Failure.page(e, texts, home, trace.requestId()));
        }
    }
}
