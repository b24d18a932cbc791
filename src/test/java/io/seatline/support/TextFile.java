package io.seatline.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A file of the pages' words, as it lies in the sources. */
public record TextFile(Map<String, String> texts) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([0-9])}");

    /** The words of a face, "portal", "console" or "web", in a language. */
    public static TextFile of(String face, String language) {
        var texts = new LinkedHashMap<String, String>();
        var file = Path.of("src/main/resources/io/seatline", face, "texts_" + language + ".properties");
        try {
            for (var line : Files.readAllLines(file)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    var equals = line.indexOf('=');
                    var before = texts.put(line.substring(0, equals), line.substring(equals + 1));
                    if (before != null) {
                        throw new AssertionError(file + " has this twice: " + line);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TextFile(texts);
    }

    public Set<String> keys() {
        return texts.keySet();
    }

    /** The numbers of the placeholders in a text. */
    public Set<Integer> placeholders(String key) {
        return PLACEHOLDER
                .matcher(Objects.requireNonNull(texts.get(key), key))
                .results()
                .map(placeholder -> Integer.valueOf(placeholder.group(1)))
                .collect(Collectors.toSet());
    }
}
