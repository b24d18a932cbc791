package io.seatline.jsonapi;

import io.seatline.jsonapi.Query.Name;
import io.seatline.jsonapi.ResourceType.Attribute;
import io.seatline.jsonapi.ResourceType.Relationship;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a resource is to be shown, as a request's sparse fieldsets and inclusion say.
 *
 * @param type what is shown
 * @param attributes which of its attributes
 * @param linkage whether its relationship is shown
 * @param includeGiven whether the request has the parameter at all: then {@code included} is there, if only empty
 * @param included the related resource's view, when it is to be included
 */
public record View<T>(
        ResourceType<T> type,
        List<Attribute<T>> attributes,
        boolean linkage,
        boolean includeGiven,
        Optional<Included<T, ?>> included) {

    /** How the related resource is to be shown. */
    public record Included<T, R>(Relationship<T, R> relationship, List<Attribute<R>> attributes) {}

    /** As it is shown to who asks for nothing in particular, nothing included. */
    public static <T> View<T> whole(ResourceType<T> type) {
        return new View<>(type, type.shownByDefault(), isAlwaysLinked(type), false, Optional.empty());
    }

    /** The same with the related resource included. */
    public static <T> View<T> including(ResourceType<T> type) {
        return new View<>(
                type,
                type.shownByDefault(),
                true,
                true,
                type.includable().<Included<T, ?>>map(related -> included(related, Query.EMPTY)));
    }

    /**
     * The view that a request for one resource asks for; any parameter but {@code fields} and {@code include} is
     * refused.
     */
    public static <T> View<T> parse(ResourceType<T> type, Query query) {
        if (query.parameters().isEmpty()) {
            return whole(type);
        }
        for (var name : query.parameters().keySet()) {
            var family = Name.of(name).family();
            if (!family.equals("fields") && !name.equals("include")) {
                throw new ApiException(ApiError.parameterNotAllowed(name));
            }
        }
        return read(type, query);
    }

    private static boolean isAlwaysLinked(ResourceType<?> type) {
        return type.relationship().isPresent() && type.includable().isEmpty();
    }

    /** As {@link #parse}, without looking at other parameters. */
    static <T> View<T> read(ResourceType<T> type, Query query) {
        var shown = type.shownByDefault();
        var linkage = isAlwaysLinked(type);
        for (var parameter : query.parameters().entrySet()) {
            var name = Name.of(parameter.getKey());
            if (name.family().equals("fields")) {
                var member = name.member().filter(of -> !of.isEmpty());
                if (member.isEmpty()) {
                    throw new ApiException(ApiError.fieldsWithoutType());
                }
                if (member.get().equals(type.name())) {
                    var wanted = fields(type, parameter.getValue());
                    shown = only(type.attributes(), wanted);
                    linkage = type.relationship()
                            .filter(related -> wanted.contains(related.name()))
                            .isPresent();
                } else if (type.includable()
                        .filter(related -> related.type().name().equals(member.get()))
                        .isEmpty()) {
                    throw new ApiException(ApiError.invalidFieldsType(member.get()));
                }
            }
        }
        Optional<Included<T, ?>> included = Optional.empty();
        var include = query.parameters().getOrDefault("include", "");
        if (!include.isEmpty()) {
            for (var name : include.split(",", -1)) {
                included = Optional.of(included(
                        type.includable()
                                .filter(related -> related.name().equals(name))
                                .orElseThrow(() -> new ApiException(ApiError.invalidInclude(name, type.name()))),
                        query));
            }
        } else if (type.includable().isPresent()) {
            included(type.includable().get(), query);
        }
        return new View<>(
                type, shown, linkage || included.isPresent(), query.parameters().containsKey("include"), included);
    }

    private static <T, R> Included<T, R> included(Relationship<T, R> relationship, Query query) {
        var target = relationship.type();
        var wanted = query.parameters().get("fields[" + target.name() + "]");
        return new Included<>(
                relationship,
                wanted == null ? target.shownByDefault() : only(target.attributes(), fields(target, wanted)));
    }

    private static Set<String> fields(ResourceType<?> type, String value) {
        if (value.isEmpty()) {
            return Set.of();
        }
        var wanted = List.of(value.split(",", -1));
        for (var field : wanted) {
            if (!field.equals("id") && !type.hasField(field)) {
                throw new ApiException(ApiError.invalidField(field, type.name()));
            }
        }
        return Set.copyOf(wanted);
    }

    private static <T> List<Attribute<T>> only(List<Attribute<T>> attributes, Set<String> wanted) {
        var shown = new ArrayList<Attribute<T>>();
        for (var attribute : attributes) {
            if (wanted.contains(attribute.name().getValue())) {
                shown.add(attribute);
            }
        }
        return shown;
    }
}
