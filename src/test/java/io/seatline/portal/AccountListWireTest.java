package io.seatline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Await;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.PortalClient;
import io.seatline.support.Promptness;
import io.seatline.support.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The customers' list of accounts, as it goes over the wire: what it says of whom, how quickly, and when it stops. */
@Order(1)
@Tag("sql")
@Tag("slow")
final class AccountListWireTest {
    @SuppressWarnings("NullAway.Init")
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "many", null);
        // Nothing opens their passwords.
        server.database().run("""
                INSERT INTO sip_accounts (id, operator_id, customer_id, username, password, caller_id_name,
                    internal_caller_id, external_caller_id, use_allowed_ips)
                SELECT gen_random_uuid(), o.id, 'many', 'user' || n, '\\x00',
                    CASE n % 4 WHEN 0 THEN 'Žydrūnas ' || n WHEN 1 THEN '=1+' || n || ';=2' WHEN 2 THEN '100% _' || n END,
                    n, 37060000000 + n, n % 2 = 0
                FROM operators o, generate_series(1, 10000) n;
                INSERT INTO bindings (account_id, contact, user_agent, expires_at)
                SELECT id, 'sip:a', 'Agent ' || internal_caller_id % 7, now() + interval '1 hour'
                FROM sip_accounts WHERE internal_caller_id % 3 = 0;
                ANALYZE""");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static UUID account(String customerId, String username) {
        var id = UUID.randomUUID();
        server.account("test", TestServer.plain(id.toString(), customerId, username));
        return id;
    }

    private static String events(UUID... ids) {
        return Arrays.stream(ids).map(UUID::toString).collect(Collectors.joining(",", "/accounts/events?ids=", ""));
    }

    @Test
    void search_takesPercentAndUnderscoreAsTheyAre_andNoNoticeOfCapitals() {
        var many = PortalClient.enterAsStaff(server, "many");
        assertThat(many.get("/accounts?q=%25").body()).contains(">Shown: 1 to 50 of 2,500<");
        assertThat(many.get("/accounts?q=0%25+_10").body()).contains(">Shown: 1 to 28 of 28<");
        assertThat(many.get("/accounts?q=USER777").body()).contains(">Shown: 1 to 11 of 11<");
        assertThat(many.get("/accounts?q=%C5%BEYDR%C5%AANAS+1000").body()).contains(">Shown: 1 to 2 of 2<");
        assertThat(many.get("/accounts?q=37060000123").body()).contains(">Shown: 1 to 1 of 1<");
        assertThat(many.get("/accounts?q=nobody").body()).contains("No SIP account matches.");
        assertThat(many.get("/accounts?q=x" + "%F0%9F%91%8D%F0%9F%8F%BD".repeat(100))
                        .body())
                .contains("value=\"x" + "\ud83d\udc4d\ud83c\udffd".repeat(99) + "\"")
                // a browser counts the units of UTF-16, of which an emoji may have eleven
                .contains("maxlength=\"1200\"");
    }

    @Test
    void search_isNoFilterOfTheApi() {
        for (var name : new String[] {"search", "q"}) {
            assertThat(server.get("/sip_device_routes?filter[" + name + "]=user")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void list_ofTenThousandAccounts_isSearchedAndSorted() {
        var many = PortalClient.enterAsStaff(server, "many");
        for (var query : new String[] {
            "",
            "?q=12",
            "?q=%C5%BEyd&state=online",
            "?sort=caller_id_name",
            "?sort=-user_agent",
            "?sort=-is_online",
            "?sort=-external_caller_id&page=100",
            "?state=offline&q=user9&sort=-user_agent"
        }) {
            assertThat(many.get("/accounts" + query).statusCode()).as(query).isEqualTo(200);
        }
    }

    @Test
    void page_pastTheLast_leadsToTheLast() {
        assertThat(PortalClient.enterAsStaff(server, "many")
                        .get("/accounts?page=999&size=100")
                        .headers()
                        .firstValue("Location"))
                .contains("/accounts?size=100&page=100");
    }

    @Test
    void file_hasWhatIsShown_withoutPasswords_andNoFormulas() {
        var answer = PortalClient.enterAsStaff(server, "many").get("/accounts.csv?q=user&sort=-internal_caller_id");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"accounts.csv\"");
        var lines = answer.body().lines().toList();
        assertThat(lines).hasSize(10_001);
        assertThat(lines.getFirst())
                .isEqualTo(
                        "\uFEFFUsername,Caller ID name,Extension,Outside number,State,Phone,Registered from,Allow-list,"
                                + "Allowed addresses");
        assertThat(lines.get(1)).isEqualTo("user10000,Žydrūnas 10000,10000,37060010000,offline,,,yes,");
        assertThat(lines.get(2)).isEqualTo("user9999,,9999,37060009999,online,Agent 3,127.0.0.1 · UDP,no,");
        assertThat(lines.get(4)).startsWith("user9997,'=1+9997;'=2,");
    }

    @Test
    void events_tellWhatIsSo_andThenWhatChanges() {
        server.customer("test", "shop", 2L);
        var id = account("shop", "shop-one");
        try (var listener = PortalClient.enter(server, "shop").listen(events(id));
                var phone = Phone.at(server, "shop-one", PhoneAccount.PASSWORD)) {
            Await.until(() -> listener.times("event: state-" + id) == 1);
            // the events of a round come one after the other
            Await.until(
                    () -> listener.times("event: seats") == 1 && listener.text().contains("SIP accounts: 1 of 2"));
            assertThat(phone.registers().status()).isEqualTo(200);
            Await.until(() -> listener.times("event: state-" + id) == 2);
            Await.until(
                    () -> listener.text().contains("online") && listener.text().contains("Phone of the tests"));
            assertThat(phone.registers().status()).isEqualTo(200);
            assertThat(phone.unregisters().status()).isEqualTo(200);
            Await.until(() -> listener.times("event: state-" + id) == 3);
            Await.until(() -> listener.times("event: agent-" + id) == 3);
            assertThat(listener.times("event: seats")).isEqualTo(1);
            server.accounts().delete(server.operatorId("test"), id, TestServer.TEST);
            Await.until(() -> listener.times("event: state-" + id) == 4);
            Await.until(() -> listener.times("event: seats") == 2);
            Await.until(
                    () -> listener.text().contains("deleted") && listener.text().contains("SIP accounts: 0 of 2"));
        }
    }

    @Test
    void events_withoutIds_tellOfSeats() {
        server.customer("test", "new", null);
        try (var listener = PortalClient.enter(server, "new").listen("/accounts/events")) {
            Await.until(() -> listener.text().contains("SIP accounts: 0<"));
            assertThat(server.patch(
                                    "/customers/new",
                                    "{\"data\":{\"type\":\"customers\",\"id\":\"new\",\"attributes\":{\"sip_account_limit\":0}}}")
                            .statusCode())
                    .isEqualTo(200);
            Await.until(() -> listener.text().contains("aria-disabled=\"true\""));
        }
    }

    /** Not that it is there, and not that it isn't. */
    @Test
    void events_ofAnothersAccount_tellNothingOfIt() {
        server.customer("test", "mine", null);
        server.customer("test", "theirs", null);
        var mine = account("mine", "mine-one");
        var theirs = account("theirs", "theirs-one");
        var nobodys = UUID.randomUUID();
        try (var listener = PortalClient.enter(server, "mine").listen(events(mine, theirs, nobodys));
                var phone = Phone.at(server, "theirs-one", PhoneAccount.PASSWORD);
                var myPhone = Phone.at(server, "mine-one", PhoneAccount.PASSWORD)) {
            Await.until(() -> listener.times("event: state-" + theirs) == 1);
            assertThat(phone.registers().status()).isEqualTo(200);
            assertThat(myPhone.registers().status()).isEqualTo(200);
            Await.until(() -> listener.times("event: state-" + mine) == 2
                    && listener.text().contains("online")
                    && listener.text().contains("Phone of the tests"));
            assertThat(listener.times("event: state-" + theirs)).isEqualTo(1);
            assertThat(listener.times("event: state-" + nobodys)).isEqualTo(1);
            assertThat(listener.text()).containsOnlyOnce("online").containsOnlyOnce("Phone of the tests");
        }
    }

    @Test
    void events_ofMoreThanAPage_orOfJunk_areRefused() {
        var many = PortalClient.enterAsStaff(server, "many");
        var tooMany = events(Stream.generate(UUID::randomUUID).limit(101).toArray(UUID[]::new));
        assertThat(many.get(tooMany).statusCode()).isEqualTo(400);
        assertThat(many.get("/accounts/events?ids=1").statusCode()).isEqualTo(400);
    }

    @Test
    void events_endWithTheSession() throws InterruptedException {
        server.customer("test", "leaving", null);
        var first = PortalClient.enter(server, "leaving");
        var staff = PortalClient.enterAsStaff(server, "leaving");
        try (var listener = first.listen("/accounts/events");
                var staffListener = staff.listen("/accounts/events")) {
            Await.until(() -> listener.times("event: seats") == 1 && staffListener.times("event: seats") == 1);
            PortalClient.enter(server, "leaving");
            listener.awaitEnd();
            assertThat(first.get("/accounts/events").statusCode()).isEqualTo(401);
            assertThat(staffListener.hasEnded()).isFalse();
            assertThat(server.delete("/customers/leaving").statusCode()).isEqualTo(204);
            staffListener.awaitEnd();
        }
    }

    @Test
    void events_ofOnePageTooMany_endTheOldest() throws InterruptedException {
        server.customer("test", "tabs", null);
        var tabs = PortalClient.enter(server, "tabs");
        var listeners = new ArrayList<PortalClient.Listener>();
        try {
            var oldest = tabs.listen("/accounts/events");
            listeners.add(oldest);
            Await.until(() -> oldest.times("event: seats") == 1);
            for (var i = 0; i < 20; i++) {
                listeners.add(tabs.listen("/accounts/events"));
            }
            oldest.awaitEnd();
            Await.until(() -> listeners.stream().allMatch(listener -> listener.times("event: seats") == 1));
            assertThat(listeners.stream().filter(PortalClient.Listener::hasEnded))
                    .hasSize(1);
        } finally {
            listeners.forEach(PortalClient.Listener::close);
        }
    }

    @Test
    void server_thatStops_doesNotWaitForWhoListens() throws InterruptedException {
        server.customer("test", "late", null);
        var node = server.another();
        var session = PortalClient.enter(server, "late");
        try (var listener = new PortalClient(node, session.cookie()).listen("/accounts/events")) {
            Await.until(() -> listener.times("event: seats") == 1);
            Promptness.within("the end of a server with a page that listens", Duration.ofSeconds(3), node::stop);
            listener.awaitEnd();
        }
    }
}
