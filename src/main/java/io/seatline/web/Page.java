package io.seatline.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;

/** An HTML page: one heading and some text, sent with headers that allow it nothing but our own style sheet. */
public final class Page {
    private Page() {}

    /**
     * Sends a page.
     *
     * @param language of its text, as a BCP 47 tag
     * @param paragraphs plain text, which is escaped here
     */
    public static void send(
            ServerResponse response, int status, String language, String heading, String... paragraphs) {
        var body = new StringBuilder();
        for (var paragraph : paragraphs) {
            body.append("<p>").append(escape(paragraph)).append("</p>\n");
        }
        response.status(Status.create(status));
        response.header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8");
        protect(
                response,
                "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.send("""
                <!doctype html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <link rel="stylesheet" href="/assets/seatline.css">
                </head>
                <body>
                <main>
                <h1>%s</h1>
                %s</main>
                </body>
                </html>
                """.formatted(language, escape(heading), escape(heading), body));
    }

    /** Sets the headers that every page has: what it may load, and that nobody learns where a visitor came from. */
    public static void protect(ServerResponse response, String contentSecurityPolicy) {
        response.header(HeaderNames.create("Content-Security-Policy"), contentSecurityPolicy);
        response.header(HeaderNames.create("Referrer-Policy"), "no-referrer");
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
