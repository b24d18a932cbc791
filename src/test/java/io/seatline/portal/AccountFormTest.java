package io.seatline.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.seatline.support.BrowserSession;
import io.seatline.support.HeldAnswer;
import io.seatline.support.TestServer;
import io.seatline.web.Texts;
import java.util.UUID;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a customer creates, changes and deletes SIP accounts, and chooses its language. */
@Order(1)
@Tag("slow")
@Tag("browser")
final class AccountFormTest {
    private static final Pattern ACCOUNT =
            Pattern.compile(".*/accounts/[0-9a-f-]{36}\\?done=.*|.*/accounts/[0-9a-f-]{36}");
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.withDemo();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A customer of its own for each test, who reads {@code language}. */
    private static String customer(String language, String limit) {
        var id = UUID.randomUUID().toString();
        var answer = server.post("/customers", """
                {"data": {"type": "customers", "id": "%s", "attributes":
                    {"name": "Baltic Bikes", "language": "%s", "sip_account_limit": %s}}}
                """.formatted(id, language.toUpperCase(java.util.Locale.ROOT), limit));
        Assertions.assertThat(answer.statusCode()).isEqualTo(201);
        return id;
    }

    private static String account(String customer) {
        var id = UUID.randomUUID().toString();
        var _ = server.account("demo", TestServer.plain(id, customer, "u" + id.substring(0, 8)));
        return id;
    }

    private static Texts words(String language) {
        return Texts.of("io.seatline.portal.texts", language);
    }

    private static Locator field(Page page, String name) {
        return page.locator("#" + name);
    }

    private static String stored(String account, String column) {
        return server.text("SELECT " + column + "::text FROM sip_accounts WHERE id = '" + account + "'");
    }

    @Test
    void create_withGeneratedValues() {
        var customer = customer("ru", "null");
        var words = words("ru");
        try (var visit = BrowserSession.of(server, "ru").asCustomer(customer)) {
            var page = visit.go("/accounts/new");
            assertThat(page.locator("h1")).hasText(words.get("form.create"));
            assertThat(field(page, "username")).hasValue(Pattern.compile("[a-z0-9]{10}"));
            assertThat(field(page, "password")).hasValue(Pattern.compile("[A-Za-z0-9]{20}"));
            visit.look("portal-create");
            field(page, "caller_id_name").fill("Приёмная");
            field(page, "internal_caller_id").fill("101");
            page.getByLabel(words.get("form.incoming_external")).check();
            var username = field(page, "username").inputValue();
            page.getByText(words.get("form.create.do"), new Page.GetByTextOptions().setExact(true))
                    .click();

            assertThat(page).hasURL(ACCOUNT);
            assertThat(page.locator(".note")).hasText(words.get("done.created"));
            assertThat(page.locator("h1")).containsText(username);
            assertThat(field(page, "caller_id_name")).hasValue("Приёмная");
            assertThat(page.getByLabel(words.get("form.incoming_external"))).isChecked();
            visit.look("portal-settings");
        }
    }

