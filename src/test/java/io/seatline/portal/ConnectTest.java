package io.seatline.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.seatline.account.AccountSettings;
import io.seatline.account.NewAccount;
import io.seatline.account.PhoneSecret;
import io.seatline.account.Setting;
import io.seatline.support.BrowserSession;
import io.seatline.support.ExternalProgram;
import io.seatline.support.ExternalProgram.Tool;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** What a customer is told about connecting a phone, and the link from which a softphone learns it. */
@Tag("slow")
@Tag("browser")
final class ConnectTest {
    private static TestServer server;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

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

    /** A new account of the customer, with a name that XML and SIP must escape. */
    private static PhoneAccount account(String customerId, String username) {
        return account(customerId, username, new PhoneSecret.Password("<&\"'>]]>{horse}"));
    }

    private static PhoneAccount account(String customerId, String username, PhoneSecret secret) {
        var id = UUID.randomUUID();
        server.account(
                "test",
                new NewAccount(
                        id,
                        customerId,
                        AccountSettings.of(username, secret).with(Setting.CALLER_ID_NAME, "R&D \"ā\" <1>")));
        return new PhoneAccount(server, id.toString(), username);
    }

    private static String path(PhoneAccount account) {
        return "/accounts/" + account.id() + "/connect";
    }

    @Test
    void page_tellsWhatThePhoneNeeds_andCopiesIt() {
        var account = account("123", "desk");
        try (var visit = BrowserSession.of(server).asCustomer("123")) {
            var page = visit.go(path(account));
            assertThat(page.locator("#connect-server")).hasText("127.0.0.1");
            assertThat(page.locator("#connect-port")).hasText(Integer.toString(server.sipPort()));
            assertThat(page.locator("#connect-websocket")).hasText(server.url().replace("http:", "ws:") + "/sip");
            assertThat(page.locator("#connect-realm")).hasText("seatline");
            assertThat(page.locator("main")).containsText("Choose TCP");
            assertThat(page.content()).doesNotContain("horse");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Copy: Username"))
                    .click();
            assertThat(page.locator("#toast")).hasText("Copied");
            assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo("desk");
            visit.look("connect-en");
            button(page, "Show password").click();
            assertThat(page.locator("#connect-password-text")).hasText("<&\"'>]]>{horse}");
            button(page, "Copy: Password").click();
            page.waitForCondition(
                    () -> page.evaluate("navigator.clipboard.readText()").equals("<&\"'>]]>{horse}"));
            assertThat(page.url()).endsWith(path(account));
        }
    }

    /** It came from another server, with a hash of its password. */
    @Test
    void page_ofAnAccountWhosePasswordIsNotKnown_saysSo_andLeadsToANewOne() {
        var account = account("lv", "moved", PhoneSecret.Ha1.of("moved", "old.example", "x"));
        try (var visit = BrowserSession.byTelephone(server, "lv").asCustomer("lv")) {
            var page = visit.go(path(account));
            assertThat(page.locator("#connect-password")).containsText("old.example");
            assertThat(page.locator("#provisioning button")).hasCount(0);
            visit.look("connect-hash-lv");
            page.locator("#connect-password a").click();
            assertThat(page.locator("#password")).isVisible();
            assertThat(page.locator("#show-password")).hasCount(0);
            visit.look("form-hash-lv");
        }
    }

