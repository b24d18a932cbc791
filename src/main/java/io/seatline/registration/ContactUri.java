package io.seatline.registration;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A contact's URI as RFC 3261 section 19.1.4 compares it. What names the same address may be written in several ways;
 * two names of one address need not be the same as each other, since most parameters count only where both have them.
 *
 * @param text as it was written
 * @param scheme in lower case
 * @param user with its password, unescaped
 * @param hostPort in lower case; one that names its port is another than one that does not
 * @param parameters by their names, all in lower case
 * @param headers by their names in lower case, as they were written otherwise
 */
record ContactUri(
        String text,
        String scheme,
        String user,
        String hostPort,
        Map<String, String> parameters,
        Map<String, String> headers) {
    /** Parameters that count where one alone has them. */
    private static final List<String> ALWAYS_COUNT = List.of("user", "ttl", "method", "maddr", "transport");

    private static final Pattern ESCAPED = Pattern.compile("%([0-9A-Fa-f]{2})");

    /** What an escape of means no other thing than itself. */
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";

    /** Reads a URI that the parser of SIP has accepted. */
    static ContactUri of(String text) {
        var scheme = text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT);
        if (!scheme.equals("sip") && !scheme.equals("sips")) {
            return new ContactUri(text, scheme, text, "", Map.of(), Map.of());
        }
        var userEnd = text.indexOf('@');
        var user = userEnd < 0 ? "" : unescaped(text.substring(scheme.length() + 1, userEnd));
        var rest =
                text.substring(userEnd < 0 ? scheme.length() + 1 : userEnd + 1).split("\\?", 2);
        var address = rest[0].split(";", -1);
        var parameters = new HashMap<String, String>();
        for (var i = 1; i < address.length; i++) {
            put(parameters, address[i].toLowerCase(Locale.ROOT));
        }
        var headers = new HashMap<String, String>();
        if (rest.length > 1) {
            for (var header : rest[1].split("&", -1)) {
                put(headers, header);
            }
        }
        return new ContactUri(
                text, scheme, user, address[0].toLowerCase(Locale.ROOT), Map.copyOf(parameters), Map.copyOf(headers));
    }

    private static void put(Map<String, String> map, String assignment) {
        var parts = assignment.split("=", 2);
        map.put(unescaped(parts[0]).toLowerCase(Locale.ROOT), parts.length > 1 ? unescaped(parts[1]) : "");
    }

    /** With what need not be escaped as it is, and what must be in one way. */
    private static String unescaped(String text) {
        return text.indexOf('%') < 0
                ? text
                : ESCAPED.matcher(text).replaceAll(escape -> {
                    var character = (char) Integer.parseInt(escape.group(1), 16);
                    return UNRESERVED.indexOf(character) >= 0
                            ? String.valueOf(character)
                            : escape.group().toUpperCase(Locale.ROOT);
                });
    }

    /** Whether a request for one reaches the other, as far as the RFC lets one tell. */
    boolean isSame(ContactUri other) {
        return text.equals(other.text)
                || (scheme.equals(other.scheme)
                        && user.equals(other.user)
                        && hostPort.equals(other.hostPort)
                        && headers.equals(other.headers)
                        && agree(parameters, other.parameters)
                        && agree(other.parameters, parameters));
    }

    private static boolean agree(Map<String, String> some, Map<String, String> others) {
        return some.entrySet().stream().allMatch(parameter -> {
            var other = others.get(parameter.getKey());
            return other == null ? !ALWAYS_COUNT.contains(parameter.getKey()) : other.equals(parameter.getValue());
        });
    }

    /** Whether both are of one user, so that one phone may have moved from one to the other. */
    boolean hasUserOf(ContactUri other) {
        return user.equals(other.user);
    }
}
