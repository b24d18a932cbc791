package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocket;
import io.seatline.support.Await;
import io.seatline.support.BrowserSession;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JsSIP and SIP.js in a browser, over WebSocket (RFC 7118). JsSIP sends no keep-alives.
 */
@SuppressWarnings("NullAway.Init")
@Timeout(60)
@Tag("slow")
@Tag("browser")
final class BrowserPhonesTest {
    private static final Path PAGE = Path.of("src/test/resources/sip/browser/phones.html");

    /** Where {@code bin/test} has npm put what {@code package.json}, beside the page, names. */
    private static final Path PACKAGES = Path.of("target/browser-phones");

    private static TestServer server;
    private static BrowserSession browser;
    private static Page page;

    @BeforeAll
    static void start() {
        assertThat(PACKAGES.resolve("node_modules"))
                .as("the phones, which bin/test has npm install")
                .isDirectory();
        server = TestServer.empty(Map.of("sip.expires.min", "5s"));
        server.customer("test", "123", null);
        browser = BrowserSession.of(server);
        // what Chromium asks its user for, before a page of unknown origin reaches a server on this machine
        browser.context().grantPermissions(List.of("local-network-access"));
        browser.context().route("**/phones.html", route -> send(route, PAGE));
        browser.context().route("**/node_modules/**", BrowserPhonesTest::sendPackaged);
        page = browser.go("/phones.html");
    }

    private static void sendPackaged(Route route) {
        var path = URI.create(route.request().url()).getPath().substring(1);
        send(route, PACKAGES.resolve(path));
    }

    private static void send(Route route, Path file) {
        route.fulfill(new Route.FulfillOptions().setPath(file));
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JsSIP", "SIP.js"})
    void phone_isOnlineUntilItUnregisters(String program) {
        var account = PhoneAccount.create(server, program + ".online");
        var phone = BrowserPhone.of(program, server, account, 600);
        assertThat(phone.registers()).isTrue();
        assertThat(account.isOnline()).isTrue();
        assertThat(account.userAgent()).startsWith(program);
        assertThat(binding(account, "transport")).isEqualTo("WS");
        phone.stops();
        assertThat(account.isOnline()).isFalse();
        assertThat(account.userAgent()).isEmpty();
    }

    /** Each finds its own lease in an answer that has the others' too: where it could not, JsSIP took the first. */
    @Test
    void phonesOfOneAccount_refreshEachAtItsOwnTime() {
        var account = PhoneAccount.create(server, "shared");
        try (var desk = Phone.at(server, account.username(), PhoneAccount.PASSWORD)) {
            assertThat(desk.registers().status()).isEqualTo(200);
            var jsSip = BrowserPhone.of("JsSIP", server, account, 10);
            var sipJs = BrowserPhone.of("SIP.js", server, account, 5);
            assertThat(jsSip.registers()).isTrue();
            assertThat(sipJs.registers()).isTrue();
            // JsSIP comes back 5 s before the end, SIP.js after half of the time, as it is told
            Await.until(() -> refreshedAfter(account, "JsSIP", "4.5 s") && refreshedAfter(account, "SIP.js", "2.2 s"));
            jsSip.stops();
            sipJs.stops();
            assertThat(account.bindings()).isOne();
            assertThat(account.userAgent()).isEqualTo(Phone.AGENT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"JsSIP", "SIP.js"})
    void phone_thatAsksForTooShortATime_takesWhatItIsTold(String program) {
        var account = PhoneAccount.create(server, program + ".short");
        var phone = BrowserPhone.of(program, server, account, 1);
        assertThat(phone.registers()).isTrue();
        assertThat(binding(account, "expires_at >= refreshed_at + interval '5 s'"))
                .isEqualTo("t");
        phone.stops();
    }

    /** Of several challenges both see the last, and neither does SHA-256. */
    @ParameterizedTest
    @CsvSource({"'SHA-256,MD5', true", "'MD5,SHA-256', false", "SHA-256, false"})
    void phone_thatIsOfferedSha256_getsInWhereMd5StandsLast(String offered, boolean getsIn) {
        var account = PhoneAccount.create(server, offered.replace(',', '.'));
        var node = server.another(Map.of("sip.digest", offered, "sip.sha256.agents", "JsSIP, SIP.js"));
        try {
            for (var program : List.of("JsSIP", "SIP.js")) {
                var phone = BrowserPhone.of(program, node, account, 600);
                assertThat(phone.registers()).as(program).isEqualTo(getsIn);
                assertThat(account.isOnline()).as(program).isEqualTo(getsIn);
                phone.stops();
            }
        } finally {
            node.stop();
        }
    }

    /** RFC 5626 section 3.5.1: two line ends are answered with one. */
    @Test
    void sipJs_keepsItsConnectionAlive() {
        var account = PhoneAccount.create(server, "alive");
        var phone = BrowserPhone.of("SIP.js", server, account, 600);
        var connection =
                page.waitForWebSocket(() -> assertThat(phone.registers()).isTrue());
        var _ = connection.waitForFrameSent(
                new WebSocket.WaitForFrameSentOptions()
                        .setPredicate(frame -> frame.text().equals("\r\n\r\n")),
                () -> {});
        var _ = connection.waitForFrameReceived(
                new WebSocket.WaitForFrameReceivedOptions()
                        .setPredicate(frame -> frame.text().equals("\r\n")),
                () -> {});
        phone.stops();
    }

    private static boolean refreshedAfter(PhoneAccount account, String program, String time) {
        return server.text("SELECT refreshed_at - first_seen_at > interval '" + time
                        + "' FROM bindings WHERE account_id = '" + account.id() + "' AND user_agent LIKE '" + program
                        + "%'")
                .equals("t");
    }

    /** What {@code expression} is of the account's one binding. */
    private static String binding(PhoneAccount account, String expression) {
        return server.text("SELECT " + expression + " FROM bindings WHERE account_id = '" + account.id() + "'");
    }

    private record BrowserPhone(JSHandle phone) {
        static BrowserPhone of(String program, TestServer server, PhoneAccount account, int expires) {
            return new BrowserPhone(page.evaluateHandle(
                    "([program, options]) => phones[program](options)",
                    List.of(
                            program,
                            Map.of(
                                    "server",
                                    server.url().replace("http:", "ws:") + "/sip",
                                    "username",
                                    account.username(),
                                    "password",
                                    PhoneAccount.PASSWORD,
                                    "expires",
                                    expires,
                                    "keepAliveInterval",
                                    1))));
        }

        /** Whether it got in. */
        boolean registers() {
            return (boolean) phone.evaluate("phone => phone.register()");
        }

        void stops() {
            phone.evaluate("phone => phone.stop()");
        }
    }
}
