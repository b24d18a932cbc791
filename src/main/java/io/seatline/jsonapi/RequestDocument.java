package io.seatline.jsonapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.jsonapi.ApiError.Source;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the body of a POST or PATCH: {@code data} with its type, id, attributes and to-one linkage, each of them
 * checked for form. What the values mean is the feature's to check. Members that JSON:API 1.1 has no meaning for here,
 * such as {@code lid}, are ignored as it says, and so are attributes and relationships whose name begins with
 * {@code @}; any other attribute is one that can be written, or is refused.
 */
public final class RequestDocument {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_NAME = 256;
    private static final int MAX_DIGITS = 100;

    /** More problems than these are not told one by one: an answer must not be many times the request. */
    private static final int MAX_ERRORS = 20;

    /** Numbers are bounded so that reading a long one costs nothing (Jackson reads them lazily, in linear time). */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS)
                    .maxNameLength(MAX_NAME)
                    .build())
            // a table that all requests would share, and one could spoil
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final Map<?, ?> data;

    private RequestDocument(Map<?, ?> data) {
        this.data = data;
    }

    /** Reads a body and checks that it holds one resource object of {@code type}. */
    public static RequestDocument parse(byte[] body, String type) {
        if (!(readJson(body) instanceof Map<?, ?> document)) {
            throw new ApiException(ApiError.badRequest("Request must be a hash", Source.pointer("")));
        }
        var data = document.get("data");
        if (data == null) {
            throw new ApiException(ApiError.missing("data", ""));
        }
        if (!(data instanceof Map<?, ?> resource)) {
            throw new ApiException(ApiError.dataNotAnObject());
        }
        var given = resource.get("type");
        if (given == null) {
            throw new ApiException(ApiError.missing("type", "/data"));
        }
        if (!given.equals(type)) {
            throw new ApiException(ApiError.wrongType(asText(given)));
        }
        return new RequestDocument(resource);
    }

    /** The id the client gave: a string, or a whole JSON number, which known clients send. */
    public Optional<String> id() {
        var id = data.get("id");
        return switch (id) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            case BigInteger number -> Optional.of(number.toString());
            default ->
                throw new ApiException(
                        ApiError.badRequest("The id must be a string or a whole number.", Source.pointer("/data/id")));
        };
    }

    /** Checks that the document is about the resource its address names. */
    public void requireId(String fromUrl) {
        var id = id().orElseThrow(() -> new ApiException(ApiError.keyMissing()));
        if (!id.equals(fromUrl) && !isSameUuid(id, fromUrl)) {
            throw new ApiException(ApiError.keyNotInUrl(id));
        }
    }

    /** RFC 9562 section 4: in capitals or not. */
    private static boolean isSameUuid(String one, String other) {
        return Kind.uuid(one).isPresent() && Kind.uuid(one).equals(Kind.uuid(other));
    }

    /** The attributes, of which each must be among {@code allowed}: every one that is not is reported. */
    public Map<String, @Nullable Object> attributes(List<String> allowed) {
        return members("attributes", allowed);
    }

    /** The ids that each of the to-one relationships among {@code allowed}, by name, has; all others are refused. */
    public Map<String, String> relationships(Map<String, String> allowed) {
        var linkage = new HashMap<String, String>();
        members("relationships", List.copyOf(allowed.keySet()))
                .forEach((name, value) -> linkage.put(name, linkedId(name, value, allowed.get(name))));
        return linkage;
    }

    /** The pointer to {@code /data/relationships/name} or the nearest parent that exists. */
    public String relationshipPointer(String name) {
        if (data.get("relationships") instanceof Map<?, ?> relationships) {
            return relationships.containsKey(name) ? "/data/relationships/" + name : "/data/relationships";
        }
        return "/data";
    }

    /** The pointer to an attribute, or to the nearest parent that exists. */
    public Source attributeSource(String name) {
        if (data.get("attributes") instanceof Map<?, ?> attributes) {
            return Source.pointer(attributes.containsKey(name) ? "/data/attributes/" + name : "/data/attributes");
        }
        return Source.pointer("/data");
    }

    private Map<String, @Nullable Object> members(String member, List<String> allowed) {
        if (!data.containsKey(member)) {
            return Map.of();
        }
        if (!(data.get(member) instanceof Map<?, ?> values)) {
            throw new ApiException(ApiError.badRequest(
                    "The member " + member + " must be a hash.", Source.pointer("/data/" + member)));
        }
        var errors = new ArrayList<ApiError>();
        var known = new LinkedHashMap<String, @Nullable Object>();
        values.forEach((name, value) -> {
            if (((String) name).startsWith("@")) {
                return;
            }
            if (allowed.contains(name)) {
                known.put((String) name, value);
            } else if (errors.size() < MAX_ERRORS) {
                errors.add(ApiError.notAllowed((String) name, "/data/" + member + "/" + escape(name)));
            }
        });
        if (!errors.isEmpty()) {
            throw new ApiException(errors);
        }
        return known;
    }

    private static String linkedId(String name, @Nullable Object value, @Nullable String type) {
        var pointer = "/data/relationships/" + name;
        if (!(value instanceof Map<?, ?> relationship) || !relationship.containsKey("data")) {
            throw new ApiException(ApiError.invalidLinkage(pointer));
        }
        if (!(relationship.get("data") instanceof Map<?, ?> linkage)
                || !(linkage.get("type") instanceof String linkedType)
                || !(linkage.get("id") instanceof String || linkage.get("id") instanceof BigInteger)) {
            throw new ApiException(ApiError.invalidLinkage(pointer + "/data"));
        }
        if (!linkedType.equals(type)) {
            throw new ApiException(ApiError.linkageType(linkedType, pointer + "/data/type"));
        }
        return asText(linkage.get("id"));
    }

    private static String asText(@Nullable Object value) {
        return value instanceof Map || value instanceof List ? "A structure" : String.valueOf(value);
    }

    /** Escapes a member name for a JSON pointer (RFC 6901 section 3). */
    private static String escape(Object name) {
        return name.toString().replace("~", "~0").replace("/", "~1");
    }

    private static @Nullable Object readJson(byte[] body) {
        var text = text(body);
        try (var json = JSON.createParser(ObjectReadContext.empty(), text)) {
            try {
                if (json.nextToken() == null) {
                    throw unreadable("The request has no body.");
                }
                var value = value(json, new ArrayDeque<>());
                if (json.nextToken() != null) {
                    throw unreadable("There is more after the end of the JSON document" + at(json.currentLocation()));
                }
                return value;
            } catch (StreamConstraintsException | NumberFormatException | IllegalStateException e) {
                throw unreadable("The body has a number too long, or is more than " + MAX_DEPTH + " levels deep"
                        + at(json.currentLocation()));
            } catch (JacksonException e) {
                throw unreadable((String.valueOf(e.getOriginalMessage()).contains("Duplicate")
                                ? "A member is given twice"
                                : "The body is not readable as JSON")
                        + at(e.getLocation() == null ? json.currentLocation() : e.getLocation()));
            }
        }
    }

    /** The body as text. UTF-8 and nothing else (RFC 8259 section 8.1), in the one form of each character. */
    private static String text(byte[] body) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw unreadable("The body is not UTF-8 throughout.");
        }
    }

    private static ApiException unreadable(String detail) {
        return new ApiException(ApiError.badRequest(detail, Source.pointer("")));
    }

    private static String at(TokenStreamLocation location) {
        return ": line " + location.getLineNr() + ", column " + location.getColumnNr() + ".";
    }

    /**
     * The value that begins at the parser's token: Map, List, String, Number, Boolean or null.
     *
     * @param path the names and numbers that lead to it
     */
    private static @Nullable Object value(JsonParser json, Deque<Object> path) {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                var members = new LinkedHashMap<String, @Nullable Object>();
                for (var name = json.nextName(); name != null; name = json.nextName()) {
                    path.addLast(checked(name, path));
                    json.nextToken();
                    members.put(name, value(json, path));
                    path.removeLast();
                }
                yield members;
            }
            case START_ARRAY -> {
                var items = new ArrayList<@Nullable Object>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    path.addLast(items.size());
                    items.add(value(json, path));
                    path.removeLast();
                }
                yield items;
            }
            case VALUE_STRING -> checked(json.getString(), path);
            case VALUE_NUMBER_INT -> json.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT -> integerWhereWhole(json.getDecimalValue());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IllegalStateException("not the beginning of a value");
        };
    }

    /**
     * 10.0 and 1e1 are the integer 10, as JSON Schema reads them, in which the API is described (Validation 2020-12,
     * section 6.1.1). An exponent may make many digits of a few, and more than can be written out stay what they are.
     */
    private static Number integerWhereWhole(BigDecimal number) {
        var shortest = number.stripTrailingZeros();
        return shortest.scale() <= 0 && (long) shortest.precision() - shortest.scale() <= MAX_DIGITS
                ? shortest.toBigIntegerExact()
                : number;
    }

    /** Refuses what JSON can say but no text can hold: a NUL (PostgreSQL) and half a surrogate pair (UTF-8). */
    private static String checked(String text, Deque<Object> path) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                var pointer = new StringBuilder();
                path.forEach(step -> pointer.append('/').append(escape(step)));
                throw new ApiException(ApiError.badRequest(
                        c == 0 ? "A text has a NUL character." : "A text has half of a surrogate pair.",
                        Source.pointer(pointer.toString())));
            }
        }
        return text;
    }
}