    @Test
    void create_byKeyboardAlone() {
        var customer = customer("en", "null");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts/new");
            tabTo(page, "caller_id_name");
            page.keyboard().type("Reception");
            tabTo(page, "on_demand");
            page.keyboard().press("Space");
            tabTo(page, "save");
            page.keyboard().press("Enter");
            assertThat(page).hasURL(ACCOUNT);
            assertThat(field(page, "caller_id_name")).hasValue("Reception");
            assertThat(field(page, "on_demand")).isChecked();
            // the Enter key in a field saves, and does nothing else
            var username = field(page, "username").inputValue();
            field(page, "caller_id_name").fill("Front desk");
            page.keyboard().press("Enter");
            assertThat(page.locator(".note")).hasText("Saved.");
            assertThat(field(page, "username")).hasValue(username);
            assertThat(field(page, "caller_id_name")).hasValue("Front desk");
        }
    }

    private static void tabTo(Page page, String id) {
        for (var i = 0; i < 60; i++) {
            page.keyboard().press("Tab");
            if (id.equals(page.evaluate("document.activeElement.id"))) {
                return;
            }
        }
        Assertions.fail("the Tab key does not reach " + id);
    }

    @Test
    void mistakes_areSaidAllAtOnceBesideTheirFields_andWhatWasTypedStays() {
        var words = words("en");
        try (var visit = BrowserSession.of(server).asCustomer(customer("en", "null"))) {
            var page = visit.go("/accounts/new");
            field(page, "username").fill("two words");
            field(page, "password").fill("short");
            field(page, "internal_caller_id").fill("1O1");
            field(page, "allow_external_calls").check();
            field(page, "use_allowed_ips").check();
            field(page, "save").click();

            assertThat(page.locator("#problems li")).hasCount(5);
            assertThat(page.locator("#problems")).isFocused();
            for (var name : new String[] {"username", "password", "internal_caller_id"}) {
                assertThat(page.locator("#" + name + "-error")).hasText(words.get("rule." + name + "_form"));
                assertThat(field(page, name)).hasAttribute("aria-invalid", "true");
                assertThat(field(page, name)).hasAttribute("aria-describedby", Pattern.compile(name + "-error .*"));
            }
            assertThat(page.locator("#allow_external_calls-error"))
                    .hasText(words.get("rule.allow_external_calls_caller_id"));
            assertThat(page.locator("#use_allowed_ips-error")).hasText(words.get("rule.use_allowed_ips_empty"));
            assertThat(field(page, "username")).hasValue("two words");
            assertThat(field(page, "password")).hasValue("short");
            assertThat(field(page, "internal_caller_id")).hasValue("1O1");
            assertThat(field(page, "allow_external_calls")).isChecked();
            visit.look("portal-mistakes");
            page.locator("#problems a").first().click();
            assertThat(field(page, "username")).isFocused();

            field(page, "username").fill("z4wnypvker");
            field(page, "password").fill("long enough it is not");
            field(page, "password").fill("long-enough-it-is");
            field(page, "internal_caller_id").fill("101");
            field(page, "external_caller_id").fill("37060012345");
            field(page, "use_allowed_ips").uncheck();
            field(page, "save").click();
            assertThat(page.locator("#problems li")).hasCount(1);
            assertThat(page.locator("#username-error")).hasText(words.get("rule.username_taken"));
        }
    }

    @Test
    void password_isShownOnDemand_copied_hiddenAndReplaced() {
        var words = words("ru");
        var customer = customer("ru", "null");
        var id = account(customer);
        try (var visit = BrowserSession.of(server, "ru").asCustomer(customer)) {
            var page = visit.go("/accounts/" + id);
            Assertions.assertThat(page.content()).doesNotContain("correct-horse-battery");
            field(page, "caller_id_name").fill("Half typed");
            button(page, words.get("form.password.show")).click();
            assertThat(page.locator("#present-password")).hasText("correct-horse-battery");
            assertThat(page.locator("#show-password")).isFocused();
            assertThat(field(page, "caller_id_name")).hasValue("Half typed");
            visit.look("portal-password");
            button(page, words.get("form.password.copy")).click();
            assertThat(page.locator("#toast")).hasText(words.get("form.copied"));
            Assertions.assertThat(page.evaluate("navigator.clipboard.readText()"))
                    .isEqualTo("correct-horse-battery");
            button(page, words.get("form.password.hide")).click();
            assertThat(page.locator("#present-password")).hasCount(0);
            Assertions.assertThat(page.content()).doesNotContain("correct-horse-battery");

            button(page, words.get("form.password.generate")).click();
            assertThat(field(page, "password")).hasValue(Pattern.compile("[A-Za-z0-9]{20}"));
            assertThat(page.locator("#new-password")).isFocused();
            button(page, words.get("form.username.generate")).click();
            assertThat(field(page, "username")).hasValue(Pattern.compile("[a-z0-9]{10}"));
            assertThat(field(page, "caller_id_name")).hasValue("Half typed");
            var typed = field(page, "password").inputValue();
            field(page, "save").click();
            assertThat(page.locator(".note")).hasText(words.get("done.saved.phones"));
            assertThat(field(page, "password")).hasValue("");
            button(page, words.get("form.password.show")).click();
            assertThat(page.locator("#present-password")).hasText(typed);
        }
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void allowList_isCheckedAsItIsTyped() {
        var words = words("en");
        var customer = customer("en", "null");
        var id = account(customer);
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts/" + id);
            var messages = page.locator("#allowed_ips-messages");
            field(page, "use_allowed_ips").check();
            field(page, "allowed_ips").pressSequentially("10.0.0.5/24");
            assertThat(messages).containsText(words.get("rule.allowed_ips_host_bits", "10.0.0.5/24", "10.0.0.0/24"));
            field(page, "allowed_ips").pressSequentially("\n300.1.1.1");
            assertThat(messages).containsText(words.get("rule.allowed_ips_unreadable", "300.1.1.1"));
            visit.look("portal-addresses");
            button(page, words.get("form.take", "10.0.0.0/24")).click();
            assertThat(field(page, "allowed_ips")).hasValue("10.0.0.0/24\n300.1.1.1");
            assertThat(field(page, "allowed_ips")).isFocused();
            field(page, "allowed_ips").fill("10.0.0.0/24\n::ffff:192.0.2.1");
            assertThat(messages).containsText("10.0.0.0/24, 192.0.2.1/32");
            field(page, "use_allowed_ips").uncheck();
            assertThat(messages).containsText(words.get("form.allowed_ips.off"));
            visit.look("portal-addresses-off");
            field(page, "use_allowed_ips").check();
            assertThat(messages.getByText(words.get("form.allowed_ips.off"))).hasCount(0);
            button(page, words.get("form.own", "127.0.0.1")).click();
            assertThat(field(page, "allowed_ips")).hasValue("10.0.0.0/24\n::ffff:192.0.2.1\n127.0.0.1");
            field(page, "save").click();
            assertThat(page.locator(".note")).hasText(words.get("done.saved"));
            assertThat(field(page, "allowed_ips")).hasValue("10.0.0.0/24\n192.0.2.1/32\n127.0.0.1/32");
            Assertions.assertThat(stored(id, "use_allowed_ips")).isEqualTo("true");
        }
    }

    @Test
    void allowList_typedOnWhileAnEarlierTextIsChecked_showsWhatIsSaidOfTheNewest() {
        var customer = customer("en", "null");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts/" + account(customer));
            var messages = page.locator("#allowed_ips-messages");
            var earlier = HeldAnswer.from(page, "/addresses$");
            field(page, "allowed_ips").fill("10.0.0.5/24");
            earlier.isMade();
            field(page, "allowed_ips").fill("192.0.2.1");
            assertThat(messages).containsText("192.0.2.1/32");
            earlier.arrives();
            assertThat(messages).containsText("192.0.2.1/32");

            // here the newest is not asked for yet when the earlier answer comes
            earlier = HeldAnswer.from(page, "/addresses$");
            field(page, "allowed_ips").fill("10.0.0.5/24");
            earlier.isMade();
            field(page, "allowed_ips").fill("192.0.2.2");
            earlier.arrives();
            assertThat(messages).containsText("192.0.2.2/32");
            assertThat(messages).not().containsText("10.0.0.5/24");
        }
    }

    /**
     * A person, or a program that fills in forms, may be faster than the scripts that make a new part of the page work.
     */
    @Test
    void allowList_typedAsSoonAsTheFormIsThere_isChecked() {
        var customer = customer("en", "null");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts/" + account(customer));
            field(page, "allowed_ips").fill("10.0.0.5/24");
            page.evaluate("""
                    () => new MutationObserver((_, observer) => {
                        observer.disconnect();
                        const list = document.getElementById('allowed_ips');
                        list.value = '192.0.2.1';
                        list.dispatchEvent(new Event('input', { bubbles: true }));
                    }).observe(document.querySelector('.form'), { childList: true })""");
            page.locator("button[name=take]").click();
            assertThat(page.locator("#allowed_ips-messages")).containsText("192.0.2.1/32");
        }
    }

    @Test
    void button_answeredWhileSomebodyTypes_takesNothingAway_andDoesWhatItSays() {
        var customer = customer("en", "null");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts/" + account(customer));
            var username = field(page, "username").inputValue();
            var late = HeldAnswer.from(page, "/generate$");
            field(page, "new-username").click();
            late.isMade();
            field(page, "caller_id_name").fill("Reception");
            field(page, "on_demand").check();
            late.arrives();
            assertThat(field(page, "username")).not().hasValue(username);
            assertThat(field(page, "caller_id_name")).hasValue("Reception");
            assertThat(field(page, "on_demand")).isChecked();

            late = HeldAnswer.from(page, "/password$");
            field(page, "show-password").click();
            late.isMade();
            field(page, "username").fill("typed-meanwhile");
            late.arrives();
            assertThat(page.locator("#present-password")).hasText("correct-horse-battery");
            assertThat(field(page, "username")).hasValue("typed-meanwhile");

            late = HeldAnswer.from(page, "/addresses$");
            field(page, "own-address").click();
            late.isMade();
            field(page, "allowed_ips").fill("10.0.0.5/24");
            late.arrives();
            assertThat(field(page, "allowed_ips")).hasValue("10.0.0.5/24\n127.0.0.1");

            // the button itself goes meanwhile, with the message that it stands in
            late = HeldAnswer.from(page, "/addresses$");
            page.locator("button[name=take]").click();
            late.isMade();
            field(page, "allowed_ips").fill("10.0.0.5/24\n300.1.1.1");
            assertThat(page.locator("#allowed_ips-messages")).containsText("300.1.1.1");
            late.arrives();
            assertThat(field(page, "allowed_ips")).hasValue("10.0.0.0/24\n300.1.1.1");
            assertThat(page.locator("#allowed_ips-messages")).containsText("300.1.1.1");
        }
    }

    @Test
    void button_answeredAfterAnother_changesNothing() {
        var customer = customer("en", "null");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts/" + account(customer));
            var username = field(page, "username").inputValue();
            var late = HeldAnswer.from(page, "/generate$");
            field(page, "new-username").click();
            late.isMade();
            field(page, "own-address").click();
            late.arrives();
            assertThat(field(page, "allowed_ips")).hasValue("127.0.0.1");
            assertThat(field(page, "username")).hasValue(username);
        }
    }

    @Test
    void button_answeredWhenSomebodyIsElsewhere_leavesTheFocusThere() {
        var customer = customer("en", "null");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts/" + account(customer));
            field(page, "allowed_ips").fill("10.0.0.5/24");
            page.locator("button[name=take]").waitFor();
            var late = HeldAnswer.from(page, "/addresses$");
            page.locator("button[name=take]").click();
            late.isMade();
            field(page, "caller_id_name").focus();
            late.arrives();
            assertThat(field(page, "allowed_ips")).hasValue("10.0.0.0/24");
            page.keyboard().type("Reception");
            assertThat(field(page, "caller_id_name")).hasValue("Reception");
        }
    }

    @Test
    void changeBySomebodyElse_isShown_andOverwrittenOnlyKnowingly() {
        var words = words("ru");
        var customer = customer("ru", "null");
        var id = account(customer);
        try (var one = BrowserSession.of(server, "ru").asCustomer(customer);
                var other = BrowserSession.of(server).asStaffFor(customer)) {
            var page = one.go("/accounts/" + id);
            var staff = other.go("/accounts/" + id);
            field(staff, "caller_id_name").fill("Warehouse");
            field(staff, "internal_caller_id").fill("202");
            field(staff, "on_demand").check();
            field(staff, "password").fill("another-password-it-is");
            field(staff, "save").click();
            assertThat(staff.locator(".note")).isVisible();

            field(page, "caller_id_name").fill("Reception");
            field(page, "external_caller_id").fill("37060012345");
            field(page, "save").click();
            assertThat(page.locator("#problems-heading")).hasText(words.get("changes.heading"));
            var rows = page.locator("#problems tbody tr");
            assertThat(rows).hasCount(4);
            assertThat(rows.nth(0)).containsText(words.get("changes.hidden"));
            assertThat(rows.nth(1)).containsText("Warehouse");
            assertThat(rows.nth(1)).containsText("Reception");
            assertThat(rows.nth(2)).containsText("202");
            assertThat(rows.nth(2)).containsText(words.get("changes.untouched"));
            assertThat(rows.nth(3)).containsText(words.get("changes.on"));
            Assertions.assertThat(stored(id, "caller_id_name")).isEqualTo("Warehouse");
            // what was typed stays, and what was not touched follows the account
            assertThat(field(page, "caller_id_name")).hasValue("Reception");
            assertThat(field(page, "external_caller_id")).hasValue("37060012345");
            assertThat(field(page, "internal_caller_id")).hasValue("202");
            assertThat(field(page, "on_demand")).isChecked();
            one.look("portal-changed-meanwhile");

            field(page, "save").click();
            assertThat(page.locator(".note")).hasText(words.get("done.saved"));
            Assertions.assertThat(stored(id, "(caller_id_name, internal_caller_id, external_caller_id, on_demand)"))
                    .isEqualTo("(Reception,202,37060012345,t)");
            button(page, words.get("form.password.show")).click();
            assertThat(page.locator("#present-password")).hasText("another-password-it-is");
        }
    }

    @Test
    void lastSeat_takenInAnotherTab_locksTheOpenForm() {
        var words = words("en");
        var customer = customer("en", "1");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts/new");
            assertThat(field(page, "save")).isEnabled();
            var tab = visit.context().newPage();
            tab.navigate("/accounts/new");
            field(page, "caller_id_name").fill("Kept");
            field(tab, "save").click();
            assertThat(tab.locator(".note")).hasText(words.get("done.created"));

            assertThat(page.locator("#locked")).hasText(words.get("seats.full", 1, 1));
            assertThat(page.locator("#account-form .warning").last()).hasText(words.get("seats.full", 1, 1));
            assertThat(field(page, "save")).isDisabled();
            assertThat(field(page, "caller_id_name")).hasValue("Kept");
            visit.look("portal-create-locked");
            page.reload();
            assertThat(page.locator("#locked")).hasText(words.get("seats.full", 1, 1));
            assertThat(field(page, "save")).isDisabled();
        }
    }

    @Test
    void save_heldDownWhileThePageHearsOfSeats_isPressed() {
        var customer = customer("en", "2");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.page();
            var news = HeldAnswer.from(page, "/new/seats$");
            visit.go("/accounts/new");
            news.isMade();
            field(page, "save").hover();
            page.mouse().down();
            news.arrives();
            page.mouse().up();
            assertThat(page.locator(".note")).hasText(words("en").get("done.created"));
        }
    }

    @Test
    void save_letGoElsewhereWhileThePageHearsOfTheLastSeat_isLocked() {
        var customer = customer("en", "1");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.page();
            visit.go("/accounts/new");
            var news = HeldAnswer.from(page, "/new/seats$");
            account(customer);
            news.isMade();
            field(page, "save").hover();
            page.mouse().down();
            news.arrives();
            assertThat(field(page, "save")).isEnabled();
            page.locator("h1").hover();
            page.mouse().up();
            assertThat(field(page, "save")).isDisabled();
        }
    }

    /** What is held back here was made while there was a seat. */
    @ParameterizedTest
    @ValueSource(strings = {"/new/generate$", "/new/seats$"})
    void lastSeat_takenWhileAnOlderAnswerIsOnItsWay_locksTheForm(String older) {
        var customer = customer("en", "1");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.page();
            var late = HeldAnswer.from(page, older);
            visit.go("/accounts/new");
            if (older.contains("generate")) {
                field(page, "new-username").click();
            }
            late.isMade();
            page.evaluate("document.addEventListener('sse:seats', news => {"
                    + " window.heard ||= news.detail.data.includes('aria-disabled') })");
            account(customer);
            page.waitForCondition(() -> (boolean) page.evaluate("!!window.heard"));
            late.arrives();
            assertThat(page.locator("#locked")).hasText(words("en").get("seats.full", 1, 1));
            assertThat(field(page, "save")).isDisabled();
        }
    }

    @Test
    void delete_saysWhatGoes_andNothingGoesThatSomebodyChangedMeanwhile() {
        var words = words("ru");
        var customer = customer("ru", "null");
        var id = account(customer);
        try (var visit = BrowserSession.of(server, "ru").asCustomer(customer)) {
            var page = visit.go("/accounts/" + id);
            page.getByText(words.get("delete.open")).click();
            assertThat(page.getByText(words.get("delete.registrations", 0))).isVisible();
            visit.look("portal-delete");
            server.patch("/sip_device_routes/" + id, """
                    {"data": {"type": "sip_device_routes", "id": "%s", "attributes": {"allowed_ips": "192.0.2.7"}}}
                    """.formatted(id));
            page.locator("main button.danger").click();
            assertThat(page.locator("#problems-heading")).hasText(words.get("delete.changed"));
            assertThat(page.locator("#problems tbody tr")).hasCount(1);
            assertThat(page.locator("#problems")).containsText("192.0.2.7/32");
            visit.look("portal-delete-changed");
            page.locator("main button.danger").click();
            assertThat(page).hasURL(Pattern.compile(".*/accounts(\\?done=deleted)?"));
            assertThat(page.locator(".note")).hasText(words.get("done.deleted"));
            Assertions.assertThat(stored(id, "id")).isEmpty();

            visit.go("/accounts/" + id + "/delete");
            assertThat(page.locator("h1")).isVisible();
        }
    }

    @Test
    void formOfAnAccountThatIsGone_saysSo() {
        var customer = customer("lt", "null");
        var id = account(customer);
        try (var visit = BrowserSession.of(server, "lt").asCustomer(customer)) {
            var page = visit.go("/accounts/" + id);
            server.accounts().delete(server.operatorId("demo"), UUID.fromString(id), TestServer.TEST);
            field(page, "save").click();
            assertThat(page.locator("h1")).hasText(words("lt").get("gone"));
            visit.look("portal-gone");
        }
    }

    @Test
    void language_isTheCustomersChoice_andThePageStays() {
        var customer = customer("en", "null");
        try (var visit = BrowserSession.of(server).asCustomer(customer)) {
            var page = visit.go("/accounts/new");
            for (var language : new String[] {"lv", "lt", "ru", "en"}) {
                page.locator(".menu summary").click();
                page.locator(".menu button[lang=" + language + "]").click();
                assertThat(page.locator("html")).hasAttribute("lang", language);
                assertThat(page).hasURL(server.url() + "/accounts/new");
                assertThat(page.locator("h1")).hasText(words(language).get("form.create"));
            }
            page.locator(".menu summary").click();
            visit.look("portal-language");
            var menu = page.locator(".menu");
            page.keyboard().press("Escape");
            assertThat(menu).not().hasAttribute("open", "");
            assertThat(menu.locator("summary")).isFocused();
            menu.locator("summary").click();
            page.locator("h1").click();
            assertThat(menu).not().hasAttribute("open", "");
            Assertions.assertThat(server.text("SELECT count(*)::text FROM audit WHERE action = 'update' AND subject = '"
                            + customer + "'"))
                    .isEqualTo("4");
        }
    }

    @ParameterizedTest
    @MethodSource("io.seatline.support.BrowserSession#languages")
    void form_onASmallTelephoneInTheDark(String language) {
        var customer = customer(language, "1");
        var id = account(customer);
        try (var visit = BrowserSession.byTelephone(server, language).asCustomer(customer)) {
            visit.go("/accounts/new");
            visit.look("portal-create-small-" + language);
            var page = visit.go("/accounts/" + id);
            field(page, "username").fill("č");
            field(page, "allowed_ips").fill("10.0.0.5/24, 2001:db8:0:0:1::/80");
            field(page, "save").click();
            assertThat(page.locator("#problems li")).hasCount(2);
            visit.look("portal-settings-small-" + language);
            visit.go("/accounts/" + id + "/delete");
            visit.look("portal-delete-small-" + language);
        }
    }
}
