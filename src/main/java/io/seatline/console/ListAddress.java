package io.seatline.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.web.Fields;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The address of a list as it is shown, from which those of its other pages and orders are made.
 *
 * @param parameters the search, {@code sort} and {@code page}, without what is empty
 */
public record ListAddress(String path, Map<String, String> parameters) {
    private static final String SORT = "sort";
    private static final String PAGE = "page";

    /** The address of a request, with its {@code search} fields, its order and its page, and nothing else. */
    static ListAddress of(String path, Fields query, List<String> search) {
        var parameters = new LinkedHashMap<String, String>();
        for (var name : search) {
            parameters.put(name, query.text(name));
        }
        parameters.put(SORT, query.text(SORT));
        parameters.put(PAGE, Integer.toString(query.count(PAGE, 1)));
        parameters.values().removeIf(String::isEmpty);
        return new ListAddress(path, parameters);
    }

    /** The search field's text, empty for none. */
    public String value(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** What it is sorted by, with a minus for descending. */
    public String sort() {
        return value(SORT);
    }

    /** Which page it is, from 1. */
    public int page() {
        return Integer.parseInt(value(PAGE));
    }

    /** Another page of the same list. */
    public String page(long number) {
        return with(Map.of(PAGE, Long.toString(number)));
    }

    /** The list sorted by {@code key} from its first page; the other way round where it is already sorted by it. */
    public String sortedBy(String key) {
        return with(Map.of(SORT, sort().equals(key) ? "-" + key : key, PAGE, "1"));
    }

    /** What a column's heading says of the order, for {@code aria-sort}: null where the list is sorted by another. */
    public @Nullable String order(String key) {
        return sort().equals(key) ? "ascending" : sort().equals("-" + key) ? "descending" : null;
    }

    private String with(Map<String, String> changes) {
        var all = new LinkedHashMap<>(parameters);
        all.putAll(changes);
        return path + "?"
                + all.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
                        .collect(Collectors.joining("&"));
    }
}
