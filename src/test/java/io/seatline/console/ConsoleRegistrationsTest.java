package io.seatline.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.seatline.registration.PhoneCounts;
import io.seatline.support.Await;
import io.seatline.support.BrowserSession;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The staff sees who is online. */
@Tag("slow")
@Tag("browser")
final class ConsoleRegistrationsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        for (var name : new String[] {"reception", "workshop"}) {
            server.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", name));
        }
        server.operator("other", "other-user", "other-password");
        server.customer("other", "9", null);
        server.account("other", TestServer.plain(UUID.randomUUID().toString(), "9", "foreign"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Phone registered(String from, String username) {
        var phone = Phone.from(from, server, username, PhoneAccount.PASSWORD);
        assertThat(phone.registers().status()).isEqualTo(200);
        return phone;
    }

    private static void count() {
        server.database().run("UPDATE phones_counted SET next_at = '-infinity'");
        Await.until(() -> {
            var _ = PhoneCounts.count(server.environment().database().jdbi());
            return server.text("SELECT next_at > now() FROM phones_counted").equals("t");
        });
    }

    private static Locator rows(Page page) {
        return page.locator("table.stacked tbody tr");
    }

    @Test
    void staff_seesWhoIsOnline_finds_andEnds() {
        try (var _ = registered("127.0.0.21", "reception");
                var _ = registered("127.0.0.22", "workshop");
                var _ = registered("127.0.0.23", "foreign");
                var visit = BrowserSession.of(server).asOperator()) {
            count();
            var page = visit.go("/console/registrations");
            assertThat(page.locator("main")).containsText("Phones registered: 2.");
            assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("By user agent")))
                    .containsText("Phone of the tests");
            assertThat(rows(page)).hasCount(2);
            assertThat(page.locator("body")).not().containsText("foreign");
            visit.look("console-registrations");

            page.locator("#source").fill("127.0.0.22");
            page.getByLabel("User agent contains").fill("OF THE");
            page.locator("#transport").selectOption("UDP");
            page.getByText("Search", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(rows(page)).hasCount(1);
            assertThat(rows(page)).containsText("workshop");
            page.getByText("End registration", new Page.GetByTextOptions().setExact(true))
                    .click();
            assertThat(page.getByRole(AriaRole.STATUS).first()).containsText("registration has been ended");
            assertThat(page.locator(".empty")).isVisible();
            assertThat(server.text("SELECT actor || ' ' || action FROM audit WHERE type = 'registrations'"))
                    .isEqualTo("username delete");

            page.getByText("Show all").click();
            assertThat(rows(page)).hasCount(1);
            page.getByLabel("Username begins with").fill("work");
            page.getByText("Search", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page.locator(".empty")).hasText("No registration is like that now.");
            page.locator("#source").fill("127.0.0.999");
            page.getByText("Search", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page.locator("#source-error")).containsText("no IP address");
            visit.look("console-registrations-bad-source");
        }
    }

    @Test
    void longList_isPaged_andFitsATelephone() {
        server.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", "many"));
        server.database()
                .run(
                        "INSERT INTO bindings (account_id, contact, transport, user_agent, expires_at) SELECT id,"
                                + " 'sip:many@192.0.2.1:' || 1000 + n || ';transport=tls', 'TLS', CASE WHEN n > 3 THEN"
                                + " 'Deskphone ' || n % 7 || '.0 (a rather long name of its firmware)' END,"
                                + " now() + interval '1 h' FROM sip_accounts, generate_series(1, 120) n WHERE username = 'many'");
        count();
        try (var visit = BrowserSession.byTelephone(server, "en").asOperator()) {
            var page = visit.go("/console/registrations?username=many");
            assertThat(rows(page)).hasCount(50);
            visit.look("console-registrations-telephone");
            page.getByText("Next page").click();
            assertThat(rows(page)).hasCount(50);
            page.getByText("Next page").click();
            assertThat(rows(page)).hasCount(20);
            page.getByText("Back to the first page").click();
            assertThat(rows(page)).hasCount(50);
        } finally {
            server.database().run("DELETE FROM sip_accounts WHERE username = 'many'");
        }
    }
}
