package io.seatline.audit;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What a change changes: for each attribute its value before and after. Secrets are given as {@link #MASK}. */
public final class Changes {
    /** What stands in the audit for a secret. */
    public static final String MASK = "(hidden)";

    private static final JsonFactory JSON = new JsonFactory();

    private record Values(@Nullable Object before, @Nullable Object after) {}

    private final Map<String, Values> changes = new LinkedHashMap<>();

    /** Adds an attribute, if it differs. */
    public Changes add(String attribute, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            changes.put(attribute, new Values(before, after));
        }
        return this;
    }

    /** Whether there is anything. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /**
     * What became of one attribute, as text.
     *
     * @param before null for nothing, as in {@code after}
     */
    public record Change(
            String attribute,
            @Nullable String before,
            @Nullable String after) {}

    /** Reads what {@link #json} wrote. */
    static List<Change> read(String text) {
        var changes = new ArrayList<Change>();
        try (var json = JSON.createParser(ObjectReadContext.empty(), text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                var attribute = json.currentName();
                json.nextToken();
                var values = new ArrayList<@Nullable String>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    values.add(json.currentToken() == JsonToken.VALUE_NULL ? null : json.getString());
                }
                changes.add(new Change(attribute, values.getFirst(), values.getLast()));
            }
        }
        return List.copyOf(changes);
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