    @Test
    void code_isShownWhenItIsAskedFor_andLetsInOnce() throws Exception {
        var account = account("123", "mobile");
        try (var visit = BrowserSession.of(server).asCustomer("123")) {
            var page = visit.go(path(account));
            assertThat(page.locator(".qr")).hasCount(0);
            button(page, "Show QR code").click();
            assertThat(page.locator("#provisioning")).containsText("It expires:");
            assertThat(page.locator("#provisioning-title")).isFocused();
            visit.look("connect-code-en");
            var link = decode(page.locator(".qr"));
            assertThat(link).startsWith(server.url() + "/provision?token=");
            assertThat(page.url()).doesNotContain("token").endsWith(path(account));
            button(page, "Copy link").click();
            assertThat(page.locator("#toast")).hasText("Copied");
            assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(link);

            assertThat(fetch("HEAD", link).statusCode()).isEqualTo(200);
            var answer = fetch("GET", link);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/xml");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(entries(answer.body()))
                    .containsEntry("proxy_0/reg_proxy", "<sip:127.0.0.1:" + server.sipPort() + ";transport=tcp>")
                    .containsEntry("proxy_0/reg_identity", "\"R&D \\\"ā\\\" <1>\" <sip:mobile@127.0.0.1>")
                    .containsEntry("proxy_0/reg_expires", "3600")
                    .containsEntry("auth_info_0/username", "mobile")
                    .containsEntry("auth_info_0/realm", "seatline")
                    .containsEntry("auth_info_0/passwd", "<&\"'>]]>{horse}")
                    .containsEntry("misc/transient_provisioning", "1");
            assertGone(fetch("GET", link));
            assertThat(fetch("HEAD", link).statusCode()).isEqualTo(410);

            assertThat(audit(account)).isEqualTo("create customer 123 127.0.0.1, fetch provisioning link 127.0.0.1");
            assertThat(nothingKnows(link.substring(link.indexOf('=') + 1))).isTrue();
        }
    }

