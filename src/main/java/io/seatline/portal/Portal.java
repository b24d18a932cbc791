package io.seatline.portal;

import inet.ipaddr.IPAddress;
import io.seatline.account.SipAccounts;
import io.seatline.web.Face;
import io.seatline.web.Face.Route;
import io.seatline.web.PageAnswer;
import io.seatline.web.PageSender;
import java.util.ArrayList;
import java.util.List;

/** The customers' pages, and what lies where. */
public final class Portal {
    static final String TEXTS = "io.seatline.portal.texts";

    private final List<Route<PortalVisitor>> routes = new ArrayList<>();

    /** The pages. */
    public Portal(SipAccounts accounts, LiveAccounts live, PortalEntrance entrance) {
        var list = new AccountListPages(accounts, live);
        get("/", request -> PageAnswer.redirect("/accounts"));
        get("/accounts", list::list);
        get("/accounts.csv", list::download);
        get("/accounts/events", list::events);
        post("/sign-out", entrance::signOut);
    }

    private void get(String path, Face.Page<PortalVisitor> page) {
        routes.add(new Route<>("GET", path, page));
    }

    private void post(String path, Face.Page<PortalVisitor> page) {
        routes.add(new Route<>("POST", path, page));
    }

    /** All of it, as the server serves it. */
    public Face<PortalVisitor> face(PortalEntrance entrance, List<IPAddress> trustedProxies, PageSender sender) {
        return new Face<>("/", TEXTS, entrance, trustedProxies, sender, routes);
    }
}
