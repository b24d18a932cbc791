package io.seatline.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.seatline.demo.Demo;
import io.seatline.support.BrowserSession;
import io.seatline.support.ConsoleClient;
import io.seatline.support.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the operator's staff sees of its customers' SIP accounts. */
@Tag("slow")
@Tag("browser")
final class ConsoleAccountsTest {
    private static final String ACCOUNT = Demo.ACCOUNT.toString();

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.withDemo();
        server.database().run("""
                INSERT INTO bindings (account_id, contact, source, user_agent, expires_at)
                VALUES ('%1$s', 'sip:z4wnypvker@192.0.2.1:5062', '192.0.2.1', 'Yealink T54W', now() + interval '1 hour');
                INSERT INTO refusals (account_id, reason, source, source_port, transport, user_agent)
                VALUES ('%1$s', 'address_not_allowed', '203.0.113.9', 5060, 'UDP', 'Linphone')
                """.formatted(ACCOUNT));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void accounts_areFoundByTheContractsFilters() {
        try (var visit = BrowserSession.of(server).asOperator()) {
            var page = list(visit);
            assertThat(page.locator("tbody tr")).hasCount(30);
            visit.look("console-accounts");
            page.getByLabel("Online").selectOption("true");
            page.getByText("Search").click();
            assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.locator("tbody")).containsText("Yealink T54W");
            assertThat(page.locator("tbody")).containsText("(online)");
            page.getByText("Show all").click();
            page.getByLabel("Customer’s id").fill("fleet-7");
            page.getByLabel("External calls").selectOption("false");
            page.getByText("Search").click();
            assertThat(page.locator("tbody tr")).hasCount(3);
            page.getByLabel("Username").fill("nobody");
            page.getByText("Search").click();
            assertThat(page.locator("main")).containsText("Nothing matches the search.");
        }
    }

    @Test
    void junk_isToldBesideTheField_inTheApisWords() {
        try (var visit = BrowserSession.of(server).asOperator()) {
            var page = list(visit);
            page.getByLabel("Internal caller ID").fill("one hundred");
            page.getByLabel("External caller ID").fill("00370");
            page.getByText("Search").click();
            assertThat(page.locator("#internal_caller_id-error"))
                    .hasText("one hundred is not a valid value for internal_caller_id.");
            assertThat(page.locator("#external_caller_id-error"))
                    .hasText("00370 is not a valid value for external_caller_id: numbers have no leading zeros.");
            assertThat(page.getByLabel("Internal caller ID")).hasValue("one hundred");
            assertThat(page.getByLabel("Internal caller ID")).hasAttribute("aria-invalid", "true");
            assertThat(page.locator("tbody")).hasCount(0);
            visit.look("console-accounts-refused");
        }
    }

    @Test
    void account_isShownWithoutItsPassword_andItsPhoneIsKicked() {
        try (var visit = BrowserSession.of(server).asOperator()) {
            var page = list(visit);
            page.getByText("z4wnypvker").click();
            assertThat(page).hasURL(server.url() + "/console/accounts/" + ACCOUNT);
            assertThat(page.locator("main")).containsText("127.0.0.1/32");
            assertThat(page.locator("dt:has-text('SHA-256 required') + dd")).hasText("No");
            assertThat(page.locator("main")).containsText("may not register from this address");
            assertThat(page.content()).doesNotContain("08hxobdp5z");
            visit.look("console-account");
            page.locator("form[action$=kick] button").click();
            assertThat(page.locator("main")).containsText("The registration has ended.");
            assertThat(page.locator("main")).containsText("No phone is registered.");
            assertThat(server.text("SELECT count(*) FROM bindings")).isEqualTo("0");
            server.database().run("""
                    INSERT INTO bindings (account_id, contact, source, user_agent, expires_at)
                    VALUES ('%s', 'sip:z4wnypvker@192.0.2.1:5062', '192.0.2.1', 'Yealink T54W', now() + interval '1 hour')
                    """.formatted(ACCOUNT));
        }
    }

    @Test
    void account_whosePasswordIsNotKnown_saysSo() {
        var id = server.text("SELECT id FROM sip_accounts WHERE customer_id = 'fleet-7' LIMIT 1");
        server.database().run("UPDATE sip_accounts SET ha1_realm = 'old.example' WHERE id = '" + id + "'");
        try (var visit = BrowserSession.of(server).asOperator()) {
            var page = visit.go("/console/accounts/" + id);
            assertThat(page.locator("dt:text-is('Password') + dd"))
                    .hasText(
                            "Not known: the account came from another server with a hash of it, which is good for the realm"
                                    + " “old.example”.");
        }
    }

    @Test
    void account_isOpenedInItsCustomersInterface() {
        var staff = ConsoleClient.signIn(server, "username", "password");
        var answer = staff.post("/console/accounts/" + ACCOUNT + "/open", "path", "https://evil.example/");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/accounts/" + ACCOUNT);
        assertThat(ConsoleClient.cookie(answer)).startsWith("seatline=");
        assertThat(server.text("SELECT customer_id || admin || opened_by FROM sessions WHERE admin"))
                .isEqualTo("123trueusername");
    }

    @Test
    void everything_isUsableByTelephone() {
        try (var phone = BrowserSession.byTelephone(server, "en").asOperator()) {
            list(phone);
            phone.look("console-accounts-dark");
            phone.go("/console/accounts/" + ACCOUNT);
            phone.look("console-account-dark");
        }
    }

    private static Page list(BrowserSession visit) {
        assertThat(visit.page()).hasURL(server.url() + "/console");
        return visit.go("/console/accounts");
    }
}