    @Test
    void code_latvianByTelephone_withoutTheScript() throws Exception {
        var account = account("lv", "velo");
        try (var visit = BrowserSession.byTelephone(server, "lv").asCustomer("lv")) {
            visit.go(path(account));
            visit.look("connect-lv-dark-360");
            // as where no script runs: the whole page is the answer
            visit.page().context().route("**/htmx.js*", route -> route.abort());
            var page = visit.go(path(account));
            button(page, "Rādīt QR kodu").click();
            assertThat(page.locator("h1")).containsText("velo");
            assertThat(page.locator("#provisioning")).containsText("Derīgs līdz:");
            assertThat(page.url()).isEqualTo(server.url() + path(account));
            visit.look("connect-code-lv-dark-360");
            assertThat(fetch("GET", decode(page.locator(".qr"))).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void link_thatIsReplacedOrExpired_opensNothing() throws Exception {
        var account = account("123", "late");
        try (var visit = BrowserSession.of(server).asCustomer("123")) {
            var page = visit.go(path(account));
            button(page, "Show QR code").click();
            var first = decode(page.locator(".qr"));
            button(page, "New QR code").click();
            page.waitForCondition(
                    () -> !page.locator("#connect-link").textContent().equals(first));
            var second = decode(page.locator(".qr"));
            assertThat(second).isNotEqualTo(first);
            assertGone(fetch("GET", first));
            server.database()
                    .run("UPDATE provisioning_links SET expires_at = now() - interval '1 second' WHERE account_id = '"
                            + account.id() + "'");
            assertThat(fetch("HEAD", second).statusCode()).isEqualTo(410);
            assertGone(fetch("GET", second));
            for (var query : List.of("", "?token=", "?token=a&token=b")) {
                assertGone(fetch("GET", server.url() + "/provision" + query));
            }
            assertThat(fetch("POST", second).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void link_usedByManyAtOnce_letsInOne() throws Exception {
        var account = account("123", "rush");
        try (var visit = BrowserSession.of(server).asCustomer("123");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var page = visit.go(path(account));
            button(page, "Show QR code").click();
            var link = decode(page.locator(".qr"));
            var fetches = IntStream.range(0, 8)
                    .<Callable<Integer>>mapToObj(i -> () -> fetch("GET", link).statusCode())
                    .toList();
            var statuses = threads.invokeAll(fetches).stream()
                    .map(future -> future.resultNow())
                    .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
            assertThat(statuses).isEqualTo(Map.of(200, 1L, 410, 7L));
        }
    }

    @Test
    void linphone_thatKnowsTheLinkAlone_registers() throws Exception {
        var account = account("123", "linphone");
        try (var visit = BrowserSession.of(server).asCustomer("123")) {
            var page = visit.go(path(account));
            button(page, "Show QR code").click();
            // It does not start where it can't keep its call history.
            var _ = Files.createDirectories(directory.resolve(".local/share/linphone"));
            var config = directory.resolve("linphonerc");
            Files.writeString(config, """
                    [misc]
                    config-uri=%s
                    [sip]
                    sip_port=-1
                    sip_tcp_port=-1
                    sip_tls_port=-1
                    """.formatted(decode(page.locator(".qr"))));
            try (var linphone = ExternalProgram.start(Tool.LINPHONE_DAEMON, directory, "--config", config.toString())) {
                linphone.until(account::isOnline);
                assertThat(server.text("SELECT transport FROM bindings WHERE account_id = '" + account.id() + "'"))
                        .isEqualTo("TCP");
                linphone.type("quit");
                linphone.until(() -> !account.isOnline());
                var _ = linphone.ended();
            }
            // The link was used up: it goes on without it.
            assertThat(Files.readString(config)).contains("reg_proxy").doesNotContain("/provision?token=");
            try (var linphone = ExternalProgram.start(Tool.LINPHONE_DAEMON, directory, "--config", config.toString())) {
                linphone.until(account::isOnline);
            }
        }
    }

    @Test
    void host_thatIsSet_isWhatPhonesAreTold() {
        var account = account("123", "elsewhere");
        var other = server.another(Map.of("sip.public.host", "[2001:db8::5]"));
        try (var visit = BrowserSession.of(other).asCustomer("123")) {
            var page = visit.go(path(account));
            assertThat(page.locator("#connect-server")).hasText("2001:db8::5");
            button(page, "Show QR code").click();
            var xml = fetch("GET", page.locator("#connect-link").textContent()).body();
            assertThat(xml).contains("sip:[2001:db8::5]:" + other.sipPort(), "sip:elsewhere@[2001:db8::5]");
        } finally {
            other.stop();
        }
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    /**
     * As a phone's camera does: held in another way when the reader makes nothing of one picture, as of one in some
     * hundred and fifty.
     */
    private static String decode(Locator code) throws IOException {
        var picture = ImageIO.read(new ByteArrayInputStream(code.screenshot()));
        for (var degrees = 0; degrees < 360; degrees += 30) {
            try {
                return new QRCodeReader().decode(held(picture, degrees)).getText();
            } catch (ReaderException e) {
                // turned a little further, then
            }
        }
        throw new AssertionError("no camera can read the QR code");
    }

    private static BinaryBitmap held(BufferedImage picture, int degrees) {
        var side = picture.getWidth() * 3 / 2;
        var seen = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        var graphics = seen.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, side, side);
        graphics.rotate(Math.toRadians(degrees), side / 2.0, side / 2.0);
        graphics.drawImage(picture, (side - picture.getWidth()) / 2, (side - picture.getHeight()) / 2, null);
        var pixels = seen.getRGB(0, 0, side, side, null, 0, side);
        return new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(side, side, pixels)));
    }

    private static HttpResponse<String> fetch(String method, String link) {
        return server.sendTo(URI.create(link), method, null, "Authorization", "", "Content-Type", "");
    }

    private static void assertGone(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.body()).contains("Make a new one").doesNotContain("horse");
    }

    private static Map<String, String> entries(String xml) throws Exception {
        var document = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getNamespaceURI())
                .isEqualTo("http://www.linphone.org/xsds/lpconfig.xsd");
        var entries = document.getElementsByTagNameNS("*", "entry");
        return IntStream.range(0, entries.getLength())
                .mapToObj(i -> (Element) entries.item(i))
                .collect(Collectors.toMap(
                        entry -> ((Element) entry.getParentNode()).getAttribute("name") + "/"
                                + entry.getAttribute("name"),
                        Element::getTextContent));
    }

    private static String audit(PhoneAccount account) {
        return server.text("SELECT string_agg(action || ' ' || actor || ' ' || host(source), ', ' ORDER BY at)"
                + " FROM audit WHERE type = 'provisioning_links' AND subject = '" + account.id() + "'");
    }

    /** Whether neither the access log nor the audit has the token. */
    private static boolean nothingKnows(String token) throws IOException {
        return !Files.readString(server.directory().resolve("access.log")).contains(token)
                && server.text("SELECT string_agg(a::text, ' ') FROM audit a").indexOf(token) < 0;
    }
}
