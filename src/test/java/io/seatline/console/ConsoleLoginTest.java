package io.seatline.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.operator.Credentials;
import io.seatline.support.BrowserSession;
import io.seatline.support.ConsoleClient;
import io.seatline.support.TestServer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import org.jdbi.v3.core.HandleCallback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the operator's staff gets into the console, and when it is out again. */
@Tag("slow")
@Tag("browser")
final class ConsoleLoginTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void cookie_isOutOfReachOfScriptsAndOtherSites() {
        assertThat(setCookie(ConsoleClient.login(server, "username", "password")))
                .startsWith("seatline-console=")
                .contains("HttpOnly", "SameSite=Strict", "Path=/")
                .doesNotContain("Secure", "Domain");
    }

    @Test
    void cookie_behindTls_goesNowhereElse() {
        try (var secure = TestServer.empty(Map.of("public.url", "https://pbx.example.com"))) {
            var form = ConsoleClient.form("username", "username", "password", "password");
            var answer = secure.sendTo(
                    URI.create("http://127.0.0.1:" + secure.port() + "/console/login"),
                    "POST",
                    form,
                    "Authorization",
                    "",
                    "Content-Type",
                    "application/x-www-form-urlencoded",
                    "Sec-Fetch-Site",
                    "same-origin");
            assertThat(setCookie(answer))
                    .startsWith("__Host-seatline-console=")
                    .contains("Secure", "HttpOnly", "SameSite=Strict", "Path=/");
        }
    }

    @Test
    void session_endsWhenTheCredentialIsRevoked() {
        server.operator("leaving", "leaving", "password");
        var staff = ConsoleClient.signIn(server, "leaving", "password");
        assertThat(staff.get("/console").statusCode()).isEqualTo(200);
        assertThat(change(handle -> Credentials.revoke(handle, "leaving", TestServer.TEST)))
                .isTrue();
        assertSignedOut(staff);
    }

    @Test
    void session_endsWhenTheCredentialGetsAnotherPassword() {
        server.operator("rotating", "rotating", "password");
        var staff = ConsoleClient.signIn(server, "rotating", "password");
        assertThat(change(handle -> Credentials.rotate(handle, "rotating", "another one", TestServer.TEST)))
                .isTrue();
        assertSignedOut(staff);
        ConsoleClient.signIn(server, "rotating", "another one");
    }

    @Test
    void signingOut_endsTheSession_andNotOnlyTheBrowsersCookie() {
        var staff = ConsoleClient.signIn(server, "username", "password");
        assertThat(staff.post("/console/sign-out").statusCode()).isEqualTo(303);
        assertSignedOut(staff);
    }

    @Test
    void wrongPasswordsTenTimes_areEnough() {
        server.operator("guessed", "guessed", "password");
        for (var i = 0; i < 10; i++) {
            assertThat(ConsoleClient.login(server, "guessed", "wrong" + i).statusCode())
                    .isEqualTo(401);
        }
        var refused = ConsoleClient.login(server, "guessed", "password");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(refused.body()).contains("Too many failed attempts: wait five minutes");
        // nobody else is locked out
        assertThat(ConsoleClient.login(server, "username", "password").statusCode())
                .isEqualTo(303);
    }

    /** Failures are kept by username: 64 kB each of them would fill the server's memory within a minute. */
    @Test
    void usernameThatNoCredentialCanHave_isRefused_andNotCounted() {
        var tooLong = "x".repeat(65);
        for (var i = 0; i < 11; i++) {
            assertThat(ConsoleClient.login(server, tooLong, "wrong").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void staff_isToldWhatIsWrong_andItsNameIsKept() {
        try (var visit = BrowserSession.byTelephone(server, "en")) {
            var page = visit.go("/console/customers");
            assertThat(page).hasURL(server.url() + "/console/login");
            page.getByLabel("Username").fill("username");
            page.getByLabel("Password").fill("not it");
            page.keyboard().press("Enter");
            assertThat(page.locator("[role=alert]")).hasText("Incorrect username or password.");
            assertThat(page.getByLabel("Username")).hasValue("username");
            assertThat(page.getByLabel("Password")).hasValue("");
            visit.look("console-login-wrong-dark");
            page.getByLabel("Password").fill("password");
            page.keyboard().press("Enter");
            assertThat(page).hasURL(server.url() + "/console");
        }
    }

    private static boolean change(HandleCallback<Boolean, RuntimeException> change) {
        return server.environment().database().jdbi().inTransaction(change);
    }

    private static void assertSignedOut(ConsoleClient staff) {
        var answer = staff.get("/console");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/console/login");
    }

    private static String setCookie(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Set-Cookie").orElseThrow();
    }
}
