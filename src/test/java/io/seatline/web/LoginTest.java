package io.seatline.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import io.seatline.support.BrowserSession;
import io.seatline.support.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How people get into the web interface, and out of it. */
@Tag("slow")
@Tag("browser")
final class LoginTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.withDemo();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void customer_comesInByALink_andSignsOut() {
        try (var visit = BrowserSession.of(server)) {
            var page = visit.go(visit.link("sessions", "123"));
            assertThat(page).hasURL(server.url() + "/accounts");
            assertThat(page.getByRole(com.microsoft.playwright.options.AriaRole.HEADING))
                    .hasText("SIP accounts");
            visit.look("portal-accounts-en");
            page.getByText("Sign out").click();
            assertThat(page.locator("h1")).hasText("You have signed out");
            visit.look("portal-signed-out");
            visit.go("/accounts");
            assertThat(page.locator("h1")).hasText("You are not signed in");
        }
    }

    @Test
    void staff_signsIn_andOut() {
        try (var visit = BrowserSession.of(server)) {
            var page = visit.go("/console");
            visit.look("console-login");
            page.getByLabel("Username").fill("username");
            page.getByLabel("Password").fill("password");
            page.getByText("Sign in").last().click();
            assertThat(page).hasURL(server.url() + "/console");
            page.getByText("Sign out").click();
            assertThat(page).hasURL(server.url() + "/console/login");
        }
    }

    @Test
    void address_whereNothingIs_saysSoInTheBrowsersLanguage() {
        try (var visit = BrowserSession.of(server, "lt")) {
            assertThat(visit.go("/nowhere").locator("h1")).hasText("Čia nieko nėra");
            visit.look("nowhere-lt");
        }
        org.assertj.core.api.Assertions.assertThat(
                        server.sendTo(java.net.URI.create(server.url() + "/nowhere"), "GET", null)
                                .body())
                .startsWith("{\"errors\":");
    }
}
