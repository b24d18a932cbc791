package io.seatline.jsonapi;

import io.seatline.validation.Violation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a document's attributes, read as the type each should have. What does not fit is collected, so that
 * every problem is reported at once.
 */
public final class Values {
    private final RequestDocument document;
    private final Map<String, @Nullable Object> values;
    private final List<ApiError> errors = new ArrayList<>();

    /** The attributes of {@code document}, of which only {@code allowed} may be there. */
    public Values(RequestDocument document, List<String> allowed) {
        this.document = document;
        this.values = document.attributes(allowed);
    }

    /** Whether the attribute was given, be it as null. */
    public boolean has(String attribute) {
        return values.containsKey(attribute);
    }

    /** A text, or {@code otherwise} when it was not given, is null, or is no text, which is reported. */
    public @Nullable String text(String attribute, @Nullable String otherwise) {
        if (!has(attribute)) {
            return otherwise;
        }
        return switch (values.get(attribute)) {
            case null -> null;
            case String text -> text;
            default -> {
                report(attribute, "must be a string");
                yield otherwise;
            }
        };
    }

    /** A whole number, or a string of digits, which known clients send; anything else is reported. */
    public @Nullable Long number(String attribute, @Nullable Long otherwise) {
        if (!has(attribute)) {
            return otherwise;
        }
        return switch (values.get(attribute)) {
            case null -> null;
            case BigInteger number when number.bitLength() < Long.SIZE -> number.longValue();
            case String text when text.matches("-?[0-9]{1,18}") -> Long.valueOf(text);
            default -> {
                report(attribute, "must be an integer or null");
                yield otherwise;
            }
        };
    }

    /** True or false, or the strings "true" and "false"; anything else is reported. */
    public boolean flag(String attribute, boolean otherwise) {
        if (!has(attribute)) {
            return otherwise;
        }
        return switch (values.get(attribute)) {
            case Boolean flag -> flag;
            case String text when text.equals("true") -> true;
            case String text when text.equals("false") -> false;
            case null, default -> {
                report(attribute, "must be true or false");
                yield otherwise;
            }
        };
    }

    private void report(String attribute, String message) {
        errors.add(ApiError.validation(attribute, message, document.attributeSource(attribute)));
    }

    /** Adds a problem. */
    public void report(ApiError error) {
        errors.add(error);
    }

    /** Adds those problems that are not of an attribute reported already. */
    public void reportAll(List<Violation> violations) {
        var known =
                errors.stream().map(ApiError::detail).map(Values::attributeOf).toList();
        violations.stream()
                .filter(violation -> !known.contains(violation.attribute()))
                .forEach(violation -> report(violation.attribute(), violation.message()));
    }

    private static String attributeOf(String detail) {
        return detail.substring(0, Math.max(0, detail.indexOf(" - ")));
    }

    /** Throws when there was any problem. */
    public void finish() {
        if (!errors.isEmpty()) {
            throw new ApiException(errors);
        }
    }
}
