package io.seatline.portal;

import static io.seatline.account.SipAccountType.CUSTOMER;
import static io.seatline.account.SipAccountType.ONLINE;
import static io.seatline.account.SipAccountType.SEARCHED;
import static io.seatline.account.SipAccountType.SIP_ACCOUNTS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.account.SipAccount;
import io.seatline.jsonapi.ListRequest;
import io.seatline.validation.Characters;
import io.seatline.web.Fields;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which of its accounts a customer wants to see, in which order: all of it is in the page's address.
 *
 * @param text part of a username, name or number, empty for any
 * @param state {@code online}, {@code offline} or empty for either
 * @param sort an attribute of the API, with {@code -} before it for the other way round
 * @param page from 1
 * @param size how many are on a page
 */
public record AccountSearch(String text, String state, String sort, int page, int size) {
    /** How many may be on a page. */
    public static final List<Integer> SIZES = List.of(25, 50, 100);

    private static final int USUAL_SIZE = 50;
    private static final String USUAL_SORT = "username";
    private static final int MAX_TEXT = 100;
    private static final List<String> STATES = List.of("online", "offline");
    private static final List<String> SORTED_BY = List.of(
            "is_online",
            "username",
            "caller_id_name",
            "internal_caller_id",
            "external_caller_id",
            "user_agent",
            "use_allowed_ips");

    /** Reads an address; what it does not say, or says wrongly, is as usual. */
    static AccountSearch of(Fields query) {
        var text = query.text("q");
        var state = query.text("state");
        var sort = query.text("sort");
        var size = query.count("size", USUAL_SIZE);
        return new AccountSearch(
                Characters.first(text, MAX_TEXT),
                STATES.contains(state) ? state : "",
                SORTED_BY.contains(key(sort)) ? sort : USUAL_SORT,
                query.count("page", 1),
                SIZES.contains(size) ? size : USUAL_SIZE);
    }

    private static String key(String sort) {
        return sort.startsWith("-") ? sort.substring(1) : sort;
    }

    /** Whether it leaves any out. */
    public boolean narrow() {
        return !text.isEmpty() || !state.isEmpty();
    }

    /** How a column is sorted, as {@code aria-sort} says it. */
    public String order(String column) {
        return !key(sort).equals(column) ? "none" : sort.equals(column) ? "ascending" : "descending";
    }

    /** The first page, sorted by a column, or the other way round where it is already. */
    public AccountSearch by(String column) {
        return new AccountSearch(text, state, sort.equals(column) ? "-" + column : column, 1, size);
    }

    /** Another page. */
    public AccountSearch on(long other) {
        return new AccountSearch(text, state, sort, (int) Math.clamp(other, 1L, 9_999_999L), size);
    }

    /** The address of this, below {@code path}. */
    public String address(String path) {
        var said = new LinkedHashMap<String, String>();
        said.put("q", text);
        said.put("state", state);
        said.put("sort", sort.equals(USUAL_SORT) ? "" : sort);
        said.put("size", size == USUAL_SIZE ? "" : Integer.toString(size));
        said.put("page", page == 1 ? "" : Integer.toString(page));
        said.values().removeIf(String::isEmpty);
        return said.isEmpty()
                ? path
                : said.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
                        .collect(Collectors.joining("&", path + "?", ""));
    }

    /** What to ask the accounts' table for, {@code size} at a time. */
    ListRequest<SipAccount> request(String customerId, int number, int size) {
        var request = ListRequest.of(SIP_ACCOUNTS)
                .where(CUSTOMER, customerId)
                .sort(sort)
                .page(number, size);
        if (!state.isEmpty()) {
            request = request.where(ONLINE, state.equals("online"));
        }
        return text.isEmpty() ? request : request.where(SEARCHED, text);
    }
}
