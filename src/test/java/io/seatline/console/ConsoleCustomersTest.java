package io.seatline.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.seatline.support.BrowserSession;
import io.seatline.support.HeldAnswer;
import io.seatline.support.TestServer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the operator's staff does with its customers. */
@Order(1)
@Tag("slow")
@Tag("browser")
final class ConsoleCustomersTest {
    private static TestServer server;

    private BrowserSession visit;
    private Page page;

    @BeforeAll
    static void start() {
        server = TestServer.withDemo();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void signIn() {
        visit = BrowserSession.of(server).asOperator();
        page = visit.page();
        assertThat(page).hasURL(server.url() + "/console");
    }

    @AfterEach
    void leave() {
        visit.close();
    }

    @Test
    void list_isSearchedAsTyped_byAPartOfIdOrName_literally() {
        visit.go("/console/customers");
        assertThat(row("fleet-7")).containsText("5 of 5");
        assertThat(row("fleet-7")).containsText("full");
        visit.look("console-customers");
        page.getByLabel("Id or name").fill("ТАКСО");
        assertThat(page.locator("tbody tr")).hasCount(1);
        assertThat(page.locator("tbody")).containsText("fleet-7");
        page.getByLabel("Id or name").fill("_");
        assertThat(page.locator("#list")).containsText("Nothing matches the search.");
        page.getByLabel("Id or name").fill("12");
        assertThat(page.locator("tbody")).containsText("Baltic Bikes");
    }

    @Test
    void search_answeredAfterANewerOne_changesNothing() {
        visit.go("/console/customers");
        var late = HeldAnswer.from(page, "search=fleet");
        page.getByLabel("Id or name").fill("fleet");
        late.isMade();
        page.getByLabel("Id or name").fill("kavine");
        assertThat(page.locator("tbody tr")).hasCount(1);
        assertThat(page.locator("tbody")).containsText("kavine");
        late.arrives();
        assertThat(page.locator("tbody")).containsText("kavine");
        assertThat(page).hasURL(Pattern.compile(".*search=kavine.*"));
    }

    @Test
    void list_sortsByItsHeadings() {
        visit.go("/console/customers?language=LT");
        assertThat(page.locator("tbody tr")).hasCount(1);
        visit.go("/console/customers");
        page.getByRole(AriaRole.COLUMNHEADER).getByText("Id").click();
        assertThat(page.locator("th[aria-sort=ascending]")).containsText("Id");
        page.getByRole(AriaRole.COLUMNHEADER).getByText("Id").click();
        assertThat(page.locator("th[aria-sort=descending]")).containsText("Id");
    }

    @Test
    void customer_isCreated_changed_andDeleted() {
        visit.go("/console/customers");
        page.getByText("New customer").click();
        page.getByLabel("Id", new Page.GetByLabelOptions().setExact(true)).fill("123");
        page.getByLabel("Name").fill("Corner Shop");
        page.getByLabel("SIP accounts allowed").fill("many");
        page.getByText("Create customer").click();
        assertThat(page.locator("#sip_account_limit-error")).containsText("Enter a whole number");
        assertThat(page.getByLabel("SIP accounts allowed")).hasValue("many");
        page.getByLabel("SIP accounts allowed").fill("0");
        page.getByText("Create customer").click();
        assertThat(page.locator("#id-error")).containsText("Another customer has this id already");
        assertThat(page.getByLabel("Name")).hasValue("Corner Shop");
        visit.look("console-customer-refused");

        // a word that is a page's address elsewhere is an id as any other
        page.getByLabel("Id", new Page.GetByLabelOptions().setExact(true)).fill("new");
        page.getByText("Create customer").click();
        assertThat(page).hasURL(server.url() + "/console/customers/new?saved");
        assertThat(page.locator("main")).containsText("0 of 0");
        visit.look("console-customer");
        page.getByLabel("Simultaneous calls").fill("7");
        save();
        assertThat(page.locator("[role=status]").first()).hasText("Saved.");
        assertThat(page.getByLabel("Simultaneous calls")).hasValue("7");

        page.getByText("Delete…").click();
        page.getByText("Delete customer and accounts").click();
        assertThat(page.locator("#confirm-error")).containsText("Type new");
        page.locator("#confirm").fill("new");
        visit.look("console-customer-delete");
        page.getByText("Delete customer and accounts").click();
        assertThat(page.locator("main")).containsText("The customer has been deleted.");
        assertThat(server.text("SELECT count(*) FROM customers WHERE id = 'new'"))
                .isEqualTo("0");
    }

    @Test
    void name_isAsLongAsPeopleCount_andIsNotCutWhileItIsTyped() {
        server.customer("demo", "thumbs", null);
        visit.go("/console/customers/thumbs");
        var thumb = "\ud83d\udc4d\ud83c\udffd";
        type(thumb.repeat(256));
        assertThat(page.locator("#name-error")).containsText("Use at most 255 characters.");
        type("e" + "\u0301".repeat(1024));
        assertThat(page.locator("#name-error")).containsText("a name takes at most 2,048 bytes");
        type("\u200b\u3164");
        assertThat(page.locator("#name-error")).containsText("Enter a name.");
        type(thumb.repeat(255));
        assertThat(page.locator("[role=status]").first()).hasText("Saved.");
        assertThat(server.text("SELECT name FROM customers WHERE id = 'thumbs'"))
                .isEqualTo(thumb.repeat(255));
    }

    /** Types a name as a keyboard does, which a field may cut, and saves it. */
    private void type(String name) {
        page.getByLabel("Name").clear();
        page.getByLabel("Name").focus();
        page.keyboard().insertText(name);
        save();
    }

    @Test
    void limitBelowTheNumber_saysWhatItMeans() {
        visit.go("/console/customers/kavine");
        page.getByLabel("SIP accounts allowed").fill("2");
        save();
        assertThat(page.locator(".warning")).containsText("Nothing is disabled");
        assertThat(page.locator(".warning")).containsText("12 of 2");
        visit.look("console-customer-over");
        page.getByLabel("SIP accounts allowed").fill("");
        save();
        assertThat(page.locator(".warning")).hasCount(0);
        assertThat(server.text("SELECT sip_account_limit FROM customers WHERE id = 'kavine'"))
                .isEmpty();
    }

    @Test
    void changesAtTheSameTime_areBothKept_andShown() {
        server.customer("demo", "two", null);
        visit.go("/console/customers/two");
        var answer = server.patch(
                "/customers/two",
                "{\"data\": {\"type\": \"customers\", \"id\": \"two\", \"attributes\": {\"capacity_limit\": 9}}}");
        assertThat(answer.statusCode()).isEqualTo(200);
        page.getByLabel("Name").fill("Named here");
        save();
        assertThat(page.locator("[role=alert]")).containsText("Simultaneous calls: was “no limit”, is now “9”");
        assertThat(page.getByLabel("Name")).hasValue("Named here");
        assertThat(page.getByLabel("Simultaneous calls")).hasValue("9");
        visit.look("console-customer-overtaken");
        assertThat(server.text("SELECT name FROM customers WHERE id = 'two'")).isEqualTo("Customer two");
        save();
        assertThat(page.locator("[role=status]").first()).hasText("Saved.");
        assertThat(server.text("SELECT name || capacity_limit FROM customers WHERE id = 'two'"))
                .isEqualTo("Named here9");
    }

    @Test
    void openUi_opensTheCustomersInterface_inANewTab_withoutAToken() {
        visit.go("/console/customers");
        var tab = page.context()
                .waitForPage(() -> row("123").getByRole(AriaRole.BUTTON).click());
        assertThat(tab).hasURL(server.url() + "/accounts");
        assertThat(tab.locator(".banner")).containsText("Baltic Bikes");
        tab.close();
        assertThat(page).hasURL(server.url() + "/console/customers");
    }

    @Test
    void loginLink_isCopied_worksForTheCustomer_andIsInNoAddress() {
        visit.go("/console/customers/123");
        page.getByText("Make a login link").click();
        assertThat(page.locator(".warning")).containsText("signed out");
        assertThat(page).hasURL(server.url() + "/console/customers/123/link");
        var link = page.getByLabel("Login link").inputValue();
        page.getByText("Copy the link").click();
        assertThat(page.locator("#toast")).containsText("clipboard");
        assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(link);
        try (var customer = BrowserSession.of(server)) {
            customer.go(link);
            assertThat(customer.page()).hasURL(server.url() + "/accounts");
            assertThat(customer.page().locator(".banner")).hasCount(0);
        }
    }

    @Test
    void everything_isUsableByTelephone() {
        try (var phone = BrowserSession.byTelephone(server, "en").asOperator()) {
            assertThat(phone.page()).hasURL(server.url() + "/console");
            phone.go("/console/customers");
            phone.look("console-customers-dark");
            phone.go("/console/new-customer");
            phone.look("console-customer-new-dark");
            phone.go("/console/customers/fleet-7");
            phone.look("console-customer-dark");
            phone.page().getByText("Make a login link").click();
            assertThat(phone.page().getByText("Copy the link")).isVisible();
            phone.look("console-customer-link-dark");
            phone.go("/console/customers/fleet-7/delete");
            phone.look("console-customer-delete-dark");
        }
    }

    private void save() {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Save"))
                .click();
    }

    private Locator row(String id) {
        return page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(id));
    }
}
