package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.support.Drawn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A random REGISTER that keeps the grammar, and the many ways to write it: order and case of headers, compact names,
 * white space, folds, quoting, escapes, values on one line or several.
 */
final class RandomRegister {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String TOKEN = LETTERS + "-.!%*_+`'~";
    private static final String PLAIN_USER = LETTERS + "-_.!~*'()&=+$,;?/";
    private static final String ANY_USER = PLAIN_USER + " @:<>\"#%äж€";
    private static final String QUOTED = TOKEN + " \"\\,;<>@:=жß";
    private static final Map<String, String> COMPACT =
            Map.of("Via", "v", "From", "f", "To", "t", "Call-ID", "i", "Contact", "m", "Content-Length", "l");

    /** Where a contact is, and what its parameters say. */
    record Place(
            String user,
            String host,
            int port,
            @Nullable Integer expires,
            @Nullable String instance,
            @Nullable Integer regId,
            @Nullable Integer q) {}

    /** A From or To. */
    record Party(
            @Nullable String name,
            String user,
            String host,
            int port,
            @Nullable String tag) {}

    private final RandomGenerator random;
    private final boolean plain;
    final Party from;
    final Party to;
    final String callId;
    final int sequence;
    final List<Place> places;
    final boolean wildcard;
    final @Nullable Integer expires;
    final @Nullable String userAgent;
    final List<Map<String, String>> credentials;
    final List<String> require;
    final List<String> branches;

    /** The request in one of the ways to write it. */
    final byte[] bytes;

    RandomRegister(RandomGenerator random) {
        this(random, false);
    }

    /** One that is written {@code plain}: without folds and compact names, with a Call-ID that is a token. */
    RandomRegister(RandomGenerator random, boolean plain) {
        this.random = random;
        this.plain = plain;
        from = new Party(
                orNull(Drawn.text(random, QUOTED, 0, 12)), text(ANY_USER, 12), host(), port(), text(TOKEN, 20));
        to = new Party(orNull(Drawn.text(random, QUOTED, 0, 12)), from.user, from.host, port(), orNull(text(TOKEN, 8)));
        callId = text(plain ? TOKEN : TOKEN + "()<>:\\\"/[]?{}", 30)
                + (random.nextBoolean() ? "@" + text(TOKEN, 10) : "");
        sequence = Drawn.between(random, 0, Integer.MAX_VALUE);
        wildcard = random.nextInt(8) == 0;
        places = wildcard ? List.of() : Drawn.several(random, 3, _ -> place());
        expires = orNull(Drawn.between(random, 0, Integer.MAX_VALUE));
        userAgent = orNull(text(QUOTED, 20).strip() + "x");
        credentials = Drawn.several(random, 2, _ -> digest());
        require = Drawn.several(random, 2, _ -> text(TOKEN, 8));
        branches = IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(_ -> "z9hG4bK" + text(TOKEN, 10))
                .toList();
        bytes = render();
    }

    private Place place() {
        return new Place(
                text(ANY_USER, 10),
                host(),
                port(),
                orNull(Drawn.between(random, 0, Integer.MAX_VALUE)),
                orNull("urn:uuid:" + text(LETTERS, 30)),
                orNull(Drawn.between(random, 1, Integer.MAX_VALUE)),
                orNull(Drawn.between(random, 0, 1000)));
    }

    private Map<String, String> digest() {
        var parameters = new TreeMap<String, String>();
        for (var name : List.of("username", "realm", "nonce", "uri", "response", "cnonce", "opaque")) {
            if (random.nextInt(10) > 0) {
                parameters.put(name, Drawn.text(random, QUOTED, 0, 30));
            }
        }
        parameters.put("algorithm", "SHA-256");
        parameters.put("qop", "auth");
        parameters.put("nc", "00000001");
        return parameters;
    }

    private byte[] render() {
        var lines = new ArrayList<String[]>();
        add(lines, "Via", via());
        add(lines, "From", List.of(party(from)));
        add(lines, "To", List.of(party(to)));
        add(lines, "Call-ID", List.of(callId));
        add(lines, "CSeq", List.of("0".repeat(random.nextInt(3)) + sequence + required() + "REGISTER"));
        add(
                lines,
                "Contact",
                wildcard ? List.of("*") : places.stream().map(this::contact).toList());
        add(lines, "Max-Forwards", List.of("70"));
        add(lines, "Expires", expires == null ? List.of() : List.of(expires.toString()));
        add(lines, "User-Agent", userAgent == null ? List.of() : List.of(userAgent));
        credentials.forEach(parameters -> lines.add(new String[] {"Authorization", authorization(parameters)}));
        add(lines, "Require", require);
        add(lines, "Content-Length", random.nextBoolean() ? List.of("0") : List.of());
        add(lines, text(TOKEN, 10) + "-x", List.of(text(QUOTED, 40)));
        shuffle(lines);
        return lines.stream()
                .map(line -> name(line[0]) + maybe(" ", "\t", "  ") + ":" + optional() + line[1] + maybe(" ", "\t"))
                .collect(Collectors.joining("\r\n", "REGISTER sip:" + to.host + " SIP/2.0\r\n", "\r\n\r\n"))
                .getBytes(UTF_8);
    }

