package io.seatline.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Await;
import io.seatline.support.ExpectedError;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * {@code /blocked_sources}: which sources are blocked for which of an operator's accounts, and letting them in again.
 */
@Tag("sql")
@Tag("slow")
final class BlockedSourcesTest {
    private static final String ANNA = "00000000-0000-4000-8000-000000000001";
    private static final String BERT = "00000000-0000-4000-8000-000000000002";
    private static final String THEIRS = "00000000-0000-4000-8000-0000000000ff";
    private static final String LIST = "/blocked_sources";

    private static TestServer server;
    private static TestServer them;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.account("test", TestServer.plain(ANNA, "123", "anna"));
        server.account("test", TestServer.plain(BERT, "123", "Bert"));
        server.operator("other", "other", "password");
        them = server.as("other", "password");
        server.customer("other", "123", null);
        server.account("other", TestServer.plain(THEIRS, "123", "theirs"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Numbers 1 to 3 are ours, 4 has expired, 5 is theirs. */
    @BeforeEach
    void block() {
        server.database().run("DELETE FROM blocked_sources; DELETE FROM audit");
        block(1, ANNA, "198.51.100.7/32", "3 minutes", "10 minutes");
        block(2, ANNA, "2001:db8:bad:1::/64", "1 minute", "30 minutes");
        block(3, BERT, "198.51.100.7/32", "2 minutes", "20 minutes");
        block(4, BERT, "198.51.100.8/32", "1 hour", "-1 second");
        block(5, THEIRS, "198.51.100.7/32", "1 minute", "10 minutes");
    }

    private static void block(int number, String account, String source, String ago, String expiresIn) {
        server.database().run("""
                        INSERT INTO blocked_sources (id, account_id, source, blocked_at, expires_at)
                        VALUES ('%s', '%s', '%s', now() - interval '%s', now() + interval '%s')
                        """.formatted(id(number), account, source, ago, expiresIn));
    }

    private static String id(int number) {
        return "00000000-0000-4000-9000-00000000000" + number;
    }

    private static JsonNode listed(String query) {
        var answer = server.get(query.isEmpty() ? LIST : LIST + "?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer);
    }

    /** The numbers of a list, which must count itself right. */
    private static String numbers(String query) {
        var document = listed(query);
        var ids = document.path("data").values().stream()
                .map(blocked -> blocked.path("id").asString().replaceFirst(".*0", ""))
                .toList();
        assertThat(document.at("/meta/record_count").intValue()).isEqualTo(ids.size());
        return String.join(" ", ids);
    }

    private static long left() {
        return server.database().number("SELECT count(*) FROM blocked_sources");
    }

    /** As one that has just started does, which does not know yet who is blocked. */
    @Test
    void node_thatHearsNothing_asksTheDatabaseEachTime() {
        var node = server.another(Map.of("sip.host", "127.0.0.1, ::1"));
        try (var blocked = Phone.from("127.0.0.41", node, "anna", PhoneAccount.PASSWORD);
                var other = Phone.from("127.0.0.42", node, "anna", PhoneAccount.PASSWORD);
                var overIpv6 = new Phone("::1", "::1", node.sipPort(), "Bert", PhoneAccount.PASSWORD)) {
            var blocks =
                    "INSERT INTO blocked_sources (id, account_id, source, expires_at) VALUES ('%s', '%s', '%s', now() + interval '1 h');";
            server.database()
                    .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND application_name = 'seatline notifications';"
                            + blocks.formatted(id(6), ANNA, "127.0.0.41/32")
                            + blocks.formatted(id(7), BERT, "::/64"));
            assertThat(blocked.registers().status()).isEqualTo(401);
            assertThat(overIpv6.registers().status()).isEqualTo(401);
            assertThat(other.registers().status()).isEqualTo(200);
        } finally {
            node.stop();
        }
    }

    @Test
    void block_isShownWithItsAccount() {
        var blocked = listed("").path("data").path(1);
        assertThat(blocked.propertyNames()).containsExactly("id", "type", "links", "attributes", "relationships");
        assertThat(blocked.at("/links/self").asString()).isEqualTo(server.url() + TestServer.BASE + LIST + "/" + id(2));
        assertThat(blocked.path("type").asString()).isEqualTo("blocked_sources");
        assertThat(blocked.path("attributes").propertyNames())
                .containsExactly("source", "username", "blocked_at", "expires_at");
        assertThat(blocked.at("/attributes/source").asString()).isEqualTo("2001:db8:bad:1::/64");
        assertThat(blocked.at("/attributes/username").asString()).isEqualTo("anna");
        assertThat(blocked.at("/attributes/blocked_at").asString()).matches("\\d{4}-.*T.*:\\d\\dZ");
        assertThat(blocked.at("/attributes/expires_at").asString()).matches("\\d{4}-.*T.*:\\d\\dZ");
        assertThat(blocked.path("relationships").toString())
                .isEqualTo(
                        "{\"sip_device_route\":{\"data\":{\"type\":\"sip_device_routes\",\"id\":\"" + ANNA + "\"}}}");
        assertThat(listed("").at("/data/0/attributes/source").asString()).isEqualTo("198.51.100.7");
        assertThat(TestServer.json(server.get(LIST + "/" + id(2))).path("data")).isEqualTo(blocked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                                        | 1 2 3
                    sort=-id                                  | 3 2 1
                    sort=username                             | 3 1 2
                    sort=source,-username                     | 1 3 2
                    sort=-blocked_at                          | 2 3 1
                    sort=expires_at                           | 1 3 2
                    filter[source]=198.51.100.7               | 1 3
                    filter[source]=2001:db8:bad:1::/64        | 2
                    filter[source]=198.51.100.8               | ``
                    filter[source]=198.51.100                 | ``
                    filter[source]=                           | ``
                    filter[username]=anna                     | 1 2
                    filter[username]=anna,Bert                | 1 2 3
                    filter[username]=bert                     | ``
                    filter[username]=theirs                   | ``
                    filter[sip_device_route.id]=00000000-0000-4000-8000-000000000002 | 3
                    filter[sip_device_route.id]=00000000-0000-4000-8000-0000000000ff | ``
                    filter[id]=00000000-0000-4000-9000-000000000001,00000000-0000-4000-9000-000000000005 | 1
                    filter[username]=anna&filter[source]=198.51.100.7 | 1
                    """)
    void list_isFilteredAndSorted(String query, String numbers) {
        assertThat(numbers(query)).isEqualTo(numbers);
    }

    @Test
    void pages_areCutAndLinked() {
        var page = listed("page[size]=2&sort=-id");
        assertThat(page.path("data")).hasSize(2);
        assertThat(page.at("/meta/record_count").intValue()).isEqualTo(3);
        assertThat(page.at("/links/next").asString())
                .isEqualTo(server.url() + TestServer.BASE + LIST + "?page%5Bnumber%5D=2&page%5Bsize%5D=2&sort=-id");
    }

    @Test
    void fields_choseAttributesAndTheAccount() {
        var chosen = listed("fields[blocked_sources]=source").path("data").path(0);
        assertThat(chosen.propertyNames()).containsExactly("id", "type", "links", "attributes");
        assertThat(chosen.path("attributes").propertyNames()).containsExactly("source");
        assertThat(listed("fields[blocked_sources]=sip_device_route")
                        .path("data")
                        .path(0)
                        .propertyNames())
                .containsExactly("id", "type", "links", "relationships");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    sort=account_id                   | 114
                    include=sip_device_route          | 112
                    include=customer                  | 112
                    fields[blocked_sources]=password  | 104
                    fields[sip_device_routes]=password | 101
                    filter[account_id]=1              | 102
                    filter=1                          | 120
                    filter[source]="                  | 107
                    page[size]=0                      | 118
                    page[x]=0                         | 105
                    x=1                               | 105
                    """)
    void parameters_thatAreWrongAreRefused(String query, String code) {
        var answer = server.get(LIST + "?" + query.replace("\"", URLEncoder.encode("\"", StandardCharsets.UTF_8)));
        assertThat(ExpectedError.of(answer)).singleElement().satisfies(refusal -> {
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.code()).isEqualTo(code);
        });
    }

    @Test
    void unblock_deletesOne() {
        var answer = server.delete(LIST + "/" + id(1));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(numbers("")).isEqualTo("2 3");
        assertThat(ExpectedError.of(server.delete(LIST + "/" + id(1)))).containsExactly(ExpectedError.notFound(id(1)));
        assertThat(server.text("SELECT concat_ws(' ', actor, host(source), action, type, subject, changes) FROM audit"))
                .isEqualTo("""
                        username 127.0.0.1 delete blocked_sources %s {"source": ["198.51.100.7", null], \
                        "username": ["anna", null], "sip_device_route": ["%s", null]}""".formatted(id(1), ANNA));
    }

    @Test
    void unblock_withoutAnIdDeletesAllOfTheOperator() {
        assertThat(server.delete(LIST).statusCode()).isEqualTo(204);
        assertThat(numbers("")).isEmpty();
        assertThat(TestServer.json(them.get(LIST)).at("/meta/record_count").intValue())
                .isEqualTo(1);
        assertThat(server.text("SELECT string_agg(action || subject, ' ' ORDER BY subject) FROM audit"))
                .isEqualTo("delete%s delete%s delete%s".formatted(id(1), id(2), id(3)));
        assertThat(server.delete(LIST).statusCode()).isEqualTo(204);
        assertThat(server.database().number("SELECT count(*) FROM audit")).isEqualTo(3);
    }

    @Test
    void unblock_letsAPhoneInAgain() {
        try (var guesser = Phone.from("127.0.0.9", server, "anna", "not-the-password")) {
            for (var i = 0; i < 10; i++) {
                assertThat(guesser.registers().status()).isEqualTo(401);
            }
        }
        try (var phone = Phone.from("127.0.0.9", server, "anna", PhoneAccount.PASSWORD)) {
            assertThat(phone.registers().status()).isEqualTo(401);
            var blocked = listed("filter[source]=127.0.0.9").path("data");
            assertThat(blocked).hasSize(1);
            assertThat(blocked.path(0)
                            .at("/relationships/sip_device_route/data/id")
                            .asString())
                    .isEqualTo(ANNA);
            server.delete(LIST + "/" + blocked.path(0).path("id").asString());
            Await.until(() -> phone.registers().status() == 200);
        } finally {
            server.database().run("DELETE FROM bindings");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // expired, theirs, none
                "00000000-0000-4000-9000-000000000004",
                "00000000-0000-4000-9000-000000000005",
                "00000000-0000-4000-9000-00000000000f",
                "nonsense",
            })
    void block_thatIsExpiredOrNotOursIsNotFound(String id) {
        for (var method : List.of("GET", "DELETE")) {
            assertThat(ExpectedError.of(server.send(method, LIST + "/" + id, null)))
                    .containsExactly(ExpectedError.notFound(id));
        }
        assertThat(left()).isEqualTo(5);
    }

    @Test
    void etag_isOfTheBlockUntilItIsProlonged() {
        var etag = server.get(LIST + "/" + id(1)).headers().firstValue("ETag").orElseThrow();
        assertThat(server.get(LIST + "/" + id(1), "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        server.database().run("UPDATE blocked_sources SET expires_at = expires_at + interval '1 hour'");
        assertThat(server.get(LIST + "/" + id(1), "If-None-Match", etag).statusCode())
                .isEqualTo(200);
        assertThat(server.delete(LIST + "/" + id(1), "If-Match", etag).statusCode())
                .isEqualTo(412);
        assertThat(left()).isEqualTo(5);
        var now = server.get(LIST + "/" + id(1)).headers().firstValue("ETag").orElseThrow();
        assertThat(server.delete(LIST + "/" + id(1), "If-Match", now).statusCode())
                .isEqualTo(204);
    }

    @Test
    void methods_areNamedWhereOthersAreTried() {
        for (var path : List.of(LIST, LIST + "/" + id(1))) {
            for (var method : List.of("POST", "PATCH", "PUT")) {
                var answer = server.send(method, path, "{}");
                assertThat(answer.statusCode()).isEqualTo(405);
                assertThat(answer.headers().firstValue("Allow")).contains("DELETE, GET, HEAD");
            }
            assertThat(server.send("HEAD", path, null).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void unblock_withParametersIsRefused() {
        for (var path : List.of(LIST, LIST + "/" + id(1))) {
            assertThat(ExpectedError.of(server.delete(path + "?filter[username]=anna")))
                    .singleElement()
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("105"));
        }
        assertThat(left()).isEqualTo(5);
    }
}
