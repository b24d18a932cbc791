package io.seatline.jsonapi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/**
 * The one whitelist of a resource type: what can be shown, sorted by, filtered by and included, and the SQL expression
 * each stands for. Nothing of a request reaches a statement but as a bound value or by way of an entry here.
 *
 * @param <T> the record that holds a resource
 * @param name the type's name on the wire
 * @param addressable whether a resource can be fetched at an address of its own, which it then shows
 * @param id the resource's id
 * @param idColumn the SQL expression of the id
 * @param attributes in the order they are shown
 * @param filters by name
 * @param relationship the one to-one relationship, if there is one
 */
public record ResourceType<T>(
        String name,
        boolean addressable,
        Function<T, String> id,
        String idColumn,
        List<Attribute<T>> attributes,
        List<Filter> filters,
        Optional<Relationship<T, ?>> relationship) {

    /**
     * An attribute.
     *
     * @param column what it is sorted by, or null where sorting by it is refused
     * @param value writes its value
     * @param byDefault whether it is shown where the request names no fields
     */
    public record Attribute<T>(
            SerializedString name, @Nullable String column, Value<T> value, boolean byDefault) {
        Attribute(SerializedString name, @Nullable String column, Value<T> value) {
            this(name, column, value, true);
        }

        /** The same, shown only where the request names it among its fields. */
        public Attribute<T> onlyByName() {
            return new Attribute<>(name, column, value, false);
        }
    }

    /** Writes one value of a resource. */
    @FunctionalInterface
    public interface Value<T> {
        /** Writes the value, and only that. */
        void write(JsonGenerator json, T resource);
    }

    /** A filter: exact match on {@code column}, of values of {@code kind}. */
    public record Filter(String name, String column, Kind kind) {}

    /**
     * A to-one relationship.
     *
     * @param id the related resource's id, known without including it
     * @param includable whether the related resource can be included; where not, the id is always shown
     * @param related the related resource, there when it was included
     */
    public record Relationship<T, R>(
            String name,
            ResourceType<R> type,
            Function<T, String> id,
            boolean includable,
            Function<T, @Nullable R> related) {
        /** One that can be included. */
        public static <T, R> Relationship<T, R> included(
                String name, ResourceType<R> type, Function<T, String> id, Function<T, @Nullable R> related) {
            return new Relationship<>(name, type, id, true, related);
        }

        /** One of which only the id is shown. */
        public static <T, R> Relationship<T, R> linked(String name, ResourceType<R> type, Function<T, String> id) {
            return new Relationship<>(name, type, id, false, _ -> null);
        }
    }

    public ResourceType {
        attributes = List.copyOf(attributes);
        filters = List.copyOf(filters);
    }

    /** A text attribute. */
    public static <T> Attribute<T> text(String name, String column, Function<T, @Nullable String> get) {
        return new Attribute<>(new SerializedString(name), column, (json, resource) -> {
            var value = get.apply(resource);
            if (value == null) {
                json.writeNull();
            } else {
                json.writeString(value);
            }
        });
    }

    /** A text attribute that can't be sorted by. */
    public static <T> Attribute<T> unsortedText(String name, Function<T, @Nullable String> get) {
        return new Attribute<>(
                new SerializedString(name), null, (json, resource) -> json.writeString(get.apply(resource)));
    }

    /** A number attribute. */
    public static <T> Attribute<T> number(String name, String column, Function<T, @Nullable Long> get) {
        return new Attribute<>(new SerializedString(name), column, (json, resource) -> {
            var value = get.apply(resource);
            if (value == null) {
                json.writeNull();
            } else {
                json.writeNumber(value.longValue());
            }
        });
    }

    /** A true-or-false attribute. */
    public static <T> Attribute<T> flag(String name, String column, Function<T, Boolean> get) {
        return new Attribute<>(
                new SerializedString(name), column, (json, resource) -> json.writeBoolean(get.apply(resource)));
    }

    /** A point in time: RFC 3339, UTC, in whole seconds. */
    public static <T> Attribute<T> time(String name, String column, Function<T, Instant> get) {
        return text(
                name,
                column,
                resource -> get.apply(resource).truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** The attributes that are shown where the request names no fields. */
    List<Attribute<T>> shownByDefault() {
        return attributes.stream().filter(Attribute::byDefault).toList();
    }

    Optional<Relationship<T, ?>> includable() {
        return relationship.filter(Relationship::includable);
    }

    Map<String, Filter> filtersByName() {
        return filters.stream().collect(Collectors.toUnmodifiableMap(Filter::name, filter -> filter));
    }

    boolean hasField(String field) {
        return attributes.stream()
                        .anyMatch(attribute -> attribute.name().getValue().equals(field))
                || relationship.filter(related -> related.name().equals(field)).isPresent();
    }

    /** The SQL expression of a sort key, or empty when it is not one. */
    Optional<String> sortColumn(String key) {
        if (key.equals("id")) {
            return Optional.of(idColumn);
        }
        return attributes.stream()
                .filter(attribute -> attribute.name().getValue().equals(key))
                .findFirst()
                .flatMap(attribute -> Optional.ofNullable(attribute.column()));
    }
}
