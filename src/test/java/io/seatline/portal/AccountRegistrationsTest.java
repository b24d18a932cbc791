package io.seatline.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.seatline.registration.RefusalReason;
import io.seatline.support.Await;
import io.seatline.support.BrowserSession;
import io.seatline.support.HeldAnswer;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import io.seatline.web.Texts;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a customer sees and mends of its phones. */
@Tag("slow")
@Tag("browser")
final class AccountRegistrationsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.database().run("""
                INSERT INTO customers (operator_id, id, name, language)
                SELECT id, 'lv', 'Rīgas velosipēdi', 'LV' FROM operators WHERE name = 'test'
                """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static PhoneAccount account(String customerId, String username) {
        var id = UUID.randomUUID().toString();
        server.account("test", TestServer.plain(id, customerId, username));
        return new PhoneAccount(server, id, username);
    }

    private static String path(PhoneAccount account) {
        return "/accounts/" + account.id() + "/registrations";
    }

    private static Phone phone(PhoneAccount account) {
        return Phone.at(server, account.username(), PhoneAccount.PASSWORD);
    }

    @Test
    void phone_appearsByItself_andIsKicked() {
        var account = account("123", "desk");
        try (var visit = BrowserSession.of(server).asCustomer("123");
                var phone = phone(account)) {
            var page = visit.go(path(account));
            assertThat(page.locator("#live")).containsText("No phone is registered.");
            visit.look("registrations-none-en");
            assertThat(phone.registers().status()).isEqualTo(200);
            var row = page.locator("#live tbody tr");
            assertThat(row).containsText("Phone of the tests");
            assertThat(row).containsText("127.0.0.1:" + phone.port());
            assertThat(row).containsText("UDP");
            visit.look("registrations-live-en");
            button(page, "End").click();
            assertThat(page.getByRole(AriaRole.STATUS).first())
                    .hasText("The registration has been ended. The phone may register again.");
            assertThat(account.isOnline()).isFalse();
            assertThat(phone.registers().status()).isEqualTo(200);
            assertThat(row).containsText("Phone of the tests");
        }
    }

    @Test
    void button_heldDownWhileThePageAsksAgain_isPressed() {
        var account = account("123", "pressed");
        try (var visit = BrowserSession.of(server).asCustomer("123");
                var phone = phone(account)) {
            assertThat(phone.registers().status()).isEqualTo(200);
            var page = visit.go(path(account));
            var refresh = HeldAnswer.from(page, "/registrations$");
            button(page, "End").hover();
            refresh.isMade();
            page.mouse().down();
            refresh.arrives();
            page.mouse().up();
            assertThat(page.locator(".note")).containsText("The registration has been ended.");
        }
    }

    @Test
    void phone_thatWasKickedMeanwhile_isToldOf() {
        var account = account("123", "twice");
        try (var visit = BrowserSession.of(server).asCustomer("123");
                var phone = phone(account)) {
            assertThat(phone.registers().status()).isEqualTo(200);
            var page = visit.go(path(account));
            server.database().run("DELETE FROM bindings");
            button(page, "End").click();
            assertThat(page.locator(".note")).hasText("That had already ended.");
        }
    }

    @Test
    void phone_refusedForItsAddress_isLetInAfterTheButton() {
        var account = account("123", "away");
        account.allowOnly("203.0.113.0/24");
        try (var visit = BrowserSession.of(server).asCustomer("123");
                var phone = phone(account)) {
            var page = visit.go(path(account));
            assertThat(phone.registers().status()).isEqualTo(401);
            assertThat(page.locator("#live")).containsText("Refused: address 127.0.0.1 is not on the allow-list.");
            visit.look("registrations-refused-en");
            button(page, "Allow this address: 127.0.0.1").click();
            assertThat(page.locator(".note"))
                    .hasText("The address is on the allow-list now. The phone gets in at its next attempt.");
            assertThat(page.locator("#live")).containsText("This address may register now.");
            assertThat(allowed(account)).isEqualTo("203.0.113.0/24,127.0.0.1/32");
            Await.until(() -> phone.registers().status() == 200);
        }
    }

    @Test
    void phone_refusedForItsAddress_latvianByTelephone() {
        var account = account("lv", "velo");
        account.allowOnly("203.0.113.0/24");
        try (var visit = BrowserSession.byTelephone(server, "lv").asCustomer("lv");
                var phone = phone(account)) {
            assertThat(phone.registers().status()).isEqualTo(401);
            Await.until(() -> account.lastRefusal().equals("address_not_allowed"));
            var page = visit.go(path(account));
            assertThat(page.locator("#live")).containsText("Noraidīts: adrese 127.0.0.1 nav atļauto adrešu sarakstā.");
            visit.look("registrations-refused-lv-dark-360");
            button(page, "Atļaut šo adresi: 127.0.0.1").click();
            assertThat(page.locator(".note")).containsText("Adrese tagad ir atļauto adrešu sarakstā.");
            Await.until(() -> phone.registers().status() == 200);
            assertThat(page.locator("#live")).containsText("Phone of the tests");
            visit.look("registrations-live-lv-dark-360");
            button(page, "Pārtraukt").click();
            assertThat(page.locator(".note")).containsText("Reģistrācija ir pārtraukta.");
            assertThat(account.isOnline()).isFalse();
        }
    }

    @Test
    void address_thatWasNotRefused_isNotAllowed() {
        var account = account("123", "forged");
        account.allowOnly("203.0.113.0/24");
        try (var visit = BrowserSession.of(server).asCustomer("123");
                var phone = phone(account)) {
            assertThat(phone.registers().status()).isEqualTo(401);
            Await.until(() -> account.lastRefusal().equals("address_not_allowed"));
            var page = visit.go(path(account));
            page.locator("input[name=address]").evaluate("field => { field.value = '0.0.0.0/0'; }");
            page.locator("#live form button").evaluate("button => button.click()");
            assertThat(page.locator(".problem")).containsText("no registration from it was refused lately");
            assertThat(allowed(account)).isEqualTo("203.0.113.0/24");
        }
    }

    @Test
    void address_moreThanTheListHolds_isNotAllowed() {
        var account = account("123", "full");
        account.allowOnly(
                IntStream.range(0, 100).mapToObj(i -> "203.0.113." + i).collect(Collectors.joining(",")));
        try (var visit = BrowserSession.of(server).asCustomer("123");
                var phone = phone(account)) {
            assertThat(phone.registers().status()).isEqualTo(401);
            Await.until(() -> account.lastRefusal().equals("address_not_allowed"));
            var page = visit.go(path(account));
            button(page, "Allow this address: 127.0.0.1").click();
            assertThat(page.locator(".problem")).containsText("the allow-list has 100 entries");
            assertThat(allowed(account)).doesNotContain("127.0.0.1");
        }
    }

    @Test
    void source_thatIsBlocked_isShownUntilWhen_andUnblocked() {
        var account = account("123", "guessed");
        try (var visit = BrowserSession.of(server).asCustomer("123");
                var guesser = Phone.at(server, account.username(), "wrong-horse-battery")) {
            for (var i = 0; i < 10; i++) {
                assertThat(guesser.registers().status()).isEqualTo(401);
            }
            Await.until(() -> server.database().number("SELECT count(*) FROM blocked_sources") == 1);
            var page = visit.go(path(account));
            assertThat(page.locator("#live")).containsText("Blocked addresses");
            assertThat(page.locator("#live")).containsText("wrong password from address 127.0.0.1");
            visit.look("registrations-blocked-en");
            button(page, "Unblock").click();
            assertThat(page.locator(".note")).hasText("The address is not blocked any more.");
            try (var phone = phone(account)) {
                Await.until(() -> phone.registers().status() == 200);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.seatline.support.BrowserSession#languages")
    void refusals_areAllExplained(String language) {
        var texts = Texts.of("io.seatline.portal.texts", language);
        for (var reason : RefusalReason.values()) {
            assertThat(texts.get("refusal." + reason.wireName(), "203.0.113.9"))
                    .contains("203.0.113.9")
                    .doesNotContain("{");
            assertThat(texts.get("refusal." + reason.wireName() + ".mend")).isNotBlank();
        }
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static String allowed(PhoneAccount account) {
        return server.text(
                "SELECT array_to_string(allowed_ips, ',') FROM sip_accounts WHERE id = '" + account.id() + "'");
    }
}
