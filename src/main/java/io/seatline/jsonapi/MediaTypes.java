package io.seatline.jsonapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Content negotiation of JSON:API 1.1: its media type takes no parameters but {@code ext} and {@code profile}. An
 * unknown profile is ignored, an extension is one we do not have.
 */
public final class MediaTypes {
    /** The one media type of the API. */
    public static final String JSON_API = "application/vnd.api+json";

    private MediaTypes() {}

    /**
     * Refuses with 415 a {@code Content-Type} that is not JSON:API's.
     *
     * @param bodyExpected whether the request is one that carries a document: then the header must be there and right;
     *     on others any other type is ignored, as the body is
     */
    public static void checkContentType(@Nullable String contentType, boolean bodyExpected) {
        if (contentType == null) {
            if (bodyExpected) {
                throw new ApiException(ApiError.unsupportedMediaType("none"));
            }
            return;
        }
        var entry = split(contentType, ';');
        var isJsonApi = entry.getFirst().equalsIgnoreCase(JSON_API);
        if (isJsonApi ? !plain(entry, false) : bodyExpected) {
            throw new ApiException(ApiError.unsupportedMediaType(contentType));
        }
    }

    /** Refuses with 415 a body that is compressed, or otherwise not as it is (RFC 9110 section 8.4). */
    public static void checkContentEncoding(String codings) {
        if (!codings.isEmpty() && !codings.equalsIgnoreCase("identity")) {
            throw new ApiException(
                    List.of(ApiError.unsupportedContentCoding(codings)), Map.of("Accept-Encoding", "identity"));
        }
    }

    /** Refuses with 406 when the client accepts nothing the API can give. */
    public static void checkAccept(String accept) {
        if (accept.isBlank() || accept.equals(JSON_API)) {
            return;
        }
        var ours = new ArrayList<List<String>>();
        var any = false;
        for (var value : split(accept, ',')) {
            var entry = split(value, ';');
            switch (entry.getFirst().toLowerCase(Locale.ROOT)) {
                case JSON_API -> ours.add(entry);
                case "*/*", "application/*" -> any |= !refusedByWeight(entry);
                default -> {}
            }
        }
        // JSON:API's own entries decide when there are any: a wildcard beside them says less.
        var acceptable =
                ours.isEmpty() ? any : ours.stream().anyMatch(entry -> plain(entry, true) && !refusedByWeight(entry));
        if (!acceptable) {
            throw new ApiException(ApiError.notAcceptable(accept));
        }
    }

    private static boolean plain(List<String> entry, boolean weightAllowed) {
        return entry.stream().skip(1).allMatch(parameter -> {
            var name = parameter.split("=", 2)[0].strip().toLowerCase(Locale.ROOT);
            return name.isEmpty() || name.equals("profile") || (weightAllowed && name.equals("q"));
        });
    }

    private static boolean refusedByWeight(List<String> entry) {
        return entry.stream().skip(1).anyMatch(parameter -> parameter.matches("(?i)q\\s*=\\s*0(\\.0{0,3})?"));
    }

    /** Splits at a separator outside double quotes (RFC 9110 section 5.6.4) and strips white space. */
    private static List<String> split(String header, char separator) {
        var parts = new ArrayList<String>();
        var quoted = false;
        var start = 0;
        for (var i = 0; i < header.length(); i++) {
            var c = header.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(header.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(header.substring(start).strip());
        return parts;
    }
}
