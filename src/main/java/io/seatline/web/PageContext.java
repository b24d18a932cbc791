package io.seatline.web;

import org.jspecify.annotations.Nullable;

/**
 * What every template is given beside its view: whose page it is, and in which words.
 *
 * @param base what the address of every page begins with, such as {@code /pbx}; empty for nothing
 * @param principal null on a page for everybody
 * @param here the page's own address behind the base, where a browser can come back to
 * @param done the name of what was just done, as the address says; empty for nothing. Only the words {@code done.NAME}
 *     are shown
 */
public record PageContext(
        String base, Texts texts, @Nullable PagePrincipal principal, String here, String done) {
    /** A page whose sender knows the base. */
    PageContext(Texts texts, @Nullable PagePrincipal principal, String here, String done) {
        this("", texts, principal, here, done);
    }

    /** A page that was not led to by something done. */
    public PageContext(Texts texts, @Nullable PagePrincipal principal) {
        this(texts, principal, "/", "");
    }

    PageContext below(String base) {
        return new PageContext(base, texts, principal, here, done);
    }

    /** A text of the page's language. */
    public String t(String key, Object... values) {
        return texts.get(key, values);
    }

    /** What was just done, in the page's words; null for nothing. */
    public @Nullable String doneText() {
        var key = "done." + done;
        return texts.has(key) ? texts.get(key) : null;
    }

    /** Where a style sheet or script lies. */
    public String asset(String name) {
        return base + Assets.address(name);
    }

    /** The token of the principal's forms. */
    public String token() {
        return principal == null ? "" : principal.formToken();
    }
}
