package io.seatline.validation;

import java.util.List;

/**
 * A value that breaks a rule of its resource. The rules are the same wherever a value comes from; each face says in its
 * own way where the value stands: the API with a pointer, an import with a line and a column, a form beside the field.
 *
 * @param attribute whose value it is
 * @param rule the one that it breaks, for which pages have words of their own
 * @param message what is wrong with it and how to mend it
 * @param values what the message speaks of, in its order
 */
public record Violation(String attribute, Rule rule, String message, List<Object> values) {
    /** A violation whose message speaks of {@code values}. */
    public Violation(String attribute, Rule rule, String message, Object... values) {
        this(attribute, rule, message, List.of(values));
    }
}
