package io.seatline.environment;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The raw settings and what is wrong with them. Each key that is read is thereby known; {@link #finish} reports the
 * unknown ones with the nearest known name, and every other problem, at once.
 */
public final class ConfigSource {
    private static final int MAX_PORT = 65_535;
    private static final String PREFIX = "SEATLINE_";

    /** Variables of the environment that the scripts in {@code bin/} use, or that name the file itself. */
    private static final List<String> NOT_SETTINGS = List.of("SEATLINE_CONFIG", "SEATLINE_JAVA_OPTIONS");

    /** An address or a block whose prefix has no more digits than one can need. */
    private static final Pattern NETWORK = Pattern.compile("[^/]+(/(0|[1-9][0-9]{0,2}))?");

    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    /** A setting that can't be used. */
    record Problem(String key, String what) {}

    private record Value(String text, String origin) {}

    private final Map<String, Value> values = new TreeMap<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    private ConfigSource() {}

    /**
     * The settings of an environment and of the properties file it names ({@code SEATLINE_CONFIG}) or, without one, of
     * {@code seatline.properties} in the working directory if that is there.
     */
    public static ConfigSource of(Map<String, String> environment) {
        var settings = new ConfigSource();
        var named = environment.get("SEATLINE_CONFIG");
        var file = Path.of(named == null ? "seatline.properties" : named);
        if (named != null || Files.exists(file)) {
            settings.load(file);
        }
        environment.forEach((name, text) -> {
            if (name.startsWith(PREFIX) && !NOT_SETTINGS.contains(name)) {
                var key =
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
                settings.values.put(key, new Value(text, name));
            }
        });
        return settings;
    }

    private void load(Path file) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("The configuration file " + file + " can't be read: " + e.getMessage());
        }
        properties.forEach(
                (key, text) -> values.put((String) key, new Value(((String) text).strip(), key + " in " + file)));
    }

    void report(Problem problem) {
        var value = values.get(problem.key());
        problems.add((value == null ? problem.key() : value.origin()) + ": " + problem.what());
    }

    Optional<String> optional(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key)).map(Value::text).filter(text -> !text.isEmpty());
    }

    String text(String key, String byDefault) {
        return optional(key).orElse(byDefault);
    }

    String choice(String key, List<String> choices) {
        var text = text(key, choices.getFirst());
        if (!choices.contains(text)) {
            report(new Problem(key, "must be one of " + String.join(", ", choices)));
        }
        return text;
    }

    int port(String key, int byDefault) {
        return number(key, byDefault, 0, MAX_PORT);
    }

    int number(String key, int byDefault, int least, int most) {
        var text = optional(key);
        if (text.isEmpty()) {
            return byDefault;
        }
        if (text.get().matches("[0-9]{1,9}")) {
            var number = Integer.parseInt(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        }
        report(new Problem(key, "must be a number from " + least + " to " + most));
        return byDefault;
    }

    Duration duration(String key, Duration byDefault) {
        var text = optional(key);
        if (text.isEmpty()) {
            return byDefault;
        }
        try {
            var duration = Duration.parse("PT" + text.get().toUpperCase(Locale.ROOT));
            if (duration.isPositive() && duration.compareTo(Duration.ofDays(3650)) < 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // reported below, like one that is out of range
        }
        report(new Problem(key, "must be a duration such as 30s, 5m or 1h30m"));
        return byDefault;
    }

    Path path(String key, String byDefault) {
        return Path.of(text(key, byDefault)).toAbsolutePath().normalize();
    }

    Optional<Path> file(String key) {
        var file = optional(key).map(Path::of);
        if (file.isPresent() && !Files.isReadable(file.get())) {
            report(new Problem(key, "there is no readable file " + file.get()));
        }
        return file;
    }

    Optional<URI> url(String key) {
        var text = optional(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var url = new URI(text.get().replaceFirst("/+$", ""));
            if (List.of("http", "https").contains(String.valueOf(url.getScheme()))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getPort() <= MAX_PORT
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            // reported below, like one of another form
        }
        report(new Problem(key, "must be an http or https address such as https://api.example.com"));
        return Optional.empty();
    }

    /** A name or an address without a port, an IPv6 one without its brackets. */
    Optional<String> host(String key) {
        var host = optional(key).map(text -> text.replaceFirst("^\\[(.*)]$", "$1"));
        if (host.isEmpty()
                || HOST_NAME.matcher(host.get()).matches()
                || (host.get().contains(":") && new IPAddressString(host.get()).isIPv6())) {
            return host;
        }
        report(new Problem(key, "must be a host's name or address such as sip.example.com, without a port"));
        return Optional.empty();
    }

    List<IPAddress> networks(String key) {
        var networks = new ArrayList<IPAddress>();
        for (var text : text(key, "").split("[,\\s]+", -1)) {
            if (!text.isEmpty()) {
                // the library takes a prefix of very many digits for 0, which is everybody
                var address = NETWORK.matcher(text).matches() ? new IPAddressString(text).getAddress() : null;
                if (address == null) {
                    report(new Problem(key, text + " is not an address or a block such as 10.0.0.0/8"));
                } else {
                    networks.add(address.toPrefixBlock());
                }
            }
        }
        return networks;
    }

    /** What stands between commas. */
    List<String> list(String key, String byDefault) {
        return Arrays.stream(text(key, byDefault).split(",", -1))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
    }

    /** Throws when anything was wrong. */
    void finish() {
        values.forEach((key, value) -> {
            if (!known.contains(key)) {
                var nearest = known.stream().min(Comparator.comparingInt(other -> distance(key, other)));
                problems.add(value.origin() + ": there is no such setting"
                        + nearest.filter(other -> distance(key, other) <= 3)
                                .map(other -> "; did you mean "
                                        + (value.origin().startsWith(PREFIX)
                                                ? PREFIX
                                                        + other.toUpperCase(Locale.ROOT)
                                                                .replace('.', '_')
                                                : other)
                                        + "?")
                                .orElse(""));
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigException("The configuration can't be used:\n  " + String.join("\n  ", problems));
        }
    }

    /** The number of letters to insert, delete or replace to get from one text to the other (Levenshtein). */
    private static int distance(String from, String to) {
        var row = new int[to.length() + 1];
        for (var j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= from.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.length(); j++) {
                var replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
