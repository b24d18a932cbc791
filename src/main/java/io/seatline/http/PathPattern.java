package io.seatline.http;

import io.seatline.jsonapi.Query;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The path of a route, such as <code>/accounts/{id}</code>: each <code>{id}</code> stands for one part of a path, an
 * id.
 */
public final class PathPattern {
    private final String text;
    private final Pattern pattern;

    /** The pattern that is written so. */
    public PathPattern(String text) {
        this.text = text;
        this.pattern = Pattern.compile(text.replace(".", "\\.").replace("{id}", "([^/]+)"));
    }

    /** The ids of a path, decoded and in their order; empty where the path is another. */
    public Optional<List<String>> match(String path) {
        var match = pattern.matcher(path);
        return match.matches()
                ? Optional.of(IntStream.rangeClosed(1, match.groupCount())
                        .mapToObj(i -> Query.decodePath(match.group(i)))
                        .toList())
                : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
