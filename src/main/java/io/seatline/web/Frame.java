package io.seatline.web;

import org.jspecify.annotations.Nullable;

/**
 * What every template is given beside its view: whose page it is, and in which words.
 *
 * @param visitor null on a page for everybody
 */
public record Frame(Texts texts, @Nullable Visitor visitor) {
    /** A text of the page's language. */
    public String t(String key, Object... values) {
        return texts.get(key, values);
    }

    /** Where a style sheet or script lies. */
    public String asset(String name) {
        return Assets.address(name);
    }

    /** The token of the visitor's forms. */
    public String token() {
        return visitor == null ? "" : visitor.formToken();
    }
}
