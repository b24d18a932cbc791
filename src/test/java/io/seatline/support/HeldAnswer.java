package io.seatline.support;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The next answer from an address, made at once and held back from the page, as on a slow line. Those after it pass.
 */
public final class HeldAnswer {
    private final Page page;
    private @Nullable Route route;
    private @Nullable APIResponse response;

    private HeldAnswer(Page page) {
        this.page = page;
    }

    /** Holds back what the page asks for next of an address in which {@code address} is found. */
    public static HeldAnswer from(Page page, String address) {
        var held = new HeldAnswer(page);
        page.route(Pattern.compile(address), held::hold);
        return held;
    }

    private void hold(Route asked) {
        if (response != null) {
            asked.fallback();
            return;
        }
        response = asked.fetch();
        route = asked;
    }

    /** Waits until the server has answered. */
    public void isMade() {
        page.waitForCondition(() -> route != null);
    }

    /**
     * Lets the page have it, where it still waits for it; returns when the page has been answered something else after
     * it.
     */
    public void arrives() {
        isMade();
        if (route != null && response != null) {
            route.fulfill(new Route.FulfillOptions().setResponse(response));
        }
        page.evaluate("fetch(location.href).then(answer => answer.text())");
    }
}
