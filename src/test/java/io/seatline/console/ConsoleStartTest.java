package io.seatline.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.seatline.registration.PhoneCounts;
import io.seatline.support.Await;
import io.seatline.support.BrowserSession;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The staff's first page says what needs attention. */
@Tag("slow")
@Tag("browser")
final class ConsoleStartTest {
    private static final int MAX_BYTES = 100_000;

    @SuppressWarnings("NullAway.Init")
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.empty();
        server.customer("test", "123", 2L);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void account(String username) {
        server.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", username));
    }

    private void count() {
        server.database().run("UPDATE phones_counted SET next_at = '-infinity'");
        Await.until(() -> {
            var _ = PhoneCounts.count(server.environment().database().jdbi());
            return server.text("SELECT next_at > now() FROM phones_counted").equals("t");
        });
    }

    @Test
    void start_ofAQuietServer_saysSo() {
        try (var visit = BrowserSession.of(server).asOperator()) {
            assertThat(visit.page().locator(".note")).hasText("Nothing needs attention.");
            visit.look("console-start-quiet");
        }
    }

    @Test
    void start_namesWhatNeedsAttention_andShowsTheLastDay() {
        account("reception");
        account("workshop");
        // a day with a night, and two hours in which the server was down
        server.database()
                .run(
                        "INSERT INTO phone_counts SELECT o.id, date_bin('10 minutes', now(), 'epoch') - n * interval '10 minutes',"
                                + " 60 + round(40 * sin(n / 20.0)) FROM operators o, generate_series(1, 143) n"
                                + " WHERE n NOT BETWEEN 50 AND 61;"
                                + "INSERT INTO refusal_counts SELECT o.id, date_bin('10 minutes', now(), 'epoch')"
                                + " - n * interval '10 minutes', 'wrong_password', n % 13 FROM operators o, generate_series(6, 140, 3) n"
                                + " WHERE n NOT BETWEEN 50 AND 61");
        try (var phone = Phone.from("127.0.0.41", server, "reception", PhoneAccount.PASSWORD);
                var guesser = Phone.from("127.0.0.42", server, "workshop", "wrong-horse-battery")) {
            assertThat(phone.registers().status()).isEqualTo(200);
            for (var i = 0; i < 10; i++) {
                assertThat(guesser.registers().status()).isEqualTo(401);
            }
        }
        Await.until(() -> server.text("SELECT count(*) FROM blocked_sources").equals("1")
                && server.text("SELECT sum(times) FROM refusals").equals("10"));
        count();
        try (var visit = BrowserSession.of(server).asOperator();
                var telephone = BrowserSession.byTelephone(server, "en").asOperator()) {
            var page = visit.page();
            assertThat(page.locator("#full")).hasText("Customers with all SIP accounts in use: 1");
            assertThat(page.getByText("Customer 123")).hasAttribute("href", "/console/customers/123");
            assertThat(page.getByText("2 of 2")).isVisible();
            assertThat(page.locator("#blocked")).hasText("Blocked sources: 1");
            assertThat(page.locator("#refused")).hasText("Registrations refused in the last hour: 10");
            assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Accounts refused most")))
                    .containsText("workshop");
            assertThat(page.locator(".figures")).containsText("1\nPhones online".replace("\n", ""));
            assertThat(page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName("Phones registered")))
                    .isVisible();
            visit.look("console-start");
            page.getByText("As a table, by hour").first().click();
            assertThat(page.getByText("no data").first()).isVisible();
            assertThat(page.content().length()).isLessThan(MAX_BYTES);
            telephone.look("console-start-telephone");
        }
    }
}
