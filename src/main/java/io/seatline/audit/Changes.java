package io.seatline.audit;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What a change changes: for each attribute its value before and after. Secrets are given as {@link #MASK}. */
public final class Changes {
    /** What stands in the audit for a secret. */
    public static final String MASK = "(hidden)";

    private static final JsonFactory JSON = new JsonFactory();

    private record Change(@Nullable Object before, @Nullable Object after) {}

    private final Map<String, Change> changes = new LinkedHashMap<>();

    /** Adds an attribute, if it differs. */
    public Changes add(String attribute, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            changes.put(attribute, new Change(before, after));
        }
        return this;
    }

    /** Whether there is anything. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** As JSON: {@code {"allowed_ips": ["127.0.0.1/32", "::1/128"]}}. */
    String json() {
        var text = new StringWriter();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            changes.forEach((attribute, change) -> {
                json.writeArrayPropertyStart(attribute);
                for (var value : new @Nullable Object[] {change.before(), change.after()}) {
                    switch (value) {
                        case null -> json.writeNull();
                        case Boolean flag -> json.writeBoolean(flag);
                        case Long number -> json.writeNumber(number);
                        default -> json.writeString(value.toString());
                    }
                }
                json.writeEndArray();
            });
            json.writeEndObject();
        }
        return text.toString();
    }
}
