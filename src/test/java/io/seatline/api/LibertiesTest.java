package io.seatline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.TestServer;
import java.net.URI;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What JSON:API 1.1 and HTTP let a client do in more than one way. */
@SuppressWarnings("NullAway.Init")
class LibertiesTest {
    private static final String FIRST = "00000000-0000-4000-8000-00000000000a";
    private static final String SECOND = "00000000-0000-4000-8000-00000000000b";
    private static final String THIRD = "00000000-0000-4000-8000-00000000000c";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        for (var id : new String[] {FIRST, SECOND, THIRD}) {
            server.account("test", TestServer.plain(id, "123", "user-" + id.charAt(35)));
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String customer(String id, String more) {
        return "{\"data\": {\"type\": \"customers\", \"id\": \"" + id + "\", \"attributes\": {\"name\": \"A\"" + more
                + "}}}";
    }

    @Test
    void members_thatHaveNoMeaningHere_areIgnored() {
        var created = server.post("/customers", """
                {"jsonapi": {"version": "1.1"}, "@context": 1, "data": {"type": "customers", "lid": "l", "id": "ignoring",
                    "@at": 1, "extra": [], "attributes": {"name": "A", "@note": "b"}, "relationships": {"@other": {}},
                    "meta": {}, "links": {}}}""");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(server.post("/customers", customer("refusing", ", \"note\": \"b\""))
                        .statusCode())
                .as("an attribute is one that is known")
                .isEqualTo(400);
    }

    // preconditions (RFC 9110 section 13)

    @Test
    void post_givesTheETagThatGetGives() {
        var created = server.post("/customers", customer("tagged", ""));
        var tag = created.headers().firstValue("ETag").orElseThrow();
        assertThat(server.get("/customers/tagged").headers().firstValue("ETag")).contains(tag);
        assertThat(server.get("/customers/tagged", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
    }

    @Test
    void preconditions_countForEveryMethod() {
        var tag = server.post("/customers", customer("guarded", ""))
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        for (var refused : new String[][] {
            {"PATCH", "If-None-Match", "*"},
            {"PATCH", "If-None-Match", tag},
            {"PATCH", "If-Match", "\"other\""},
            {"DELETE", "If-None-Match", "*"},
            {"GET", "If-Match", "\"other.0\""},
            {"HEAD", "If-Match", "\"other\", \"another\""},
        }) {
            var body = refused[0].equals("PATCH") ? customer("guarded", "") : null;
            var answer = server.send(refused[0], "/customers/guarded", body, refused[1], refused[2]);
            assertThat(answer.statusCode()).as(String.join(" ", refused)).isEqualTo(412);
            if (!refused[0].equals("HEAD")) {
                assertThat(answer.body()).contains("\"header\":\"" + refused[1] + "\"");
            }
        }
        assertThat(server.get("/customers/guarded", "If-Match", tag).statusCode())
                .isEqualTo(200);
        assertThat(server.get("/customers/guarded", "If-Match", "*").statusCode())
                .isEqualTo(200);
        assertThat(server.patch("/customers/guarded", customer("guarded", ""), "If-None-Match", "\"other.0\"")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void answers_areCompressedWhenAsked_withTagsThatCountBehindIt() {
        var account = "/sip_device_routes/" + FIRST;
        var compressed = server.get(account, "Accept-Encoding", "gzip").headers();
        assertThat(compressed.firstValue("Content-Encoding")).contains("gzip");
        assertThat(compressed.firstValue("Vary"))
                .hasValueSatisfying(vary -> assertThat(vary).contains("Accept-Encoding"));
        assertThat(server.get(account).headers().firstValue("Content-Encoding")).isEmpty();
        var tag = compressed.firstValue("ETag").orElseThrow();
        assertThat(server.get(account, "Accept-Encoding", "gzip", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(server.get(account, "If-Match", tag).statusCode()).isEqualTo(200);
        for (var file :
                new String[] {"/docs", "/openapi.yaml", "/docs/assets/swagger-ui-bundle.js", "/assets/seatline.css"}) {
            var answer = server.sendTo(URI.create(server.url() + file), "GET", null, "Accept-Encoding", "gzip");
            assertThat(answer.headers().firstValue("Content-Encoding")).as(file).contains("gzip");
        }
        var page = server.sendTo(URI.create(server.url() + "/"), "GET", null, "Accept-Encoding", "gzip");
        assertThat(page.headers().firstValue("Content-Encoding"))
                .as("a page, which has secrets beside what a visitor types")
                .isEmpty();
    }

    /** RFC 9110 sections 8.6, 9.3.2 and 15.4.5: what is said of an answer is true whether it is sent or not. */
    @Test
    void answers_haveTheSameHeaders_sentOrNot() {
        var account = "/sip_device_routes/" + FIRST;
        for (var codings : new String[] {"gzip", "br", "identity;q=0", "*", "gzip;q=0, *"}) {
            var got = server.get(account, "Accept-Encoding", codings).headers();
            assertThat(got.firstValue("Content-Encoding").isPresent())
                    .as(codings)
                    .isEqualTo(codings.equals("gzip") || codings.equals("*"));
            var head = server.send("HEAD", account, null, "Accept-Encoding", codings)
                    .headers();
            var tag = got.firstValue("ETag").orElseThrow();
            var same = server.get(account, "Accept-Encoding", codings, "If-None-Match", "\"another\", W/" + tag);
            assertThat(same.statusCode()).isEqualTo(304);
            assertThat(same.headers().firstValue("Content-Length")).isEmpty();
            for (var name : new String[] {"ETag", "Vary", "Content-Encoding", "Content-Length"}) {
                assertThat(head.allValues(name)).as(codings + " " + name).isEqualTo(got.allValues(name));
            }
            for (var name : new String[] {"ETag", "Vary"}) {
                assertThat(same.headers().allValues(name)).as(name).isEqualTo(got.allValues(name));
            }
        }
        assertThat(server.get(account, "Accept-Encoding", "").headers().allValues("Vary"))
                .isEqualTo(
                        server.get(account, "Accept-Encoding", "gzip").headers().allValues("Vary"));
    }

    // addresses

    @Test
    void uuid_inCapitals_isTheSame() {
        var path = "/sip_device_routes/" + FIRST.toUpperCase(Locale.ROOT);
        assertThat(TestServer.json(server.get(path)).at("/data/id").asString()).isEqualTo(FIRST);
        var patched = server.patch(path, """
                {"data": {"type": "sip_device_routes", "id": "%s", "attributes": {"allowed_ips": "192.0.2.1"}}}""".formatted(FIRST));
        assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "filter[id][]=" + FIRST + "&filter[id][]=" + SECOND,
                "filter[id][0]=" + FIRST + "&filter[id][1]=" + SECOND,
                "filter[id]=" + FIRST + "," + SECOND,
                "filter[username][]=user-a&filter[username][]=user-b",
                "filter[username][]=user-a&filter[username][]=user-b&filter[username][]=no,such\"one",
            })
    void values_ofOneFilter_mayComeAsAList(String query) {
        var list = TestServer.json(server.get("/sip_device_routes?sort=username&" + query.replace("\"", "%22")));
        assertThat(list.at("/meta/record_count").asInt()).as(list.toString()).isEqualTo(2);
        assertThat(list.at("/data/1/id").asString()).isEqualTo(SECOND);
    }

    @Test
    void filter_thatIsGivenTwice_isRefusedStill() {
        for (var query : new String[] {
            "filter[id]=" + FIRST + "&filter[id]=" + SECOND, "filter[id]=" + FIRST + "&filter[id][]=" + SECOND
        }) {
            assertThat(server.get("/sip_device_routes?" + query).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void link_canBeFollowed_orThereIsNone() {
        var most = ("," + THIRD).repeat(370);
        var list = server.get("/sip_device_routes?page[size]=1&filter[id]=" + FIRST + "," + SECOND + most);
        assertThat(list.statusCode()).isEqualTo(200);
        var next = TestServer.json(list).at("/links/next").asString();
        var followed = server.sendTo(URI.create(next), "GET", null);
        assertThat(TestServer.json(followed).at("/data/0/id").asString()).isEqualTo(SECOND);
        var tooMuch = server.get("/sip_device_routes?filter[username]=" + "a".repeat(9_000) + "%22".repeat(2_000));
        assertThat(tooMuch.statusCode()).isEqualTo(414);
        assertThat(tooMuch.body()).contains("longer than 14000 characters");
    }
}
