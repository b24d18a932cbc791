package io.seatline.validation;

import java.util.Locale;

/**
 * A rule for a value. A feature's rules are an enum, so that a test sees that pages have words for each, in every
 * language.
 */
public interface Rule {
    /** The name in the code. */
    String name();

    /** The name by which pages find their words. */
    default String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
