package io.seatline.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;

/** Addresses with a query. */
public final class Links {
    private Links() {}

    /** A part of a path, such as a customer's id. */
    public static String part(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /**
     * The address of a page.
     *
     * @param fields names and values in turn; empty ones are left out
     */
    static String of(String path, String... fields) {
        var query = new ArrayList<String>();
        for (var i = 0; i < fields.length; i += 2) {
            if (!fields[i + 1].isEmpty()) {
                query.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], UTF_8));
            }
        }
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }
}
