package io.seatline.web;

import io.seatline.jsonapi.Query;
import java.util.Map;

/** The fields of a form, or of a query: what is not there is empty. */
public record Fields(Map<String, String> values) {
    /** No fields. */
    public static final Fields NONE = new Fields(Map.of());

    /** Reads them from their encoded text. */
    public static Fields parse(String encoded) {
        return new Fields(Query.parse(encoded).parameters());
    }

    /** The text, as it was typed. */
    public String raw(String name) {
        return values.getOrDefault(name, "");
    }

    /** The text without white space around it. */
    public String text(String name) {
        return raw(name).strip();
    }

    /** Whether a box is checked. */
    public boolean checked(String name) {
        return values.containsKey(name);
    }

    /** A number of 1 and more, such as a page's; {@code other} where there is none. */
    public int count(String name, int other) {
        var text = text(name);
        return text.matches("[1-9][0-9]{0,6}") ? Integer.parseInt(text) : other;
    }
}
