package io.seatline.support;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import io.seatline.validation.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;

/**
 * A person at a browser: Debian's Chromium, without the windows that nobody sees, with a fresh profile. Closing checks
 * what holds for every page: no script failed, nothing was against the content security policy, and no other host was
 * asked.
 */
public final class BrowserSession implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium-headless-shell");
    private static final Pattern GIVEN_UP = Pattern.compile("htmx:(sendAbort|afterRequest), \\[object HTML\\w+\\]");

    /** Only what is wrong comes back: all that axe-core says of a page takes longer to send and read than to find. */
    private static final String VIOLATIONS = """
            () => axe.run({
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                resultTypes: ['violations']
            }).then(found => found.violations.flatMap(
                rule => rule.nodes.map(node => `${rule.impact} ${rule.id}: ${node.html}`)))""";

    private static final String AXE = "() => {" + AxeBuilder.getAxeScript() + "}";

    /** A browser for each thread that runs tests: the library's objects belong to the thread that made them. */
    private static final ThreadLocal<Browser> BROWSER = ThreadLocal.withInitial(BrowserSession::launch);

    /** How long what is about to be on a page may take, on a machine that has other work too. */
    private static final int PATIENCE = 30_000;

    private static final RequestOptions NO_FURTHER = RequestOptions.create().setMaxRedirects(0);

    private final TestServer server;
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    /** Where somebody comes to who signs in. */
    private String start = "";

    private BrowserSession(TestServer server, String locale, int width, ColorScheme colours) {
        this.server = server;
        context = BROWSER.get()
                .newContext(new Browser.NewContextOptions()
                        .setLocale(locale)
                        .setTimezoneId("Europe/Vilnius")
                        .setColorScheme(colours)
                        .setViewportSize(width, 800)
                        .setBaseURL(server.url()));
        context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        context.setDefaultTimeout(PATIENCE);
        context.onRequest(request -> {
            if (!request.url().startsWith(server.url()) && !request.url().startsWith("data:")) {
                complaints.add("another host was asked: " + request.url());
            }
        });
        context.onWebError(error -> complaints.add("a script failed: " + error.error()));
        context.onConsoleMessage(message -> {
            // that an answer was no success, or a stream of events broke off (htmx logs that), is the test's own
            // business; so is a request that was given up for a newer one (a broken one is logged as more than this)
            if (message.type().equals("error")
                    && !GIVEN_UP.matcher(message.text()).matches()
                    && !message.text().startsWith("Failed to load resource")
                    && !message.text().equals("[object Event]")) {
                complaints.add("the browser complains: " + message.text());
            }
        });
        page = context.newPage();
        setDefaultAssertionTimeout(PATIENCE);
    }

    private static Browser launch() {
        if (!Files.isExecutable(CHROMIUM)) {
            throw new AssertionError(CHROMIUM + " is not there; install it as root:"
                    + " apt-get install --no-install-recommends chromium-headless-shell");
        }
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
        return browser;
    }

    /** Somebody with a desk and an English browser, not signed in. */
    public static BrowserSession of(TestServer server) {
        return of(server, "en");
    }

    /** Somebody with a browser in another language. */
    public static BrowserSession of(TestServer server, String locale) {
        return new BrowserSession(server, locale, 1280, ColorScheme.LIGHT);
    }

    /** Somebody with a small telephone, in the dark. */
    public static BrowserSession byTelephone(TestServer server, String locale) {
        return new BrowserSession(server, locale, 360, ColorScheme.DARK);
    }

    /** By a new link of the customer's. */
    public BrowserSession asCustomer(String customerId) {
        return signedIn(context.request().get(link("sessions", customerId), NO_FURTHER), "/accounts");
    }

    /** By a new link of the operator's staff for the customer. */
    public BrowserSession asStaffFor(String customerId) {
        return signedIn(context.request().get(link("customer_admin_sessions", customerId), NO_FURTHER), "/accounts");
    }

    /** With the demo's credential, at the console. */
    public BrowserSession asOperator() {
        var credential = RequestOptions.create()
                .setMaxRedirects(0)
                .setHeader("Sec-Fetch-Site", "same-origin")
                .setForm(FormData.create().set("username", "username").set("password", "password"));
        return signedIn(context.request().post(server.url() + "/console/login", credential), "/console");
    }

    /**
     * The browser has the cookie then; the page that one comes to is shown when it is asked for, unless one goes to
     * another first.
     */
    private BrowserSession signedIn(APIResponse answer, String start) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
        this.start = start;
        return this;
    }

    /**
     * A new link for the customer: of {@code sessions}, or of {@code customer_admin_sessions} for the operator's staff.
     */
    public String link(String type, String customerId) {
        var answer = server.post(
                "/" + type,
                "{\"data\": {\"type\": \"" + type
                        + "\", \"relationships\": {\"customer\": {\"data\": {\"type\": \"customers\", \"id\": \""
                        + customerId + "\"}}}}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return TestServer.json(answer).at("/data/attributes/uri").asString();
    }

    public Page page() {
        if (page.url().equals("about:blank") && !start.isEmpty()) {
            page.navigate(server.url() + start);
        }
        return page;
    }

    public Page go(String path) {
        page.navigate(path.startsWith("/") ? server.url() + path : path);
        return page;
    }

    public BrowserContext context() {
        return context;
    }

    /**
     * Keeps what is to be seen as {@code target/screenshots/NAME.jpg}; checks that a screen reader can make sense of
     * it.
     */
    public void look(String name) {
        page().screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".jpg"))
                .setFullPage(true));
        if ((boolean) page.evaluate("!window.axe")) {
            page.evaluate(AXE);
        }
        assertThat(page.evaluate(VIOLATIONS))
                .as("accessibility of " + name)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isEmpty();
        assertThat((boolean)
                        page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as("everything is within the width of the screen at " + name)
                .isTrue();
    }

    @Override
    public void close() {
        context.close();
        assertThat(complaints).isEmpty();
    }

    /** The languages that the customers' pages are in, as browsers call them. */
    public static Stream<String> languages() {
        return Arrays.stream(Language.values()).map(Language::tag);
    }
}
