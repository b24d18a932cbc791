package io.seatline.jsonapi;

import io.seatline.jsonapi.Query.Name;
import io.seatline.jsonapi.ResourceType.Filter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request for a list, read once and checked against the type's whitelist.
 *
 * @param view how each is shown
 * @param conditions what each must meet: all of them
 * @param sort the keys, never empty, the last one the id
 * @param number the page, from 1
 * @param size how many a page has
 * @param query the request's query, for the links
 */
public record ListRequest<T>(
        View<T> view, List<Condition> conditions, List<SortKey> sort, int number, int size, Query query) {
    private static final int FIRST_PAGE = 1;
    private static final int DEFAULT_SIZE = 50;
    private static final int MAX_SIZE = 1000;

    /**
     * In characters, so that the links to other pages, and a header beside them, are not longer than what the server
     * reads.
     */
    private static final int MAX_QUERY = 14_000;

    /**
     * A filter with its values: one of them must match.
     *
     * @param values of the filter's kind; none matches nothing
     */
    public record Condition(Filter filter, List<Object> values) {}

    /** An SQL expression to sort by. */
    public record SortKey(String column, boolean descending) {}

    /** All of {@code type} in the order of the ids, of which the first page. */
    public static <T> ListRequest<T> of(ResourceType<T> type) {
        return new ListRequest<>(
                View.whole(type), List.of(), sortKeys(type, ""), FIRST_PAGE, DEFAULT_SIZE, Query.EMPTY);
    }

    /** Reads a request for a list of {@code type}, which is in the order of the ids if it says no other. */
    public static <T> ListRequest<T> parse(ResourceType<T> type, Query query) {
        return parse(type, query, "");
    }

    /**
     * Reads a request for a list of {@code type}.
     *
     * @param order what it is sorted by if the request does not say, written as in a request
     */
    public static <T> ListRequest<T> parse(ResourceType<T> type, Query query, String order) {
        var request = of(type);
        var number = FIRST_PAGE;
        var size = DEFAULT_SIZE;
        for (var parameter : query.parameters().entrySet()) {
            var name = Name.of(parameter.getKey());
            var value = parameter.getValue();
            switch (name.family()) {
                case "filter" -> {
                    var member = name.member().orElseThrow(() -> new ApiException(ApiError.invalidFilters(value)));
                    var filter = Optional.ofNullable(type.filtersByName().get(member))
                            .orElseThrow(() -> new ApiException(ApiError.filterNotAllowed(member, parameter.getKey())));
                    request = request.filter(filter, value);
                }
                case "page" -> {
                    var member = name.member().orElseThrow(() -> new ApiException(ApiError.invalidPage(value)));
                    switch (member) {
                        case "number" -> number = pageValue(value, member);
                        case "size" -> size = pageValue(value, member);
                        default -> throw new ApiException(ApiError.pageMemberNotAllowed(member, parameter.getKey()));
                    }
                }
                case "fields" -> {}
                default -> {
                    if (!parameter.getKey().equals("sort")
                            && !parameter.getKey().equals("include")) {
                        throw new ApiException(ApiError.parameterNotAllowed(parameter.getKey()));
                    }
                }
            }
        }
        if (query.with(Map.of()).length() > MAX_QUERY) {
            throw new ApiException(ApiError.queryTooLong(MAX_QUERY));
        }
        if (size > MAX_SIZE) {
            throw new ApiException(ApiError.pageTooLarge(MAX_SIZE));
        }
        var asked = query.parameters().getOrDefault("sort", "");
        var sort = sortKeys(type, asked.isEmpty() ? order : asked);
        return new ListRequest<>(View.read(type, query), request.conditions, sort, number, size, query);
    }

    /** The same of those only whose value of {@code filter} is one of {@code values}, which are of its kind. */
    public ListRequest<T> where(Filter filter, Object... values) {
        var all = new ArrayList<>(conditions);
        all.add(new Condition(filter, List.of(values)));
        return new ListRequest<>(view, all, sort, number, size, query);
    }

    /**
     * As {@link #where}, with the values as a request writes them.
     *
     * @throws ApiException 400 when they can't be read, or one is not of the filter's kind
     */
    public ListRequest<T> filter(Filter filter, String text) {
        var values = new LinkedHashSet<Object>();
        for (var value : splitValues(text, filter.name())) {
            var read = filter.kind().read(value);
            if (read.isPresent()) {
                values.add(read.get());
            } else if (filter.kind().refusesJunk() && !value.isEmpty()) {
                throw new ApiException(ApiError.invalidFilterValue(
                        value, filter.name(), filter.kind().hint(value)));
            }
        }
        return where(filter, values.toArray());
    }

    /**
     * The same in the order of {@code keys}, written as in a request.
     *
     * @throws ApiException 400 when the type can't be sorted by one of them
     */
    public ListRequest<T> sort(String keys) {
        return new ListRequest<>(view, conditions, sortKeys(view.type(), keys), number, size, query);
    }

    /** Another page of the same, from 1, of another size. */
    public ListRequest<T> page(int number, int size) {
        return new ListRequest<>(view, conditions, sort, number, size, query);
    }

    /** The same, each shown in another way. */
    public ListRequest<T> show(View<T> view) {
        return new ListRequest<>(view, conditions, sort, number, size, query);
    }

    /** How many records come before the page. */
    public long offset() {
        return (number - 1L) * size;
    }

    /**
     * Comma-separated values, where double quotes protect a comma and are doubled to stand for themselves (RFC 4180).
     */
    private static List<String> splitValues(String value, String filter) {
        var values = new ArrayList<String>();
        var current = new StringBuilder();
        for (var i = 0; i <= value.length(); i++) {
            if (i == value.length() || value.charAt(i) == ',') {
                values.add(current.toString());
                current.setLength(0);
            } else if (value.charAt(i) == '"' && current.isEmpty()) {
                i = quoted(value, i + 1, current, filter);
            } else {
                current.append(value.charAt(i));
            }
        }
        return values;
    }

    /** Appends the quoted text that begins at {@code from}, and returns the place of its closing quote. */
    private static int quoted(String value, int from, StringBuilder text, String filter) {
        for (var i = from; i < value.length(); i++) {
            if (value.charAt(i) != '"') {
                text.append(value.charAt(i));
            } else if (i + 1 < value.length() && value.charAt(i + 1) == '"') {
                text.append('"');
                i++;
            } else if (i + 1 == value.length() || value.charAt(i + 1) == ',') {
                return i;
            } else {
                break;
            }
        }
        throw new ApiException(ApiError.invalidFilterValue(value, filter, ""));
    }

    private static int pageValue(String value, String member) {
        if (value.matches("[0-9]{1,9}")) {
            var number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        }
        throw new ApiException(ApiError.invalidPageValue(value, member));
    }

    private static List<SortKey> sortKeys(ResourceType<?> type, String value) {
        var keys = new LinkedHashMap<String, SortKey>();
        if (!value.isEmpty()) {
            for (var part : value.split(",", -1)) {
                var descending = part.startsWith("-");
                var key = descending ? part.substring(1) : part;
                var column = type.sortColumn(key)
                        .orElseThrow(() -> new ApiException(ApiError.invalidSort(key, type.name())));
                keys.putIfAbsent(key, new SortKey(column, descending));
            }
        }
        keys.putIfAbsent("id", new SortKey(type.idColumn(), false));
        return List.copyOf(keys.values());
    }

    /** The links of this list's pages, in the order the contract shows them. */
    Map<String, String> links(String url, long recordCount) {
        var last = Math.max(1, (recordCount + size - 1) / size);
        var links = new LinkedHashMap<String, String>();
        links.put("first", link(url, 1));
        if (number > 1) {
            links.put("prev", link(url, Math.min(number - 1L, last)));
        }
        if (number < last) {
            links.put("next", link(url, number + 1L));
        }
        links.put("last", link(url, last));
        return links;
    }

    private String link(String url, long page) {
        return url + "?"
                + query.with(Map.of("page[number]", Long.toString(page), "page[size]", Integer.toString(size)));
    }
}