    /** The values on one line or on several. */
    private void add(List<String[]> lines, String name, List<String> values) {
        var line = new ArrayList<String>();
        for (var value : values) {
            line.add(value);
            if (random.nextBoolean()) {
                lines.add(new String[] {name, String.join(optional() + "," + optional(), line)});
                line.clear();
            }
        }
        if (!line.isEmpty()) {
            lines.add(new String[] {name, String.join(optional() + "," + optional(), line)});
        }
    }

    /** Any order, but of the lines of one name (RFC 3261 section 7.3.1). */
    private void shuffle(List<String[]> lines) {
        var order = new ArrayList<>(lines);
        Collections.shuffle(order, random);
        var names = order.stream().map(line -> line[0]).toList();
        for (var i = 0; i < names.size(); i++) {
            var name = names.get(i);
            var next = lines.stream()
                    .filter(line -> line[0].equals(name))
                    .findFirst()
                    .orElseThrow();
            lines.remove(next);
            order.set(i, next);
        }
        lines.addAll(order);
    }

    private List<String> via() {
        return branches.stream()
                .map(branch -> "SIP" + optional() + "/" + optional() + "2.0" + optional() + "/" + optional() + "UDP"
                        + required() + "192.0.2.1" + optional() + ":5060" + semicolon() + "rport" + semicolon()
                        + parameter("branch", branch))
                .toList();
    }

    private String party(Party party) {
        return address(party.name, party.user, party.host, party.port)
                + (party.tag == null ? "" : semicolon() + parameter("tag", party.tag))
                + maybe(semicolon() + "x", semicolon() + parameter("y", "z"), semicolon() + parameter("q", "\";>,\""));
    }

    private String contact(Place place) {
        var parameters = new ArrayList<String>();
        if (place.expires != null) {
            parameters.add(parameter("expires", place.expires.toString()));
        }
        if (place.instance != null) {
            parameters.add(parameter("+sip.instance", "\"<" + place.instance + ">\""));
        }
        if (place.regId != null) {
            parameters.add(parameter("reg-id", place.regId.toString()));
        }
        if (place.q != null) {
            parameters.add(parameter("q", place.q == 1000 ? "1" : "0.%03d".formatted(place.q)));
        }
        Collections.shuffle(parameters, random);
        return address(null, place.user, place.host, place.port)
                + parameters.stream().map(parameter -> semicolon() + parameter).collect(Collectors.joining());
    }

    private String address(@Nullable String name, String user, String host, int port) {
        var uri = anyCase("sip") + ":" + escaped(user) + "@" + host + (port < 0 ? "" : ":" + port);
        if (name == null && uri.chars().noneMatch(c -> c == ',' || c == ';' || c == '?') && random.nextBoolean()) {
            return uri;
        }
        var shown = name == null ? maybe("Plain name ", "a") : quoted(name) + optional();
        return shown + "<" + uri + maybe(";transport=tcp", ";lr") + ">";
    }

    private String authorization(Map<String, String> parameters) {
        return anyCase("Digest")
                + required()
                + parameters.entrySet().stream()
                        .map(entry -> switch (entry.getKey()) {
                            case "algorithm", "nc", "qop" -> parameter(entry.getKey(), entry.getValue());
                            default -> parameter(entry.getKey(), quoted(entry.getValue()));
                        })
                        .collect(Collectors.joining(optional() + "," + optional()));
    }

    private String parameter(String name, String value) {
        return anyCase(name) + optional() + "=" + optional() + value;
    }

    private String semicolon() {
        return optional() + ";" + optional();
    }

    private String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\' || (c < 128 && random.nextInt(10) == 0)) {
                quoted.append('\\');
            }
            quoted.appendCodePoint(c);
        });
        return quoted.append('"').toString();
    }

    private String escaped(String user) {
        var escaped = new StringBuilder();
        for (var octet : user.getBytes(UTF_8)) {
            if (octet < 0 || PLAIN_USER.indexOf(octet) < 0 || random.nextInt(10) == 0) {
                var hex = "%%%02X".formatted(octet & 0xff);
                escaped.append(random.nextBoolean() ? hex : hex.toLowerCase(Locale.ROOT));
            } else {
                escaped.append((char) octet);
            }
        }
        return escaped.toString();
    }

    private String name(String name) {
        return anyCase(plain || random.nextBoolean() ? name : COMPACT.getOrDefault(name, name));
    }

    private String anyCase(String text) {
        return switch (random.nextInt(4)) {
            case 0 -> text.toLowerCase(Locale.ROOT);
            case 1 -> text.toUpperCase(Locale.ROOT);
            default -> text;
        };
    }

    /** White space that may be left out. */
    private String optional() {
        return random.nextInt(3) > 0 ? "" : required();
    }

    private String required() {
        return plain
                ? " "
                : List.of(" ", " ", "\t", "  ", "\r\n ", " \r\n\t ", "\r\n \r\n  ")
                        .get(random.nextInt(7));
    }

    private String maybe(String... texts) {
        var i = random.nextInt(texts.length * 2);
        return i < texts.length ? texts[i] : "";
    }

    private String host() {
        return List.of("example.com", "192.0.2.7", "[2001:db8::7]", "a-b.example", "localhost")
                .get(random.nextInt(5));
    }

    private int port() {
        return random.nextBoolean() ? -1 : Drawn.between(random, 0, 65_535);
    }

    private String text(String alphabet, int longest) {
        return Drawn.text(random, alphabet, 1, longest);
    }

    private <T> @Nullable T orNull(T value) {
        return random.nextBoolean() ? value : null;
    }

    @Override
    public String toString() {
        return new String(bytes, UTF_8);
    }
}
