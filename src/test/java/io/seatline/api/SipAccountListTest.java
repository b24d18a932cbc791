package io.seatline.api;

import static io.seatline.account.Setting.ALLOW_EXTERNAL_CALLS;
import static io.seatline.account.Setting.CALLER_ID_NAME;
import static io.seatline.account.Setting.EXTERNAL_CALLER_ID;
import static io.seatline.account.Setting.INTERNAL_CALLER_ID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.account.NewAccount;
import io.seatline.account.PhoneSecret;
import io.seatline.support.ExpectedError;
import io.seatline.support.RawConnection;
import io.seatline.support.TestServer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * {@code GET /sip_device_routes}: filters, pages, fields, inclusion. What many accounts take is in
 * {@link LongListTest}.
 */
@Tag("sql")
final class SipAccountListTest {
    private static final String LIST = "/sip_device_routes";

    private static TestServer server;

    /** The accounts, named by their usernames; their ids are in that order. */
    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.customer("test", "ABC", null);
        server.customer("test", "abc", null);
        server.customer("test", "nobody", null);
        account(1, "123", "anna", "Front desk", 101L, 37060000001L, true);
        account(2, "123", "Bert", "front desk", 102L, 37060000002L, false);
        account(3, "ABC", "carl", "Desk, front", 101L, null, false);
        account(4, "ABC", "dora", "Desk \"front\"", null, 37060000001L, true);
        account(5, "abc", "emil", " Front desk ", 0L, 0L, false);
        account(6, "abc", "f+g", "a+b", 9999999999L, 999999999999999L, true);
        account(7, "abc", "gina", null, null, null, false);
        account(8, "abc", "h.i_j-k", "Žvėrynas 😀", 103L, null, false);
        server.operator("other", "other", "password");
        server.customer("other", "123", null);
        server.account("other", TestServer.plain("00000000-0000-4000-8000-0000000000ff", "123", "somebody"));
        bind(1, "Desk phone/1.0", "1 hour", "1 minute");
        bind(1, "Soft phone/2.0", "1 hour", "1 second");
        bind(1, "Expired/3.0", "-1 second", "0 seconds");
        bind(2, "Expired/3.0", "-1 second", "1 hour");
        server.database().run("""
                        INSERT INTO bindings (account_id, contact, expires_at)
                        VALUES ('%s', 'sip:x@192.0.2.1', now() + interval '1 hour')""".formatted(id(3)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void account(
            int number,
            String customer,
            String username,
            @Nullable String name,
            @Nullable Long internal,
            @Nullable Long external,
            boolean calls) {
        server.account(
                "test",
                new NewAccount(
                        UUID.fromString(id(number)),
                        customer,
                        AccountSettings.of(username, new PhoneSecret.Password("correct-horse-battery"))
                                .with(CALLER_ID_NAME, name)
                                .with(INTERNAL_CALLER_ID, internal)
                                .with(EXTERNAL_CALLER_ID, external)
                                .with(ALLOW_EXTERNAL_CALLS, calls)));
    }

    private static void bind(int number, String userAgent, String expiresIn, String refreshedAgo) {
        server.database().run("""
                        INSERT INTO bindings (account_id, contact, user_agent, expires_at, refreshed_at)
                        VALUES ('%1$s', 'sip:%2$s', '%2$s', now() + interval '%3$s', now() - interval '%4$s')
                        """.formatted(id(number), userAgent, expiresIn, refreshedAgo));
    }

    private static String id(int number) {
        return "00000000-0000-4000-8000-00000000000" + number;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static HttpResponse<String> list(String query) {
        return server.get(query.isEmpty() ? LIST : LIST + "?" + query);
    }

    private static JsonNode listed(String query) {
        var answer = list(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer);
    }

    /** The usernames of a list, which must count itself right. */
    private static String usernames(String query) {
        var document = listed(query);
        var usernames = document.path("data").values().stream()
                .map(account -> account.at("/attributes/username").asString())
                .toList();
        assertThat(document.at("/meta/record_count").intValue()).isEqualTo(usernames.size());
        return String.join(" ", usernames);
    }

    private static List<ExpectedError> refused(String query) {
        return ExpectedError.of(list(query));
    }

    // filters

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    id                   | 00000000-0000-4000-8000-000000000002                      | Bert
                    id                   | 00000000-0000-4000-8000-000000000002,00000000-0000-4000-8000-000000000001 | anna Bert
                    id                   | 00000000-0000-4000-8000-00000000000f                      | ``
                    id                   | 00000000-0000-4000-8000-0000000000ff                      | ``
                    id                   | 00000000-0000-4000-8000-00000000000                       | ``
                    id                   | nonsense                                                  | ``
                    id                   | nonsense,00000000-0000-4000-8000-000000000001             | anna
                    customer.id          | 123                                                       | anna Bert
                    customer.id          | ABC                                                       | carl dora
                    customer.id          | 123,ABC                                                   | anna Bert carl dora
                    customer.id          | nobody                                                    | ``
                    customer.id          | 12                                                        | ``
                    customer.id          | 0123                                                      | ``
                    customer.id          | 12%                                                       | ``
                    username             | anna                                                      | anna
                    username             | Anna                                                      | ``
                    username             | bert                                                      | ``
                    username             | ann                                                       | ``
                    username             | ann_                                                      | ``
                    username             | *                                                         | ``
                    username             | anna,Bert,nobody                                          | anna Bert
                    username             | anna,anna                                                 | anna
                    username             | somebody                                                  | ``
                    username             | f+g                                                       | f+g
                    username             | h.i_j-k                                                   | h.i_j-k
                    caller_id_name       | Front desk                                                | anna
                    caller_id_name       | Front desk,front desk                                     | anna Bert
                    caller_id_name       | "Desk, front"                                             | carl
                    caller_id_name       | Desk, front                                               | ``
                    caller_id_name       | "Desk, front",Front desk                                  | anna carl
                    caller_id_name       | Front desk,"Desk, front"                                  | anna carl
                    caller_id_name       | "Front desk"                                              | anna
                    caller_id_name       | "Desk ""front""\"                                         | dora
                    caller_id_name       | Desk "front"                                              | dora
                    caller_id_name       | Front  desk                                               | ``
                    caller_id_name       | a+b                                                       | f+g
                    caller_id_name       | a b                                                       | ``
                    caller_id_name       | Žvėrynas 😀                                               | h.i_j-k
                    caller_id_name       | null                                                      | ``
                    caller_id_name       | ' OR ''=                                                  | ``
                    allow_external_calls | true                                                      | anna dora f+g
                    allow_external_calls | false                                                     | Bert carl emil gina h.i_j-k
                    allow_external_calls | true,false                                                | anna Bert carl dora emil f+g gina h.i_j-k
                    allow_external_calls | true,true                                                 | anna dora f+g
                    allow_external_calls | "true"                                                    | anna dora f+g
                    internal_caller_id   | 101                                                       | anna carl
                    internal_caller_id   | 101,102                                                   | anna Bert carl
                    internal_caller_id   | 0                                                         | emil
                    internal_caller_id   | 9999999999                                                | f+g
                    internal_caller_id   | -101                                                      | ``
                    internal_caller_id   | 10                                                        | ``
                    external_caller_id   | 37060000001                                               | anna dora
                    external_caller_id   | 37060000001,0                                             | anna dora emil
                    external_caller_id   | 999999999999999                                           | f+g
                    is_online            | true                                                      | anna carl
                    is_online            | false                                                     | Bert dora emil f+g gina h.i_j-k
                    is_online            | false,true                                                | anna Bert carl dora emil f+g gina h.i_j-k
                    is_online            | true,true                                                 | anna carl
                    """)
    void filter_matchesExactly(String filter, String value, String usernames) {
        assertThat(usernames("filter[" + filter + "]=" + encoded(value))).isEqualTo(usernames);
    }

    @Test
    void filter_trimsNothing() {
        assertThat(usernames("filter[caller_id_name]=+Front+desk+")).isEqualTo("emil");
        assertThat(usernames("filter[caller_id_name]=Front+desk+")).isEmpty();
        assertThat(usernames("filter[caller_id_name]=front+desk,+Front+desk+")).isEqualTo("Bert emil");
        assertThat(usernames("filter[username]=anna,+Bert")).isEqualTo("anna");
        assertThat(usernames("filter[customer.id]=+123")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "customer.id",
                "username",
                "caller_id_name",
                "allow_external_calls",
                "internal_caller_id",
                "external_caller_id",
                "is_online"
            })
    void filter_emptyMatchesNothing(String filter) {
        for (var value : List.of("=", "", "=,", "=%22%22", "=,%22%22,")) {
            assertThat(usernames("filter[" + filter + "]" + value)).as(value).isEmpty();
        }
    }

    @Test
    void filter_emptyBesideAnotherValueMatchesThatOne() {
        assertThat(usernames("filter[username]=,anna,")).isEqualTo("anna");
        assertThat(usernames("filter[internal_caller_id]=102,")).isEqualTo("Bert");
        assertThat(usernames("filter[allow_external_calls]=,true")).isEqualTo("anna dora f+g");
    }

    @Test
    void filters_mustAllMatch() {
        assertThat(usernames("filter[customer.id]=123&filter[internal_caller_id]=101"))
                .isEqualTo("anna");
        assertThat(usernames("filter[customer.id]=123,ABC&filter[allow_external_calls]=true"
                        + "&filter[external_caller_id]=37060000001"))
                .isEqualTo("anna dora");
        assertThat(usernames("filter[customer.id]=123&filter[is_online]=true")).isEqualTo("anna");
        assertThat(usernames("filter[is_online]=false&filter[customer.id]=123,ABC&sort=-username"))
                .isEqualTo("dora Bert");
        assertThat(usernames("filter[is_online]=true,false&filter[internal_caller_id]=101"))
                .isEqualTo("anna carl");
        assertThat(usernames("filter[customer.id]=123&filter[username]=carl")).isEmpty();
        assertThat(usernames("filter[customer.id]=123&filter[username]=")).isEmpty();
        assertThat(usernames("filter[id]=" + id(1) + "&filter[customer.id]=123&filter[username]=anna"
                        + "&filter[caller_id_name]=Front+desk&filter[allow_external_calls]=true"
                        + "&filter[internal_caller_id]=101&filter[external_caller_id]=37060000001"))
                .isEqualTo("anna");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
                    allow_external_calls|yes|yes
                    allow_external_calls|TRUE|TRUE
                    allow_external_calls|1|1
                    allow_external_calls|null|null
                    allow_external_calls|true,maybe|maybe
                    allow_external_calls| true| true
                    allow_external_calls|"true,false"|true,false
                    is_online|yes|yes
                    is_online|true,online|online
                    internal_caller_id|abc|abc
                    internal_caller_id|1.0|1.0
                    internal_caller_id|1e3|1e3
                    internal_caller_id|0x65|0x65
                    internal_caller_id|101 |101\s
                    internal_caller_id|101, 102| 102
                    internal_caller_id|101;102|101;102
                    internal_caller_id|null|null
                    internal_caller_id|+101|+101
                    internal_caller_id|-0|-0
                    internal_caller_id|１０１|１０１
                    internal_caller_id|١٠١|١٠١
                    external_caller_id|+37060000001|+37060000001
                    external_caller_id|--1|--1
                    external_caller_id|1 OR 1=1|1 OR 1=1
                    """)
    void filter_ofAnotherKindIsRefused(String filter, String value, String bad) {
        assertThat(refused("filter[" + filter + "]=" + encoded(value)))
                .containsExactly(invalidValue(filter, bad + " is not a valid value for " + filter + "."));
    }

    private static ExpectedError invalidValue(String filter, String detail) {
        return ExpectedError.parameter(400, 107, "Invalid filter value", detail, "filter[" + filter + "]");
    }

    /** Extension 101 is another one than 0101, which none has. */
    @ParameterizedTest
    @CsvSource({"internal_caller_id, 0101", "internal_caller_id, 00", "external_caller_id, 0037060000001"})
    void filter_ofANumberWithLeadingZerosIsRefused(String filter, String value) {
        for (var values : List.of(value, "101," + value, "-" + value)) {
            var bad = values.startsWith("-") ? values : value;
            assertThat(refused("filter[" + filter + "]=" + encoded(values)))
                    .containsExactly(invalidValue(
                            filter, bad + " is not a valid value for " + filter + ": numbers have no leading zeros."));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"anna", "\"anna\"x", "\"an\"na\"", "anna,\"", "\"anna\" ", "\"\"\""})
    void filter_withAStrayQuoteIsRefused(String value) {
        assertThat(refused("filter[username]=" + encoded(value)))
                .containsExactly(invalidValue("username", value + " is not a valid value for username."));
    }

    @Test
    void filter_ofAnUnknownFormFindsNotEvenTheNilId() {
        var nil = "00000000-0000-0000-0000-000000000000";
        server.account("test", TestServer.plain(nil, "nobody", "nil"));
        try {
            assertThat(usernames("filter[id]=nonsense")).isEmpty();
            assertThat(usernames("filter[id]=" + nil)).isEqualTo("nil");
        } finally {
            server.database().run("DELETE FROM sip_accounts WHERE username = 'nil'");
        }
    }

    // how parameters are written

    @ParameterizedTest
    @ValueSource(
            strings = {
                "filter[username]=anna&page[size]=7",
                "filter%5Busername%5D=anna&page%5Bsize%5D=7",
                "filter%5busername%5d=anna&page%5bsize%5d=7",
                "filter[username%5D=anna&page%5Bsize]=7",
                "%66ilter[usern%61me]=%61nna&p%61ge[size]=%37",
                "&filter[username]=anna&&page[size]=7&",
            })
    void brackets_mayBeRawOrEncoded(String query) throws Exception {
        try (var connection = new RawConnection(server.port())) {
            var answer = connection.exchange(server.raw("GET " + TestServer.BASE + LIST + "?" + query + " HTTP/1.1"));
            assertThat(answer.body())
                    .isEqualTo(
                            list("filter%5Busername%5D=anna&page%5Bsize%5D=7").body());
            assertThat(answer.body()).contains("\"record_count\":1").contains("page%5Bsize%5D=7");
        }
    }

    @Test
    void space_isAPlusOrEncoded() {
        assertThat(usernames("filter[caller_id_name]=Front+desk")).isEqualTo("anna");
        assertThat(usernames("filter[caller_id_name]=Front%20desk")).isEqualTo("anna");
        assertThat(usernames("filter[caller_id_name]=a%2Bb")).isEqualTo("f+g");
        assertThat(usernames("filter[caller_id_name]=a+b")).isEmpty();
    }

    // sort

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    id                              | anna Bert carl dora emil f+g gina h.i_j-k
                    -id                             | h.i_j-k gina f+g emil dora carl Bert anna
                    ``                              | anna Bert carl dora emil f+g gina h.i_j-k
                    username                        | Bert anna carl dora emil f+g gina h.i_j-k
                    -username                       | h.i_j-k gina f+g emil dora carl anna Bert
                    internal_caller_id              | emil anna carl Bert h.i_j-k f+g dora gina
                    -internal_caller_id             | dora gina f+g h.i_j-k Bert anna carl emil
                    allow_external_calls            | Bert carl emil gina h.i_j-k anna dora f+g
                    -allow_external_calls,-username | f+g dora anna h.i_j-k gina emil carl Bert
                    internal_caller_id,-id          | emil carl anna Bert h.i_j-k f+g gina dora
                    -is_online,user_agent           | anna carl Bert dora emil f+g gina h.i_j-k
                    user_agent,-id                  | anna h.i_j-k gina f+g emil dora carl Bert
                    username,-username              | Bert anna carl dora emil f+g gina h.i_j-k
                    """)
    void sort_ordersByTheKeysAndThenById(String sort, String usernames) {
        assertThat(usernames("sort=" + encoded(sort))).isEqualTo(usernames);
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, nothing",
        "'username,nothing', nothing",
        "--id, -id",
        "+id, +id",
        "Username, Username",
        "customer, customer",
        "customer.id, customer.id",
        "' id', ' id'",
        "'id,', ''",
        "'username;id', 'username;id'",
        "-, ''",
        "version, version",
        // sealed under a random nonce, it has no order
        "password, password",
        "-password, password",
    })
    void sort_byAnythingElseIsRefused(String sort, String key) {
        assertThat(refused("sort=" + encoded(sort)))
                .containsExactly(ExpectedError.parameter(
                        400,
                        114,
                        "Invalid sort criteria",
                        key + " is not a valid sort criteria for sip_device_routes",
                        "sort"));
    }

    // pages

    @Test
    void page_isOfFiftyUnlessAskedOtherwise() {
        assertThat(links(""))
                .containsExactly(
                        "first " + link("page%5Bnumber%5D=1&page%5Bsize%5D=50"),
                        "last " + link("page%5Bnumber%5D=1&page%5Bsize%5D=50"));
    }

    @Test
    void links_leadToTheFirstPreviousNextAndLastPage() {
        assertThat(links("page[size]=3"))
                .containsExactly(
                        "first " + link("page%5Bnumber%5D=1&page%5Bsize%5D=3"),
                        "next " + link("page%5Bnumber%5D=2&page%5Bsize%5D=3"),
                        "last " + link("page%5Bnumber%5D=3&page%5Bsize%5D=3"));
        assertThat(links("page[size]=3&page[number]=2"))
                .containsExactly(
                        "first " + link("page%5Bnumber%5D=1&page%5Bsize%5D=3"),
                        "prev " + link("page%5Bnumber%5D=1&page%5Bsize%5D=3"),
                        "next " + link("page%5Bnumber%5D=3&page%5Bsize%5D=3"),
                        "last " + link("page%5Bnumber%5D=3&page%5Bsize%5D=3"));
        assertThat(links("page[number]=3&page[size]=3"))
                .containsExactly(
                        "first " + link("page%5Bnumber%5D=1&page%5Bsize%5D=3"),
                        "prev " + link("page%5Bnumber%5D=2&page%5Bsize%5D=3"),
                        "last " + link("page%5Bnumber%5D=3&page%5Bsize%5D=3"));
        assertThat(links("page[number]=1&page[size]=4"))
                .contains("last " + link("page%5Bnumber%5D=2&page%5Bsize%5D=4"));
        assertThat(links("filter[username]=nobody"))
                .containsExactly(
                        "first " + link("filter%5Busername%5D=nobody&page%5Bnumber%5D=1&page%5Bsize%5D=50"),
                        "last " + link("filter%5Busername%5D=nobody&page%5Bnumber%5D=1&page%5Bsize%5D=50"));
    }

    @Test
    void links_keepTheOtherParametersSortedByName() {
        assertThat(links("sort=-username,id&page[size]=1&include=customer&filter[username]=anna,%22Bert%22"
                        + "&filter[caller_id_name]=Front+desk,a%2Bb,%C5%BD&fields[sip_device_routes]=username"))
                .containsExactly(
                        "first "
                                + link("fields%5Bsip_device_routes%5D=username"
                                        + "&filter%5Bcaller_id_name%5D=Front+desk,a%2Bb,%C5%BD"
                                        + "&filter%5Busername%5D=anna,%22Bert%22&include=customer"
                                        + "&page%5Bnumber%5D=1&page%5Bsize%5D=1&sort=-username,id"),
                        "last "
                                + link("fields%5Bsip_device_routes%5D=username"
                                        + "&filter%5Bcaller_id_name%5D=Front+desk,a%2Bb,%C5%BD"
                                        + "&filter%5Busername%5D=anna,%22Bert%22&include=customer"
                                        + "&page%5Bnumber%5D=1&page%5Bsize%5D=1&sort=-username,id"));
    }

    @Test
    void links_areFollowedFromTheFirstPageToTheLast() {
        var found = new ArrayList<String>();
        var page = TestServer.json(list("page[size]=3&sort=-username&filter[customer.id]=123,abc,ABC"));
        while (true) {
            page.path("data")
                    .values()
                    .forEach(account ->
                            found.add(account.at("/attributes/username").asString()));
            var next = page.at("/links/next").asString("");
            if (next.isEmpty()) {
                break;
            }
            page = TestServer.json(server.sendTo(URI.create(next), "GET", null));
        }
        assertThat(found).containsExactly("h.i_j-k", "gina", "f+g", "emil", "dora", "carl", "anna", "Bert");
    }

    @Test
    void page_pastTheEndIsEmpty() {
        var document = listed("page[number]=7&page[size]=3");
        assertThat(document.path("data").isArray()).isTrue();
        assertThat(document.path("data")).isEmpty();
        assertThat(document.at("/meta/record_count").intValue()).isEqualTo(8);
        assertThat(links("page[number]=7&page[size]=3"))
                .containsExactly(
                        "first " + link("page%5Bnumber%5D=1&page%5Bsize%5D=3"),
                        "prev " + link("page%5Bnumber%5D=3&page%5Bsize%5D=3"),
                        "last " + link("page%5Bnumber%5D=3&page%5Bsize%5D=3"));
        var far = listed("page[number]=999999999&page[size]=1000&filter[customer.id]=123");
        assertThat(far.path("data")).isEmpty();
        assertThat(far.at("/meta/record_count").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "abc", "", "1e1", "+1", " 1", "1,2", "99999999999999999999", "١"})
    void page_thatIsNoNumberFromOneIsRefused(String value) {
        for (var member : List.of("number", "size")) {
            assertThat(refused("page[" + member + "]=" + encoded(value)))
                    .containsExactly(ExpectedError.parameter(
                            400,
                            118,
                            "Invalid page value",
                            value + " is not a valid value for " + member + " page parameter.",
                            "page[" + member + "]"));
        }
    }

    @Test
    void page_isOfAThousandAtMost() {
        assertThat(listed("page[size]=1000").path("data")).hasSize(8);
        assertThat(refused("page[size]=1001"))
                .containsExactly(ExpectedError.parameter(
                        400, 118, "Invalid page value", "size exceeds maximum page size of 1000.", "page[size]"));
    }

    private static Stream<String> links(String query) {
        return listed(query).path("links").properties().stream()
                .map(link -> link.getKey() + " " + link.getValue().asString());
    }

    private static String link(String query) {
        return server.url() + TestServer.BASE + LIST + "?" + query;
    }

    // what is shown

    @Test
    void account_isOnlineWhileARegistrationLasts() {
        var shown = listed("fields[sip_device_routes]=username,is_online,user_agent&filter[id]=" + id(1) + "," + id(2)
                        + "," + id(3) + "," + id(4))
                .path("data");
        assertThat(shown.values().stream()
                        .map(account -> account.path("attributes").toString()))
                .containsExactly(
                        "{\"username\":\"anna\",\"is_online\":true,\"user_agent\":\"Soft phone/2.0\"}",
                        "{\"username\":\"Bert\",\"is_online\":false,\"user_agent\":null}",
                        "{\"username\":\"carl\",\"is_online\":true,\"user_agent\":null}",
                        "{\"username\":\"dora\",\"is_online\":false,\"user_agent\":null}");
        for (var account : shown) {
            assertThat(TestServer.json(
                                    server.get(LIST + "/" + account.path("id").asString()))
                            .at("/data/attributes/is_online"))
                    .isEqualTo(account.at("/attributes/is_online"));
        }
    }

    @Test
    void account_isShownWithAllItsAttributesInOrder() {
        assertThat(listed("filter[username]=anna").path("data").path(0).toString())
                .isEqualTo("""
                        {"id":"%1$s","type":"sip_device_routes","links":{"self":"%2$s/sip_device_routes/%1$s"},\
                        "attributes":{"username":"anna","password":"correct-horse-battery","incoming_internal":false,\
                        "incoming_external":false,"outgoing_internal":false,"outgoing_external":false,\
                        "on_demand":false,"caller_id_name":"Front desk","internal_caller_id":101,\
                        "external_caller_id":37060000001,"allow_external_calls":true,"is_online":true,\
                        "user_agent":"Soft phone/2.0","use_allowed_ips":false,"allowed_ips":""}}""".formatted(id(1), server.url() + TestServer.BASE));
    }

    @Test
    void fields_chooseAttributesAndTheRelationship() {
        assertThat(firstWith("fields[sip_device_routes]=password,username"))
                .isEqualTo(resource(",\"attributes\":{\"username\":\"anna\",\"password\":\"correct-horse-battery\"}"));
        assertThat(firstWith("fields[sip_device_routes]=username,username"))
                .isEqualTo(resource(",\"attributes\":{\"username\":\"anna\"}"));
        assertThat(firstWith("fields[sip_device_routes]=")).isEqualTo(resource(""));
        // which is shown to nobody who does not name it
        assertThat(firstWith("fields[sip_device_routes]=require_sha256,username"))
                .isEqualTo(resource(",\"attributes\":{\"username\":\"anna\",\"require_sha256\":false}"));
        assertThat(firstWith("fields[sip_device_routes]=customer"))
                .isEqualTo(resource(
                        ",\"relationships\":{\"customer\":{\"data\":{\"type\":\"customers\",\"id\":\"123\"}}}"));
        assertThat(firstWith("fields[sip_device_routes]=customer,username"))
                .isEqualTo(
                        resource(
                                ",\"attributes\":{\"username\":\"anna\"},\"relationships\":{\"customer\":{\"data\":{\"type\":\"customers\",\"id\":\"123\"}}}"));
        // those of customers change nothing here
        assertThat(firstWith("fields[customers]=name&fields[sip_device_routes]=username"))
                .isEqualTo(resource(",\"attributes\":{\"username\":\"anna\"}"));
    }

    private static String firstWith(String query) {
        var document = listed(query + "&page[size]=1");
        assertThat(document.has("included")).isFalse();
        return document.path("data").path(0).toString();
    }

    private static String resource(String rest) {
        return "{\"id\":\"" + id(1) + "\",\"type\":\"sip_device_routes\",\"links\":{\"self\":\"" + server.url()
                + TestServer.BASE + "/sip_device_routes/" + id(1) + "\"}" + rest + "}";
    }

    @Test
    void include_addsEachCustomerOnce() {
        var document = listed("include=customer&sort=-username&fields[sip_device_routes]=username");
        assertThat(document.path("data").values())
                .allSatisfy(account -> assertThat(
                                account.at("/relationships/customer/data/type").asString())
                        .isEqualTo("customers"));
        assertThat(document.path("included").values().stream()
                        .map(customer -> customer.path("id").asString()))
                .containsExactly("abc", "ABC", "123");
        assertThat(document.path("included").path(2).toString())
                .isEqualTo("""
                        {"id":"123","type":"customers","links":{"self":"%s/customers/123"},"attributes":\
                        {"name":"Customer 123","language":"EN","capacity_limit":null,"sip_account_limit":null}}""".formatted(server.url() + TestServer.BASE));
        assertThat(document.propertyNames()).containsExactly("data", "included", "meta", "links");
    }

    @Test
    void include_withFieldsOfTheCustomer() {
        var document = listed("include=customer&fields[customers]=language&filter[username]=anna");
        assertThat(document.path("included").path(0).path("attributes").toString())
                .isEqualTo("{\"language\":\"EN\"}");
        assertThat(document.path("data").path(0).path("attributes").size()).isEqualTo(15);
    }

    @Test
    void include_hasItsMemberEvenWhenNothingIsFound() {
        var document = listed("include=customer&filter[username]=nobody");
        assertThat(document.path("included").isArray()).isTrue();
        assertThat(document.path("included")).isEmpty();
    }

    /** "If an endpoint supports the include parameter and a client supplies it", the member is there (JSON:API 1.1). */
    @Test
    void include_ofNothingHasAnEmptyMemberAndNoRelationships() {
        var document = listed("include=&filter[username]=anna");
        assertThat(document.path("included").isArray()).isTrue();
        assertThat(document.path("included")).isEmpty();
        assertThat(document.path("data").path(0).has("relationships")).isFalse();
    }

    @Test
    void relationships_areNotShownUnlessAskedFor() {
        assertThat(listed("").toString()).doesNotContain("relationships").doesNotContain("included");
        assertThat(server.get(LIST + "/" + id(1)).body()).doesNotContain("relationships");
    }

    @ParameterizedTest
    @CsvSource({
        "include, nothing, nothing",
        "include, 'customer,nothing', nothing",
        "include, customer.accounts, customer.accounts",
        "include, Customer, Customer",
        "include, customers, customers",
        "include, 'customer,', ''",
    })
    void include_ofAnythingElseIsRefused(String parameter, String value, String name) {
        assertThat(refused(parameter + "=" + encoded(value)))
                .containsExactly(ExpectedError.parameter(
                        400,
                        112,
                        "Invalid field",
                        name + " is not a valid relationship of sip_device_routes",
                        "include"));
    }

    @ParameterizedTest
    @MethodSource
    void fields_thatDoNotExistAreRefused(String query, ExpectedError refusal) {
        assertThat(refused(query)).containsExactly(refusal);
        assertThat(ExpectedError.of(server.get(LIST + "/" + id(1) + "?" + query)))
                .containsExactly(refusal);
    }

    private static Stream<Arguments> fields_thatDoNotExistAreRefused() {
        return Stream.of(
                Arguments.of(
                        "fields[sip_device_routes]=username,nothing",
                        ExpectedError.parameter(
                                400,
                                104,
                                "Invalid field",
                                "nothing is not a valid field for sip_device_routes.",
                                "fields[sip_device_routes]")),
                Arguments.of(
                        "fields[customers]=nothing",
                        ExpectedError.parameter(
                                400,
                                104,
                                "Invalid field",
                                "nothing is not a valid field for customers.",
                                "fields[customers]")),
                Arguments.of(
                        "fields[nothing]=username",
                        ExpectedError.parameter(
                                400, 101, "Invalid resource", "nothing is not a valid resource.", "fields[nothing]")),
                Arguments.of(
                        "fields=username",
                        ExpectedError.parameter(
                                400, 119, "Invalid field format", "Fields must specify a type.", "fields")));
    }

    @Test
    void list_isAnsweredToHeadWithoutABody() {
        var get = list("include=customer&filter[customer.id]=123");
        var head = server.send("HEAD", LIST + "?include=customer&filter[customer.id]=123", null);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length"))
                .contains(Integer.toString(get.body().getBytes(UTF_8).length));
        assertThat(head.headers().firstValue("Content-Type")).contains(TestServer.JSON_API);
        assertThat(server.send("HEAD", LIST + "?page[size]=0", null).statusCode())
                .isEqualTo(400);
    }

    @Test
    void list_isOfTheOperatorsOwnAccounts() {
        var other = server.as("other", "password");
        var document = TestServer.json(other.get(LIST + "?include=customer"));
        assertThat(document.path("data").values().stream()
                        .map(account -> account.at("/attributes/username").asString()))
                .containsExactly("somebody");
        assertThat(document.at("/meta/record_count").intValue()).isEqualTo(1);
        assertThat(document.path("included")).hasSize(1);
        for (var filter : List.of("filter[username]=anna", "filter[id]=" + id(1), "filter[internal_caller_id]=101")) {
            assertThat(TestServer.json(other.get(LIST + "?" + filter))
                            .at("/meta/record_count")
                            .intValue())
                    .isZero();
        }
    }
}
