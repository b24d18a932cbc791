package io.seatline.web;

import io.seatline.http.Exchange;
import java.util.List;

/**
 * A page that says one thing.
 *
 * @param heading what it says
 * @param paragraphs the text below it
 * @param onwards where to go from here, empty for nowhere
 * @param label what the way onwards is called
 */
public record Message(String heading, List<String> paragraphs, String onwards, String label) {
    private static final String TEMPLATE = "web/message.jte";
    private static final String TEXTS = "io.seatline.web.texts";

    /** The words of such pages. */
    public static Texts texts(String language) {
        return Texts.of(TEXTS, language);
    }

    /** In the language that a request asks for. */
    static Texts texts(Exchange exchange) {
        return texts(Texts.preferred(exchange.header("Accept-Language").orElse("")));
    }

    static PageResponse.Html page(int status, Texts texts, PageError error, String onwards, Object... values) {
        var why = List.of(texts.get(error.key() + ".why", values));
        return page(status, texts.get(error.key()), why, onwards, texts.get("onwards"));
    }

    /** A page with a heading, paragraphs and a way onwards. */
    public static PageResponse.Html page(
            int status, String heading, List<String> paragraphs, String onwards, String label) {
        return new PageResponse.Html(status, TEMPLATE, new Message(heading, paragraphs, onwards, label));
    }
}
