package io.seatline.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.seatline.support.BrowserSession;
import io.seatline.support.HeldAnswer;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.PortalClient;
import io.seatline.support.Promptness;
import io.seatline.support.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A customer and the list of its accounts: what is seen at once, found, put in order, and what changes by itself. */
@Order(1)
@Tag("slow")
@Tag("browser")
final class AccountListTest {
    @SuppressWarnings("NullAway.Init")
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "bikes", null);
        // Nothing opens their passwords.
        server.database().run("""
                INSERT INTO sip_accounts (id, operator_id, customer_id, username, password, caller_id_name,
                    internal_caller_id, external_caller_id, use_allowed_ips)
                SELECT gen_random_uuid(), o.id, 'bikes', 'desk' || to_char(n, 'FM000'), '\\x00',
                    CASE n % 3 WHEN 0 THEN 'Reception ' || n WHEN 1 THEN 'Žydrūnė ' || n END,
                    100 + n, CASE WHEN n % 2 = 0 THEN 37060000000 + n END, n % 5 = 0
                FROM operators o, generate_series(1, 60) n""");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String customer(String id, String language, String... usernames) {
        server.customer("test", id, null);
        server.database()
                .run("UPDATE customers SET language = '" + language.toUpperCase(java.util.Locale.ROOT)
                        + "' WHERE id = '" + id + "'");
        for (var username : usernames) {
            server.account("test", TestServer.plain(UUID.randomUUID().toString(), id, username));
        }
        return id;
    }

    private static Locator row(Page page, String username) {
        return page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(username));
    }

    /** What a person is told without doing anything comes within five seconds. */
    private static void soon(Runnable seen) {
        Promptness.within("what the list is told", Duration.ofSeconds(5), seen::run);
    }

    private static void soon(Locator locator, String text) {
        soon(() -> assertThat(locator).containsText(text));
    }

    @ParameterizedTest
    @CsvSource({"en, online, offline", "lt, prisijungta, neprisijungta"})
    void phone_thatRegisters_logsOff_orIsSilent_isSeenAtOnce(String language, String online, String offline) {
        var username = "alive-" + language;
        var customer = customer("live-" + language, language, username);
        try (var visit = BrowserSession.of(server, language).asCustomer(customer);
                var phone = Phone.at(server, username, PhoneAccount.PASSWORD)) {
            var row = row(visit.page(), username);
            assertThat(row).containsText(offline);
            visit.page().evaluate("window.sameDocument = true");

            Assertions.assertThat(phone.registers().status()).isEqualTo(200);
            soon(row, online);
            soon(row, "Phone of the tests");
            soon(row, "127.0.0.1 · UDP");
            assertThat(row.locator(".dot.on")).isVisible();
            visit.look("account-list-online-" + language);

            Assertions.assertThat(phone.unregisters().status()).isEqualTo(200);
            soon(row, offline);
            assertThat(row.locator(".dot.on")).hasCount(0);

            Assertions.assertThat(phone.registersWith(Map.of("User-Agent", "Short of breath"))
                            .status())
                    .isEqualTo(200);
            soon(row, "Short of breath");
            server.database()
                    .run("UPDATE bindings SET expires_at = now() + interval '1 second'"
                            + " WHERE user_agent = 'Short of breath'");
            soon(row, offline);

            server.database().run("DELETE FROM sip_accounts WHERE username = '" + username + "'");
            soon(() -> assertThat(row).hasCount(0));
            Assertions.assertThat((boolean) visit.page().evaluate("window.sameDocument"))
                    .isTrue();
        }
    }

    @Test
    void list_followsAccountsThatComeAndGoElsewhere_andKeepsFocusAndSearch() {
        var customer = customer("coming", "en");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.page();
            var rows = page.locator("tbody tr");
            assertThat(page.locator(".empty")).isVisible();
            server.account("test", TestServer.plain(UUID.randomUUID().toString(), customer, "coming-1"));
            soon(() -> assertThat(rows).hasCount(1));
            page.getByLabel("Search").click();
            page.keyboard().type("coming");
            assertThat(page).hasURL(Pattern.compile(".*q=coming"));
            server.account("test", TestServer.plain(UUID.randomUUID().toString(), customer, "coming-2"));
            soon(() -> assertThat(rows).hasCount(2));
            assertThat(page.getByLabel("Search")).isFocused();
            server.account("test", TestServer.plain(UUID.randomUUID().toString(), customer, "unlike"));
            soon(page.locator(".seats"), "SIP accounts: 3");
            assertThat(rows).hasCount(2);
            assertThat(page.getByLabel("Search")).hasValue("coming");
            server.database().run("DELETE FROM sip_accounts WHERE username LIKE 'coming-%'");
            soon(page.locator("#list .empty"), "No SIP account matches.");
            soon(page.locator(".seats"), "SIP accounts: 1");
        }
    }

    /** A browser has six connections to a server: a hidden page must not hold one. */
    @Test
    void page_thatNobodySees_listensToNothing_andCatchesUp() {
        var customer = customer("hidden", "en", "unseen");
        try (var visit = BrowserSession.of(server).asCustomer(customer);
                var phone = Phone.at(server, "unseen", PhoneAccount.PASSWORD)) {
            var row = row(visit.page(), "unseen");
            hide(visit.page(), true);
            Assertions.assertThat(phone.registers().status()).isEqualTo(200);
            visit.page().waitForTimeout(3000);
            assertThat(row).containsText("offline");
            hide(visit.page(), false);
            soon(row, "online");
        }
    }

    private static void hide(Page page, boolean hidden) {
        page.evaluate(
                "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
                        + " document.dispatchEvent(new Event('visibilitychange')); }",
                hidden);
    }

    @Test
    void phone_atAnotherNode_isSeenAtThisOne() {
        var customer = customer("far", "EN", "far-away");
        var other = server.another();
        try (var visit = BrowserSession.of(server).asCustomer(customer);
                var phone = Phone.at(other, "far-away", PhoneAccount.PASSWORD)) {
            assertThat(row(visit.page(), "far-away")).containsText("offline");
            Assertions.assertThat(phone.registers().status()).isEqualTo(200);
            soon(row(visit.page(), "far-away"), "online");
        } finally {
            other.stop();
        }
    }

    @Test
    void search_asTyped_showsWhatMatches_andKeepsTheFocus() {
        try (var visit = BrowserSession.of(server).asStaffFor("bikes")) {
            var page = visit.page();
            visit.look("account-list-en");
            page.getByLabel("Search").click();
            page.keyboard().type("žydrūnė 1");
            assertThat(page.locator("tbody tr")).hasCount(5);
            assertThat(page.getByLabel("Search")).isFocused();
            assertThat(page).hasURL(Pattern.compile(".*q=%C5%BEydr.*"));
            page.reload();
            assertThat(page.getByLabel("Search")).hasValue("žydrūnė 1");
            assertThat(page.locator("tbody tr")).hasCount(5);
            page.getByLabel("Search").fill("%");
            assertThat(page.getByText("No SIP account matches.")).isVisible();
            visit.look("account-list-nothing-found");
            page.goBack();
            assertThat(page.locator("tbody tr")).hasCount(5);
            page.goForward();
            page.getByText("Show all SIP accounts").click();
            assertThat(page.locator("tbody tr")).hasCount(50);
            assertThat(page.getByLabel("Search")).hasValue("");
        }
    }

    @Test
    void headings_sort_andPagesGoOn_byKeyboard() {
        try (var visit = BrowserSession.of(server).asStaffFor("bikes")) {
            var page = visit.page();
            assertThat(page.locator("tbody tr").first()).containsText("desk001");
            assertThat(page.locator("th").filter(new Locator.FilterOptions().setHasText("Username")))
                    .hasAttribute("aria-sort", "ascending");
            page.locator("#sort-internal_caller_id").focus();
            page.keyboard().press("Enter");
            var extension = page.locator("th").filter(new Locator.FilterOptions().setHasText("Extension"));
            assertThat(extension).hasAttribute("aria-sort", "ascending");
            assertThat(page.locator("#sort-internal_caller_id")).isFocused();
            page.keyboard().press("Enter");
            assertThat(extension).hasAttribute("aria-sort", "descending");
            assertThat(page.locator("tbody tr").first()).containsText("desk060");
            page.getByText("Next").click();
            assertThat(page.getByText("Shown: 51 to 60 of 60")).isVisible();
            assertThat(page.locator("tbody tr").last()).containsText("desk001");
            page.getByLabel("Per page").selectOption("100");
            assertThat(page.locator("tbody tr")).hasCount(60);
            assertThat(extension).hasAttribute("aria-sort", "descending");
            assertThat(page).hasURL(Pattern.compile(".*size=100.*"));
        }
    }

    @Test
    void search_answeredAfterANewerOne_changesNothing() {
        try (var visit = BrowserSession.of(server).asStaffFor("bikes")) {
            var page = visit.page();
            var late = HeldAnswer.from(page, "/accounts\\?q=desk00&");
            page.getByLabel("Search").fill("desk00");
            late.isMade();
            page.getByLabel("Search").fill("desk01");
            assertThat(page.locator("tbody tr")).hasCount(10);
            late.arrives();
            assertThat(page.locator("tbody tr").first()).containsText("desk010");
            assertThat(page).hasURL(Pattern.compile(".*q=desk01&.*"));
        }
    }

    @Test
    void heading_pressedBeforeTheSearchIsAnswered_sortsWhatIsSearchedFor() {
        try (var visit = BrowserSession.of(server).asStaffFor("bikes")) {
            var page = visit.page();
            var late = HeldAnswer.from(page, "/accounts\\?q=desk01&");
            page.getByLabel("Search").fill("desk01");
            late.isMade();
            page.locator("#sort-internal_caller_id").click();
            assertThat(page.locator("th[aria-sort=ascending]")).containsText("Extension");
            late.arrives();
            assertThat(page.locator("tbody tr")).hasCount(10);
            assertThat(page.getByLabel("Search")).hasValue("desk01");
            assertThat(page.locator("th[aria-sort=ascending]")).containsText("Extension");
            page.reload();
            assertThat(page.locator("tbody tr")).hasCount(10);
            assertThat(page.locator("th[aria-sort=ascending]")).containsText("Extension");
        }
    }

    @Test
    void heading_pressedWhileAnotherIsAnswered_isTheOneThatCounts() {
        try (var visit = BrowserSession.of(server).asStaffFor("bikes")) {
            var page = visit.page();
            var older = HeldAnswer.from(page, "sort=external_caller_id");
            page.locator("#sort-external_caller_id").click();
            older.isMade();
            var newer = HeldAnswer.from(page, "sort=internal_caller_id");
            page.locator("#sort-internal_caller_id").click();
            newer.isMade();
            older.arrives();
            newer.arrives();
            assertThat(page.locator("th[aria-sort=ascending]")).containsText("Extension");
            assertThat(page).hasURL(Pattern.compile(".*sort=internal_caller_id.*"));
        }
    }

    @Test
    void page_turnedWhileTheListFollowsAChange_isTurned() {
        var customer = customer("turned", "en");
        server.database().run("""
                INSERT INTO sip_accounts (id, operator_id, customer_id, username, password)
                SELECT gen_random_uuid(), o.id, 'turned', 'turned-' || n, '\\x00' FROM operators o, generate_series(1, 30) n""");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts?size=25");
            var late = HeldAnswer.from(page, "page=2");
            page.getByText("Next").click();
            late.isMade();
            server.account("test", TestServer.plain(UUID.randomUUID().toString(), customer, "turned-more"));
            assertThat(page.locator(".seats")).containsText("SIP accounts: 31");
            // until the page has asked for the list again, where it would
            page.waitForTimeout(1000);
            late.arrives();
            assertThat(page.getByText("Shown: 26 to 31 of 31")).isVisible();
            assertThat(page).hasURL(Pattern.compile(".*page=2.*"));
        }
    }

    @Test
    void search_thatStandsOverAnEmptyList_isNotReplacedByTheFirstAccount() {
        var customer = customer("emptied", "en", "emptied-1");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.page();
            assertThat(page.locator("tbody tr")).hasCount(1);
            server.database().run("DELETE FROM sip_accounts WHERE username = 'emptied-1'");
            assertThat(page.locator("#list .empty")).isVisible();
            // typed, and not looked for yet
            page.evaluate("document.getElementById('q').value = 'half typed'");
            server.account("test", TestServer.plain(UUID.randomUUID().toString(), customer, "emptied-2"));
            assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.getByLabel("Search")).hasValue("half typed");
        }
    }

    @Test
    void filter_showsThoseOnline_alsoWithoutAScript() {
        var customer = customer("some", "EN", "some-on", "some-off");
        server.database()
                .run(
                        "INSERT INTO bindings (account_id, contact, expires_at)"
                                + " SELECT id, 'sip:a', now() + interval '1 hour' FROM sip_accounts WHERE username = 'some-on'");
        try (var visit = BrowserSession.of(server).asStaffFor(customer)) {
            var page = visit.page();
            page.getByLabel("State").selectOption("offline");
            assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.locator("tbody tr")).containsText("some-off");
            page.route("**/*.js", route -> route.abort());
            page.reload();
            page.getByLabel("State").selectOption("online");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Search"))
                    .click();
            assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.locator("tbody tr")).containsText("some-on");
        }
    }

    @Test
    void create_isLocked_whenAnotherTabUsesTheLastSeat_andFreeAgainWithAHigherLimit() {
        var customer = customer("few", "LT", "few-1");
        server.database().run("UPDATE customers SET sip_account_limit = 2 WHERE id = 'few'");
        try (var visit = BrowserSession.of(server, "lt").asCustomer(customer)) {
            var page = visit.page();
            assertThat(page.getByText("SIP paskyrų: 1 iš 2")).isVisible();
            assertThat(page.locator("#create")).hasAttribute("href", "/accounts/new");
            server.account("test", TestServer.plain(UUID.randomUUID().toString(), customer, "few-2"));
            soon(page.locator("#locked"), "Pasiekta riba: 2 iš 2");
            assertThat(page.locator("#create")).hasAttribute("aria-disabled", "true");
            Assertions.assertThat(page.locator("#create").getAttribute("href")).isNull();
            visit.look("account-list-locked-lt");
            server.database().run("UPDATE customers SET sip_account_limit = 3 WHERE id = 'few'");
            assertThat(page.locator("#create")).hasAttribute("href", "/accounts/new");
            soon(page.locator(".seats"), "SIP paskyrų: 2 iš 3");
        }
    }

    @Test
    void page_whoseSessionEnds_saysSo() {
        try (var visit = BrowserSession.of(server).asCustomer(customer("gone", "EN", "gone-1"))) {
            assertThat(visit.page().locator("tbody tr")).hasCount(1);
            PortalClient.enter(server, "gone");
            assertThat(visit.page().locator("h1"))
                    .hasText(
                            "You are not signed in",
                            new com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions()
                                    .setTimeout(10_000));
        }
    }

    @Test
    void file_isSavedInTheCustomersLanguage() throws Exception {
        try (var visit = BrowserSession.of(server, "lt").asCustomer(customer("file", "LT", "file-1"))) {
            var saved = visit.page()
                    .waitForDownload(
                            () -> visit.page().getByText("Atsisiųsti CSV").click());
            Assertions.assertThat(saved.suggestedFilename()).isEqualTo("accounts.csv");
            Assertions.assertThat(Files.readAllLines(Path.of(saved.path().toString())))
                    .containsExactly(
                            "\uFEFFNaudotojo vardas;Skambintojo vardas;Vidinis numeris;Išorinis numeris;Būsena;Telefonas;"
                                    + "Registracijos adresas;Leidžiamų adresų sąrašas;Leidžiami adresai",
                            "file-1;;;;neprisijungta;;;ne;");
        }
    }

    @ParameterizedTest
    @MethodSource("io.seatline.support.BrowserSession#languages")
    void list_onASmallScreenInTheDark_canBeRead(String language) {
        var customer = customer("small-" + language, language);
        try (var visit = BrowserSession.byTelephone(server, language).asCustomer(customer)) {
            visit.look("account-list-empty-small-" + language);
            server.database().run("""
                    INSERT INTO sip_accounts (id, operator_id, customer_id, username, password, caller_id_name,
                        internal_caller_id, external_caller_id, use_allowed_ips)
                    SELECT gen_random_uuid(), o.id, '%s', 'small-%s-' || n, '\\x00', 'Reception ' || n, n, 37060000000 + n, true
                    FROM operators o, generate_series(1, 30) n;
                    INSERT INTO bindings (account_id, contact, user_agent, transport, source, expires_at)
                    SELECT id, 'sip:a', 'Yealink SIP-T54W 96.86.0.100', 'TLS', '2001:db8::7', now() + interval '1 hour'
                    FROM sip_accounts WHERE customer_id = '%s' AND internal_caller_id %% 2 = 0
                    """.formatted(customer, language, customer));
            visit.go("/accounts?size=25");
            assertThat(visit.page().locator("tbody tr")).hasCount(25);
            visit.look("account-list-small-" + language);
        }
    }
}
