package io.seatline.jsonapi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.jsonapi.ApiError.Source;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The query of a request, decoded strictly: a broken escape, bytes that are not UTF-8, a NUL and a parameter given
 * twice are refused with 400 instead of guessed at. Brackets may be raw or percent-encoded, {@code +} is a space.
 *
 * @param parameters the decoded values by decoded name, in the order given
 */
public record Query(Map<String, String> parameters) {
    /** No parameters. */
    public static final Query EMPTY = new Query(Map.of());

    /** {@code filter[id][]} and {@code filter[id][0]}, as PHP and others write the values of one filter. */
    private static final Pattern LISTED = Pattern.compile("(filter\\[[^\\[\\]]+])\\[[0-9]{0,4}]");

    /** A bracketed name, such as {@code filter[username]}: {@code family} is "filter", {@code member} "username". */
    record Name(String family, Optional<String> member) {
        static Name of(String name) {
            var open = name.indexOf('[');
            if (open < 0) {
                return new Name(name, Optional.empty());
            }
            // What is not exactly one pair of brackets keeps its odd form, and so is found in no whitelist.
            return new Name(
                    name.substring(0, open),
                    Optional.of(
                            name.endsWith("]") ? name.substring(open + 1, name.length() - 1) : name.substring(open)));
        }
    }

    /** Reads the raw text after the question mark. */
    public static Query parse(String raw) {
        if (raw.isEmpty()) {
            return EMPTY;
        }
        var parameters = new LinkedHashMap<String, String>();
        var listed = new HashSet<String>();
        for (var part : raw.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            var equals = part.indexOf('=');
            var name = decode(equals < 0 ? part : part.substring(0, equals), part);
            var value = equals < 0 ? "" : decode(part.substring(equals + 1), name);
            var list = LISTED.matcher(name);
            if (list.matches()) {
                name = list.group(1);
                value = value.matches("(?s).*[,\"].*") ? '"' + value.replace("\"", "\"\"") + '"' : value;
            }
            var isFurther = parameters.containsKey(name);
            if (isFurther && !(list.matches() && listed.contains(name))) {
                throw new ApiException(ApiError.badRequest(
                        "The parameter " + name + " is given twice: join its values with a comma.",
                        Source.parameter(name)));
            }
            if (list.matches()) {
                listed.add(name);
            }
            parameters.merge(name, value, (before, further) -> before + "," + further);
        }
        return new Query(parameters);
    }

    private static String decode(String text, String parameter) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0 && plain(text)) {
            return text;
        }
        if (text.chars().anyMatch(c -> c > 0x7e)) {
            throw unreadable(parameter, "characters that are not percent-encoded");
        }
        var raw = text.getBytes(US_ASCII);
        var bytes = ByteBuffer.allocate(raw.length);
        for (var i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                if (i + 2 >= raw.length || !HexFormat.isHexDigit(raw[i + 1]) || !HexFormat.isHexDigit(raw[i + 2])) {
                    throw unreadable(parameter, "a percent sign that no two hexadecimal digits follow");
                }
                bytes.put((byte) (HexFormat.fromHexDigit(raw[i + 1]) << 4 | HexFormat.fromHexDigit(raw[i + 2])));
                i += 2;
            } else {
                bytes.put(raw[i] == '+' ? (byte) ' ' : raw[i]);
            }
        }
        try {
            var decoded = UTF_8.newDecoder().decode(bytes.flip()).toString();
            if (decoded.indexOf('\0') >= 0) {
                throw unreadable(parameter, "a NUL character");
            }
            return decoded;
        } catch (CharacterCodingException e) {
            throw unreadable(parameter, "bytes that are not UTF-8");
        }
    }

    private static boolean plain(String text) {
        return text.chars().allMatch(c -> c > 0 && c < 0x80);
    }

    private static ApiException unreadable(String parameter, String what) {
        return new ApiException(ApiError.badRequest(
                "The query has " + what + ": percent-encode it as UTF-8.", Source.parameter(printable(parameter))));
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** A part of a path, decoded; one that can't be read stays as it is, and so names nothing. */
    public static String decodePath(String part) {
        try {
            return decode(part.replace("+", "%2B"), part);
        } catch (ApiException e) {
            return printable(part);
        }
    }

    /** The query with {@code changes} laid over it, encoded and sorted by name, as the links of a list show it. */
    String with(Map<String, String> changes) {
        var all = new TreeMap<>(parameters);
        all.putAll(changes);
        var parts = new ArrayList<String>(all.size());
        all.forEach((name, value) -> parts.add(encode(name) + "=" + encode(value)));
        return String.join("&", parts);
    }

    /** As little as RFC 3986 section 3.4 asks for: a link should be no longer than the request that it comes from. */
    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8)
                .replace("%2C", ",")
                .replace("%3A", ":")
                .replace("%2F", "/")
                .replace("%40", "@");
    }
}
