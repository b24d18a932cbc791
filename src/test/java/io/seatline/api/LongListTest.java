package io.seatline.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.SipAccounts.Creation;
import io.seatline.support.Program;
import io.seatline.support.TestServer;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** A list of some thousands of accounts shows what slicing the same list in memory gives, and counts itself exactly. */
@Order(1)
@Tag("sql")
@Tag("slow")
final class LongListTest {
    private static final String LIST = "/sip_device_routes";
    private static final int ACCOUNTS = 2500;
    private static final List<String> FLAGS = List.of(
            "incoming_internal",
            "incoming_external",
            "outgoing_internal",
            "outgoing_external",
            "on_demand",
            "allow_external_calls",
            "use_allowed_ips",
            "require_sha256");
    private static final List<String> FILTERS = List.of(
            "customer.id",
            "username",
            "caller_id_name",
            "allow_external_calls",
            "internal_caller_id",
            "external_caller_id",
            "is_online",
            "id");

    /** By code unit, the second of the last two comes first; by code point, as the database sorts, the last. */
    private static final List<String> NAMES = List.of(
            "Reception", "reception", "Workshop, left", "The \"old\" one", "Žvėrynas", " padded ", "zz", "ｆ", "😀");

    private static final Map<String, Account> BY_ID = new LinkedHashMap<>();

    private static TestServer server;
    private static TestServer many;

