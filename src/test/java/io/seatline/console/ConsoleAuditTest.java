package io.seatline.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.REQUIRE_SHA256;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.PhoneSecret;
import io.seatline.audit.Actor;
import io.seatline.audit.AuditLog;
import io.seatline.audit.AuditLog.Direction;
import io.seatline.audit.AuditLog.Search;
import io.seatline.support.BrowserSession;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The staff finds out who changed what. */
@Tag("sql")
@Tag("slow")
@Tag("browser")
final class ConsoleAuditTest {
    private static final String ACCOUNT = UUID.randomUUID().toString();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.account("test", TestServer.plain(ACCOUNT, "123", "reception"));
        var _ = server.accounts()
                .update(
                        server.operatorId("test"),
                        UUID.fromString(ACCOUNT),
                        false,
                        new Actor("username", "127.0.0.1", "request-1"),
                        account -> AccountSettings.of("reception-2", new PhoneSecret.Password("another-horse-battery"))
                                .with(ALLOWED_IPS, AllowList.parse("192.0.2.7"))
                                .with(REQUIRE_SHA256, true));
        server.operator("other", "other-user", "other-password");
        server.customer("other", "foreign", null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Locator rows(Page page) {
        return page.locator("table.audit tbody tr");
    }

    @Test
    void staff_findsAChange_andSeesBeforeAndAfter_butNoSecret() {
        try (var visit = BrowserSession.of(server).asOperator()) {
            var page = visit.go("/console/audit");
            assertThat(rows(page).first()).containsText("console session of");
            assertThat(page.locator("body")).not().containsText("foreign");
            visit.look("console-audit");
            page.getByLabel("What kind").selectOption("sip_device_routes");
            page.getByLabel("Action", new Page.GetByLabelOptions().setExact(true))
                    .selectOption("update");
            page.getByLabel("Who").fill("username");
            page.getByLabel("Which one").fill(ACCOUNT);
            page.getByLabel("Changes contain").fill("RECEPTION-2");
            page.getByText("Search", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(rows(page)).hasCount(1);
            assertThat(rows(page).locator("del").filter(new Locator.FilterOptions().setHasText("reception")))
                    .hasText("reception");
            assertThat(rows(page)).containsText("127.0.0.1");
            assertThat(rows(page)).containsText("(hidden)");
            assertThat(rows(page)).containsText("SHA-256 required");
            assertThat(page.getByLabel("Changes contain")).hasValue("RECEPTION-2");
            page.getByLabel("Changes contain").fill("100%_nowhere");
            page.getByText("Search", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page.locator(".empty")).containsText("“100%_nowhere”");
            visit.go("/console/audit?from=2020-01-01");
            for (var secret : new String[] {"another-horse-battery", PhoneAccount.PASSWORD, "$argon2", "?token="}) {
                assertThat(page.content()).doesNotContain(secret);
            }
            visit.go("/console/audit?from=2020-02-30");
            assertThat(page.locator("#date-error")).isVisible();
        }
    }

    @Test
    void account_isFoundByItsUsername_inAnyLetters_evenWhenItIsGone() {
        var gone = UUID.randomUUID();
        server.account("test", TestServer.plain(gone.toString(), "123", "workshop"));
        var staff = new Actor("morning shift", "127.0.0.1", "request-2");
        var _ = server.accounts().delete(server.operatorId("test"), gone, staff);
        try (var visit = BrowserSession.of(server).asOperator()) {
            var page = visit.go("/console/audit?actor=SERNAM&type=sip_device_routes&subject=Reception-2");
            assertThat(rows(page)).hasCount(1);
            assertThat(rows(page).getByRole(AriaRole.LINK)).hasText("reception-2");
            assertThat(rows(page).getByRole(AriaRole.LINK)).hasAttribute("href", "/console/accounts/" + ACCOUNT);
            assertThat(rows(page)).containsText("(empty)");
            visit.go("/console/audit?actor=SHIFT&subject=workshop");
            assertThat(rows(page)).hasCount(1);
            assertThat(rows(page)).containsText("Deleted SIP account");
            assertThat(rows(page).locator("code").last()).hasText(gone.toString());
            visit.go("/console/audit?type=customers&subject=123&from=2020-01-01");
            assertThat(page.locator("main")).not().containsText("sip_device_route");
            visit.go("/console/audit?type=provisioning_links&action=fetch&subject=nobody");
            assertThat(page.locator(".empty")).containsText("What kind “Setup links of phones”");
            visit.look("console-audit-nothing");
        }
    }

    @Test
    void longLog_isPagedBothWays_andFitsATelephone() {
        server.database()
                .run("INSERT INTO audit (at, operator_id, actor, action, type, subject, changes) SELECT"
                        + " '2021-03-01Z'::timestamptz + n * interval '1 minute', id, 'old hand', 'delete', 'customers', n::text,"
                        + " '{\"name\": [\"Gone for good\", null]}' FROM operators, generate_series(1, 120) n"
                        + " WHERE name = 'test'");
        try (var visit = BrowserSession.byTelephone(server, "en").asOperator()) {
            var page = visit.go("/console/audit?from=2021-03-01&to=2021-03-01");
            assertThat(rows(page)).hasCount(50);
            assertThat(rows(page).first()).containsText("120");
            visit.look("console-audit-telephone");
            page.getByText("Older").click();
            assertThat(rows(page).first()).containsText("customer 70");
            page.getByText("Older").click();
            assertThat(rows(page)).hasCount(20);
            assertThat(page.getByText("Older")).hasCount(0);
            page.getByText("Newer").click();
            assertThat(rows(page).first()).containsText("customer 70");
            page.getByText("Newer").click();
            assertThat(rows(page).first()).containsText("customer 120");
        }
    }

    @Test
    void search_thatLooksAtFewEntriesAtATime_findsAllOfThem() {
        server.database()
                .run("INSERT INTO audit (at, operator_id, actor, action, type, subject, changes) SELECT"
                        + " '2022-03-01Z'::timestamptz + n / 10 * interval '1 minute', id, 'old hand', 'update', 'customers',"
                        + " n::text, jsonb_build_object('name', jsonb_build_array('x', 'needle ' || n % 40))"
                        + " FROM operators, generate_series(1, 400) n WHERE name = 'test'");
        var log = new AuditLog(server.environment().database().jdbi(), 35);
        var from = Instant.parse("2022-03-01T00:00:00Z");
        var search = new Search(from, from.plus(Duration.ofDays(1)), "", "", "", "", "needle 7\"");
        var operator = server.operatorId("test");
        var found = new ArrayList<String>();
        var page = log.newest(operator, search, 3);
        while (true) {
            page.entries().forEach(entry -> found.add(entry.subject()));
            if (page.more()) {
                page = log.beyond(operator, search, page.entries().getLast().id(), Direction.OLDER, 3);
            } else if (page.lookedBackTo().isPresent()) {
                page = log.beyond(operator, search, page.lookedBackTo().getAsLong(), Direction.OLDER, 3);
            } else {
                break;
            }
        }
        assertThat(found).containsExactly("367", "327", "287", "247", "207", "167", "127", "87", "47", "7");
        assertThat(log.newest(server.operatorId("other"), search, 3).entries()).isEmpty();
    }
}
