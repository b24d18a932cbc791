package io.seatline.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.seatline.account.AccountSettings;
import io.seatline.support.Await;
import io.seatline.support.BrowserSession;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The staff sees what is refused and blocked, and takes blocks back. */
@Tag("slow")
@Tag("browser")
final class ConsoleAbuseTest {
    private static TestServer server;

    private final String username = AccountSettings.generateUsername();

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.operator("other", "other-user", "other-password");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void account() {
        server.database().run("DELETE FROM blocked_sources");
        server.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", username));
    }

    private int registers(String from) {
        try (var phone = Phone.from(from, server, username, PhoneAccount.PASSWORD)) {
            return phone.registers().status();
        }
    }

    private void isBlocked(String from) {
        try (var guesser = Phone.from(from, server, username, "wrong-horse-battery")) {
            for (var i = 0; i < 11; i++) {
                assertThat(guesser.registers().status()).isEqualTo(401);
            }
        }
        assertThat(registers(from)).isEqualTo(401);
        Await.until(() -> server.text("SELECT string_agg(DISTINCT reason, ' ') FROM refusals r JOIN sip_accounts s"
                        + " ON s.id = r.account_id WHERE username = '" + username + "'")
                .equals("blocked wrong_password"));
    }

    @Test
    void source_isUnblocked_andThePhoneRegistersAgain() {
        isBlocked("127.0.0.31");
        try (var visit = BrowserSession.of(server).asOperator()) {
            assertThat(visit.page().locator("main")).containsText("Blocked sources: 1");
            visit.page().getByText("See the blocked sources").click();
            var page = visit.page();
            assertThat(page.locator("main")).containsText("Wrong password: ");
            assertThat(page.locator("main")).containsText("wrong password or realm");
            assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Accounts refused")))
                    .containsText(username);
            assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Sources refused")))
                    .containsText("127.0.0.31");
            visit.look("console-abuse");
            page.getByLabel("Unblock 127.0.0.31 for " + username).click();
            assertThat(page.getByRole(AriaRole.STATUS).first()).hasText("Sources unblocked: 1.");
            assertThat(page.getByText("No source is blocked.")).isVisible();
            Await.until(() -> registers("127.0.0.31") == 200);
        }
    }

    @Test
    void allSources_areUnblocked_whenThatIsConfirmed() {
        isBlocked("127.0.0.32");
        isBlocked("127.0.0.33");
        try (var visit = BrowserSession.byTelephone(server, "en").asOperator()) {
            var page = visit.go("/console/abuse");
            visit.look("console-abuse-telephone");
            page.getByText("Unblock all").click();
            assertThat(page.locator("main")).containsText("Blocks that will be removed: 2.");
            visit.look("console-unblock-all");
            page.getByText("Cancel").click();
            assertThat(page.locator("#blocked")).hasText("Blocked sources: 2");
            page.getByText("Unblock all").click();
            page.getByText("Unblock all of them").click();
            assertThat(page.getByRole(AriaRole.STATUS).first()).hasText("Sources unblocked: 2.");
            Await.until(() -> registers("127.0.0.32") == 200 && registers("127.0.0.33") == 200);
        }
    }

    @Test
    void blockedSources_arePaged() {
        server.database()
                .run("INSERT INTO blocked_sources (id, account_id, source, expires_at) SELECT gen_random_uuid(), id,"
                        + " ('10.0.0.' || n)::cidr, now() + interval '1 h' FROM sip_accounts, generate_series(1, 30) n"
                        + " WHERE username = '" + username + "'");
        try (var visit = BrowserSession.of(server).asOperator()) {
            var page = visit.go("/console/abuse");
            assertThat(page.getByText("Unblock", new Page.GetByTextOptions().setExact(true)))
                    .hasCount(25);
            page.getByText("Next page").click();
            assertThat(page.getByText("Page 2 of 2")).isVisible();
            assertThat(page.getByText("Unblock", new Page.GetByTextOptions().setExact(true)))
                    .hasCount(5);
        }
    }

    @Test
    void otherOperator_seesNothingOfIt_andCantChangeIt() {
        isBlocked("127.0.0.34");
        var id = server.text("SELECT id FROM blocked_sources");
        try (var phone = Phone.from("127.0.0.35", server, username, PhoneAccount.PASSWORD);
                var visit = BrowserSession.of(server)) {
            assertThat(phone.registers().status()).isEqualTo(200);
            var binding =
                    server.text("SELECT id FROM bindings WHERE expires_at > now() AND host(source) = '127.0.0.35'");
            var account = server.text("SELECT id FROM sip_accounts WHERE username = '" + username + "'");
            var page = visit.go("/console/login");
            page.getByLabel("Username").fill("other-user");
            page.getByLabel("Password").fill("other-password");
            page.getByText("Sign in").last().click();
            assertThat(page.locator("main")).containsText("Nothing needs attention.");
            for (var path : List.of(
                    "",
                    "/registrations",
                    "/registrations?username=" + username,
                    "/abuse",
                    "/abuse/unblock-all",
                    "/audit?from=2020-01-01",
                    "/audit?subject=" + id)) {
                visit.go("/console" + path);
                assertThat(page.locator("main h1")).isVisible();
                assertThat(page.content())
                        .as(path)
                        .doesNotContain("127.0.0.34", account)
                        .satisfies(text -> assertThat(text.replace("username=" + username, "")
                                        .replace("value=\"" + username + "\"", ""))
                                .doesNotContain(username));
            }
            for (var form : List.of(
                    "abuse/unblock?id=" + id,
                    "abuse/unblock-all?",
                    "registrations/kick?account=" + account + "&registration=" + binding)) {
                assertThat(page.evaluate(
                                "async ([path, fields]) => (await fetch('/console/' + path, {method: 'POST',"
                                        + " headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: fields"
                                        + " + '&_session=' + encodeURIComponent(document.body.dataset.session)})).status",
                                List.of(form.split("\\?", -1))))
                        .as(form)
                        .isEqualTo(200);
            }
            assertThat(server.text("SELECT count(*) FROM blocked_sources")).isEqualTo("1");
            assertThat(server.text("SELECT count(*) FROM bindings WHERE id = '" + binding + "'"))
                    .isEqualTo("1");
            assertThat(registers("127.0.0.34")).isEqualTo(401);
        }
    }
}
