package io.seatline.jsonapi;

import io.seatline.jsonapi.ApiError.Source;
import io.seatline.jsonapi.ResourceType.Attribute;
import io.seatline.jsonapi.ResourceType.Relationship;
import io.seatline.jsonapi.View.Included;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the documents of the API straight to bytes. The order of members is the contract's: {@code id, type, links,
 * attributes, relationships}, with {@code relationships} only where it has something to say.
 */
public final class Document {
    private static final JsonFactory JSON = new JsonFactory();

    private final String baseUrl;

    /**
     * A writer.
     *
     * @param baseUrl the API's public address, without a slash at the end; every link begins with it
     */
    public Document(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    /** The public address of a resource. */
    public String self(ResourceType<?> type, String id) {
        return baseUrl + "/" + type.name() + "/" + id;
    }

    /** A document with one resource. */
    public <T> byte[] one(View<T> view, T resource) {
        return write(1024, json -> {
            json.writeName("data");
            resource(json, view, resource);
            included(json, view, List.of(resource));
        });
    }

    /** A document with a page of resources. */
    public <T> byte[] list(ListRequest<T> request, List<T> resources, long recordCount) {
        return list(request, resources, recordCount, request.view().type().name(), json -> {});
    }

    /**
     * A document with a page of resources.
     *
     * @param path where the list lies, below the API's address
     * @param moreMeta writes members of {@code meta} besides the count
     */
    public <T> byte[] list(
            ListRequest<T> request,
            List<T> resources,
            long recordCount,
            String path,
            Consumer<JsonGenerator> moreMeta) {
        return write(1024 * Math.max(1, resources.size()), json -> {
            json.writeArrayPropertyStart("data");
            for (var resource : resources) {
                resource(json, request.view(), resource);
            }
            json.writeEndArray();
            included(json, request.view(), resources);
            json.writeObjectPropertyStart("meta");
            json.writeNumberProperty("record_count", recordCount);
            moreMeta.accept(json);
            json.writeEndObject();
            json.writeObjectPropertyStart("links");
            request.links(baseUrl + "/" + path, recordCount).forEach(json::writeStringProperty);
            json.writeEndObject();
        });
    }

    /** An error document. */
    public static byte[] errors(List<ApiError> errors) {
        return write(512, json -> {
            json.writeArrayPropertyStart("errors");
            for (var error : errors) {
                json.writeStartObject();
                json.writeStringProperty("title", error.title());
                json.writeStringProperty("detail", error.detail());
                json.writeStringProperty("code", error.code());
                json.writeStringProperty("status", Integer.toString(error.status()));
                if (error.source().kind() != Source.Kind.NONE) {
                    json.writeObjectPropertyStart("source");
                    json.writeStringProperty(
                            error.source().kind().name().toLowerCase(Locale.ROOT),
                            error.source().value());
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static byte[] write(int expectedBytes, Consumer<JsonGenerator> members) {
        var bytes = new ByteArrayOutputStream(expectedBytes);
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private <T> void resource(JsonGenerator json, View<T> view, T resource) {
        json.writeStartObject();
        identity(json, view.type(), resource, view.attributes());
        if (view.linkage()) {
            view.type().relationship().ifPresent(relationship -> {
                json.writeObjectPropertyStart("relationships");
                linkage(json, relationship, resource);
                json.writeEndObject();
            });
        }
        json.writeEndObject();
    }

    private <T> void identity(JsonGenerator json, ResourceType<T> type, T resource, List<Attribute<T>> attributes) {
        var id = type.id().apply(resource);
        json.writeStringProperty("id", id);
        json.writeStringProperty("type", type.name());
        if (type.addressable()) {
            json.writeObjectPropertyStart("links");
            json.writeStringProperty("self", self(type, id));
            json.writeEndObject();
        }
        if (!attributes.isEmpty()) {
            json.writeObjectPropertyStart("attributes");
            for (var attribute : attributes) {
                json.writeName(attribute.name());
                attribute.value().write(json, resource);
            }
            json.writeEndObject();
        }
    }

    private static <T, R> void linkage(JsonGenerator json, Relationship<T, R> relationship, T resource) {
        json.writeObjectPropertyStart(relationship.name());
        json.writeObjectPropertyStart("data");
        json.writeStringProperty("type", relationship.type().name());
        json.writeStringProperty("id", relationship.id().apply(resource));
        json.writeEndObject();
        json.writeEndObject();
    }

    private <T> void included(JsonGenerator json, View<T> view, List<T> resources) {
        if (view.includeGiven()) {
            json.writeArrayPropertyStart("included");
            view.included().ifPresent(included -> related(json, included, resources));
            json.writeEndArray();
        }
    }

    private <T, R> void related(JsonGenerator json, Included<T, R> included, List<T> resources) {
        var relationship = included.relationship();
        var related = new LinkedHashMap<String, R>();
        for (var resource : resources) {
            var target = relationship.related().apply(resource);
            if (target != null) {
                related.putIfAbsent(relationship.id().apply(resource), target);
            }
        }
        for (var target : related.values()) {
            json.writeStartObject();
            identity(json, relationship.type(), target, included.attributes());
            json.writeEndObject();
        }
    }
}