    /** An account of the model: the values by attribute, a boolean, a Long, a text or null. */
    private record Account(Map<String, @Nullable Object> values) {
        String id() {
            return String.valueOf(values.get("id"));
        }
    }

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.operator("many", "many", "password");
        many = server.as("many", "password");
        for (var customer : List.of("a", "b", "c")) {
            server.customer("many", customer, null);
        }
        var random = new Random(2);
        for (var i = 0; i < ACCOUNTS; i++) {
            var account = account(random, i);
            BY_ID.put(account.id(), account);
        }
        var columns = new ArrayList<>(List.of(
                "id",
                "customer_id",
                "username",
                "caller_id_name",
                "internal_caller_id",
                "external_caller_id",
                "allowed_ips"));
        columns.addAll(FLAGS);
        var csv = BY_ID.values().stream()
                .map(account -> columns.stream()
                        .map(column -> cell(account.values().get(column)))
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("\n", String.join(",", columns) + "\n", "\n"));
        // by the command line, whose statements may take as long as they need
        var imported = Program.beside(server).runWith(csv, "account", "import", "-", "--operator", "many");
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        server.database()
                .run(BY_ID.values().stream()
                        .filter(account -> account.values().containsKey("contact"))
                        .map(account -> """
                        INSERT INTO bindings (account_id, contact, user_agent, expires_at)
                        VALUES ('%s', 'sip:a', %s, now() + interval '%s');
                        """.formatted(
                                account.id(),
                                Objects.equals(account.values().get("contact"), "")
                                        ? "NULL"
                                        : "'" + account.values().get("contact") + "'",
                                Boolean.TRUE.equals(account.values().get("is_online")) ? "1 hour" : "-1 second"))
                        .collect(Collectors.joining()));
        server.database().run("ANALYZE");
    }

    private static Account account(Random random, int number) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        values.put("id", new UUID(random.nextLong(), random.nextLong()).toString());
        values.put("customer_id", List.of("a", "a", "b", "c").get(random.nextInt(4)));
        values.put("username", (random.nextBoolean() ? "U" : "u") + random.nextInt(1_000_000) + "_" + number);
        values.put("caller_id_name", random.nextInt(4) == 0 ? null : NAMES.get(random.nextInt(NAMES.size())));
        values.put("internal_caller_id", random.nextInt(3) == 0 ? null : 100L + random.nextInt(40));
        @Nullable Long external = random.nextInt(3) == 0 ? null : 37060000000L + random.nextInt(1000);
        values.put("external_caller_id", external);
        values.put(
                "allowed_ips",
                List.of("", "10.0.0.0/8", "192.0.2.7/32,::1/128", "2001:db8::/32")
                        .get(random.nextInt(4)));
        FLAGS.forEach(flag -> values.put(flag, random.nextInt(3) == 0));
        values.put("allow_external_calls", external != null && random.nextBoolean());
        values.put("use_allowed_ips", !"".equals(values.get("allowed_ips")) && random.nextBoolean());
        values.put("is_online", false);
        values.put("user_agent", null);
        if (random.nextInt(3) == 0) {
            var agent = List.of("", "Desk 1.0", "Desk 1.1", "soft").get(random.nextInt(4));
            var online = random.nextBoolean();
            values.put("contact", agent);
            values.put("is_online", online);
            values.put("user_agent", online && !agent.isEmpty() ? agent : null);
        }
        return new Account(values);
    }

    private static String cell(@Nullable Object value) {
        return value == null ? "" : "\"" + value.toString().replace("\"", "\"\"") + "\"";
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    // the model

    private static Comparator<Account> by(String key) {
        return Comparator.comparing(
                account -> Objects.requireNonNullElse(account.values().get(key), NULL), LongListTest::compare);
    }

    private static final Object NULL = new Object();

    /** Null after everything, text by its UTF-8 bytes. */
    private static int compare(Object one, Object other) {
        if (one == NULL || other == NULL) {
            return Boolean.compare(one == NULL, other == NULL);
        }
        if (one instanceof Long first && other instanceof Long second) {
            return Long.compare(first, second);
        }
        if (one instanceof Boolean first && other instanceof Boolean second) {
            return Boolean.compare(first, second);
        }
        return Arrays.compareUnsigned(
                one.toString().getBytes(UTF_8), other.toString().getBytes(UTF_8));
    }

    private static Comparator<Account> order(String sort) {
        Comparator<Account> order = (_, _) -> 0;
        for (var part : List.of(sort.split(",", -1))) {
            var key = part.replaceFirst("^-", "");
            order = order.thenComparing(part.startsWith("-") ? by(key).reversed() : by(key));
        }
        return order.thenComparing(by("id"));
    }

    private static List<String> sorted(Predicate<Account> filter, String sort) {
        return BY_ID.values().stream()
                .filter(filter)
                .sorted(order(sort))
                .map(Account::id)
                .toList();
    }

    private static List<String> slice(List<String> sorted, int number, int size) {
        return sorted.stream().skip((number - 1L) * size).limit(size).toList();
    }

    private static JsonNode page(String query) {
        var answer = many.get(LIST + "?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer);
    }

    private static List<String> ids(JsonNode page) {
        return page.path("data").values().stream()
                .map(account -> account.path("id").asString())
                .toList();
    }

    private static Stream<String> sortKeys() {
        return Stream.concat(
                        FLAGS.stream(),
                        Stream.of(
                                "id",
                                "username",
                                "caller_id_name",
                                "internal_caller_id",
                                "external_caller_id",
                                "is_online",
                                "user_agent",
                                "allowed_ips"))
                .flatMap(key -> Stream.of(key, "-" + key));
    }

    /** The pages around the offset where another way of reading begins, and around the middle, where it turns round. */
    @ParameterizedTest
    @MethodSource("sortKeys")
    void pages_areSlicesOfTheSortedList(String sort) {
        var sorted = sorted(_ -> true, sort);
        for (var number : List.of(1, 2, 11, 12, 13, 14, 25, 26, 27)) {
            var page = page("fields[sip_device_routes]=&page[size]=97&page[number]=" + number + "&sort=" + sort);
            assertThat(ids(page)).as("page %s", number).isEqualTo(slice(sorted, number, 97));
            assertThat(page.at("/meta/record_count").intValue()).isEqualTo(ACCOUNTS);
        }
        for (var number : List.of(1, 2, 3)) {
            assertThat(ids(page("fields[sip_device_routes]=&page[size]=1000&page[number]=" + number + "&sort=" + sort)))
                    .isEqualTo(slice(sorted, number, 1000));
        }
    }

    @Test
    void pages_ofOneRowMeetAtEveryBoundary() {
        var sort = "-caller_id_name,internal_caller_id";
        var sorted = sorted(_ -> true, sort);
        for (var number : List.of(1, 1000, 1001, 1002, 1249, 1250, 1251, 1252, 2499, 2500, 2501)) {
            assertThat(ids(page("fields[sip_device_routes]=&page[size]=1&page[number]=" + number + "&sort=" + sort)))
                    .isEqualTo(slice(sorted, number, 1));
        }
    }

    @Test
    void accounts_areShownAsTheyAre() {
        for (var number : List.of(1, 2, 3)) {
            for (var shown : page("page[size]=1000&page[number]=" + number).path("data")) {
                var account = Objects.requireNonNull(BY_ID.get(shown.path("id").asString()));
                for (var attribute : shown.path("attributes").properties()) {
                    if (!attribute.getKey().equals("password")) {
                        assertThat(
                                        attribute.getValue().isNull()
                                                ? null
                                                : attribute.getValue().asString())
                                .isEqualTo(text(account.values().get(attribute.getKey())));
                    }
                }
            }
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    @Test
    void filtersAndSorts_atRandomShowAndCountWhatTheModelDoes() {
        var random = new Random(3);
        var keys = sortKeys().toList();
        for (var i = 0; i < 150; i++) {
            Predicate<Account> filter = _ -> true;
            var query = new StringBuilder("fields[sip_device_routes]=");
            var filters = new ArrayList<>(FILTERS);
            Collections.shuffle(filters, random);
            for (var name : filters.subList(0, random.nextInt(4))) {
                var column = name.equals("customer.id") ? "customer_id" : name;
                var values = IntStream.range(0, random.nextInt(5))
                        .mapToObj(_ -> BY_ID.values().stream()
                                .skip(random.nextInt(ACCOUNTS))
                                .findFirst()
                                .orElseThrow()
                                .values()
                                .get(column))
                        .filter(Objects::nonNull)
                        .map(Object::toString)
                        .toList();
                filter = filter.and(account ->
                        values.contains(String.valueOf(account.values().get(column))));
                query.append("&filter[").append(name).append("]=").append(URLEncoder.encode(csv(values), UTF_8));
            }
            var sort = IntStream.rangeClosed(0, random.nextInt(3))
                    .mapToObj(_ -> keys.get(random.nextInt(keys.size())))
                    // the first of two keys of the same name is the one that counts
                    .collect(Collectors.joining(","));
            var matches = (int) BY_ID.values().stream().filter(filter).count();
            var size = 1 + random.nextInt(60);
            var number = 1 + random.nextInt(matches / size + 2);
            query.append("&page[size]=").append(size).append("&page[number]=").append(number);
            var page = page(query + "&sort=" + sort);
            assertThat(page.at("/meta/record_count").intValue()).as("%s", query).isEqualTo(matches);
            assertThat(ids(page))
                    .as("%s %s", query, sort)
                    .isEqualTo(slice(sorted(filter, firstOfEach(sort)), number, size));
        }
    }

    private static String firstOfEach(String sort) {
        var seen = new ArrayList<String>();
        return Arrays.stream(sort.split(",", -1))
                .filter(key -> {
                    var name = key.replaceFirst("^-", "");
                    var first = !seen.contains(name);
                    seen.add(name);
                    return first;
                })
                .collect(Collectors.joining(","));
    }

    private static String csv(List<String> values) {
        return values.stream()
                .map(value -> "\"" + value.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining(","));
    }

    @Test
    void recordCount_isExactForEveryValueOfEveryFilter() {
        for (var filter : FILTERS.subList(2, 6)) {
            var counts = BY_ID.values().stream()
                    .filter(account -> account.values().get(filter) != null)
                    .collect(Collectors.groupingBy(
                            account -> String.valueOf(account.values().get(filter)), Collectors.counting()));
            var values = counts.keySet().stream().sorted().limit(60).toList();
            for (var value : values) {
                assertThat(count("filter[" + filter + "]=" + URLEncoder.encode(csv(List.of(value)), UTF_8)))
                        .as("%s %s", filter, value)
                        .isEqualTo(counts.get(value));
            }
            var some = values.subList(0, Math.min(3, values.size()));
            assertThat(count("filter[" + filter + "]=" + URLEncoder.encode(csv(some), UTF_8)))
                    .isEqualTo(some.stream().mapToLong(counts::get).sum());
        }
    }

    private static long count(String query) {
        return page("page[size]=1&" + query).at("/meta/record_count").longValue();
    }

    // kept counts

    /**
     * Asks for the number of every value that any account of the operator has, and of all, and compares with the rows.
     */
    private static void assertCounted(String operator) {
        var id = server.operatorId(operator);
        var asked = server.as(operator, "password");
        Function<String, Long> count = query -> TestServer.json(asked.get(LIST + "?page[size]=1&" + query))
                .at("/meta/record_count")
                .longValue();
        assertThat(count.apply(""))
                .isEqualTo(server.database().number("SELECT count(*) FROM sip_accounts WHERE operator_id = " + id));
        for (var filter : Map.of(
                        "customer.id", "customer_id",
                        "caller_id_name", "caller_id_name",
                        "allow_external_calls", "allow_external_calls",
                        "internal_caller_id", "internal_caller_id",
                        "external_caller_id", "external_caller_id")
                .entrySet()) {
            for (var value : server.text("SELECT string_agg(DISTINCT " + filter.getValue()
                            + "::text, ',') FROM sip_accounts WHERE operator_id = " + id)
                    .split(",", -1)) {
                assertThat(count.apply("filter[" + filter.getKey() + "]=" + value))
                        .as("%s %s", filter.getKey(), value)
                        .isEqualTo(server.database()
                                .number("SELECT count(*) FROM sip_accounts WHERE operator_id = " + id + " AND "
                                        + filter.getValue() + "::text = '" + value + "'"));
            }
        }
        // no count of a value that is gone, and none below zero
        assertThat(server.text("""
                        SELECT string_agg(k::text, ' ') FROM sip_account_counts k WHERE operator_id = %1$d AND (
                            accounts <= 0 OR accounts <> (SELECT count(*) FROM sip_accounts a
                                WHERE a.operator_id = k.operator_id AND k.value = CASE k.filter
                                    WHEN '' THEN ''
                                    WHEN 'customer.id' THEN a.customer_id
                                    WHEN 'caller_id_name' THEN a.caller_id_name
                                    WHEN 'allow_external_calls' THEN a.allow_external_calls::text
                                    WHEN 'internal_caller_id' THEN a.internal_caller_id::text
                                    WHEN 'external_caller_id' THEN a.external_caller_id::text END))
                        """.formatted(id))).isEmpty();
    }

    @Test
    void recordCount_staysExactWhateverChanges() {
        server.operator("counted", "counted", "password");
        for (var customer : List.of("a", "b")) {
            server.customer("counted", customer, null);
        }
        assertCounted("counted");
        var ids = IntStream.range(0, 12)
                .mapToObj(i -> UUID.randomUUID().toString())
                .toList();
        for (var i = 0; i < 12; i++) {
            server.account("counted", TestServer.plain(ids.get(i), i % 3 == 0 ? "b" : "a", "counted" + i));
        }
        assertCounted("counted");

        var where = " WHERE operator_id = " + server.operatorId("counted");
        for (var change : List.of(
                "UPDATE sip_accounts SET caller_id_name = 'one', internal_caller_id = 7" + where,
                "UPDATE sip_accounts SET external_caller_id = 8, allow_external_calls = true" + where
                        + " AND customer_id = 'a'",
                "UPDATE sip_accounts SET caller_id_name = username" + where + " AND customer_id = 'a'",
                "UPDATE sip_accounts SET customer_id = 'b'" + where + " AND username = 'counted1'",
                "UPDATE sip_accounts SET internal_caller_id = NULL" + where + " AND customer_id = 'b'",
                "UPDATE sip_accounts SET internal_caller_id = internal_caller_id + 1" + where,
                "UPDATE sip_accounts SET version = version" + where,
                "DELETE FROM sip_accounts" + where + " AND username IN ('counted2', 'counted3')",
                "BEGIN; DELETE FROM sip_accounts" + where + "; ROLLBACK",
                "BEGIN; UPDATE sip_accounts SET caller_id_name = 'never'" + where + "; ROLLBACK",
                "BEGIN; SAVEPOINT a; UPDATE sip_accounts SET caller_id_name = 'never'" + where
                        + "; ROLLBACK TO a; COMMIT")) {
            server.database().run(change);
            assertCounted("counted");
        }

        assertThat(server.account("counted", TestServer.plain(UUID.randomUUID().toString(), "a", "COUNTED0")))
                .isInstanceOf(Creation.UsernameTaken.class);
        assertThat(server.accounts()
                        .delete(server.operatorId("counted"), UUID.fromString(ids.getFirst()), TestServer.TEST))
                .isTrue();
        assertCounted("counted");
        assertThat(server.as("counted", "password").delete("/customers/a").statusCode())
                .isEqualTo(204);
        assertCounted("counted");
        assertThat(server.as("counted", "password").delete("/customers/b").statusCode())
                .isEqualTo(204);
        assertCounted("counted");
        assertThat(server.database().number("SELECT count(*) FROM sip_account_counts" + where))
                .isZero();
    }

    @Test
    void recordCount_staysExactWithManyWritersAtOnce() throws Exception {
        server.operator("writers", "writers", "password");
        var operator = server.operatorId("writers");
        for (var customer : List.of("a", "b", "c")) {
            server.customer("writers", customer, null);
        }
        try (var executor = Executors.newFixedThreadPool(8)) {
            var writers = IntStream.range(0, 8)
                    .mapToObj(writer -> (Callable<Integer>) () -> write(operator, writer))
                    .toList();
            for (var written : executor.invokeAll(writers)) {
                assertThat(written.get()).isPositive();
            }
        }
        assertCounted("writers");
    }

    private static int write(int operator, int writer) {
        var random = new Random(writer);
        var mine = new ArrayList<UUID>();
        var done = 0;
        for (var i = 0; i < 40; i++) {
            var what = random.nextInt(10);
            if (what < 5 || mine.isEmpty()) {
                var id = new UUID(writer + 1L, random.nextLong());
                var customer = List.of("a", "b", "c").get(random.nextInt(3));
                var created = server.accounts()
                        .create(
                                operator,
                                TestServer.plain(id.toString(), customer, "writer" + writer + "_" + i),
                                TestServer.TEST);
                assertThat(created).isInstanceOf(Creation.Created.class);
                mine.add(id);
            } else if (what < 7) {
                assertThat(server.accounts().delete(operator, mine.removeLast(), TestServer.TEST))
                        .isTrue();
            } else {
                server.database()
                        .run("BEGIN; UPDATE sip_accounts SET caller_id_name = '" + random.nextInt(3)
                                + "', internal_caller_id = " + random.nextInt(3) + " WHERE id = '" + mine.getLast()
                                + "'; "
                                + (what == 9 ? "ROLLBACK" : "COMMIT"));
            }
            done++;
        }
        return done;
    }
}
