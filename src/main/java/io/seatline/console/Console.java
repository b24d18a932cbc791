package io.seatline.console;

import io.seatline.account.SipAccounts;
import io.seatline.http.PathPattern;
import io.seatline.portal.PortalLogin;
import io.seatline.registration.Registrations;
import io.seatline.session.SessionLinks;
import io.seatline.web.PageSender;
import io.seatline.web.WebApp;
import io.seatline.web.WebApp.Route;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The operator's pages, and what lies where. */
public final class Console {
    /** Where its first page is. */
    public static final String HOME = "/console";

    static final String TEXTS = "io.seatline.console.texts";

    private final List<Route<ConsolePrincipal>> routes = new ArrayList<>();

    /** The pages over the database behind {@code jdbi}. */
    public Console(
            Jdbi jdbi,
            SipAccounts accounts,
            Registrations registrations,
            SessionLinks links,
            PortalLogin portal,
            ConsoleLogin login) {
        get(HOME, new StartPage(jdbi)::show);
        var online = new RegistrationPages(jdbi);
        get(RegistrationPages.PATH, online::list);
        post(RegistrationPages.PATH + "/kick", online::kick);
        var abuse = new AbusePages(jdbi);
        get(AbusePages.PATH, abuse::show);
        post(AbusePages.PATH + "/unblock", abuse::unblock);
        get(AbusePages.PATH + "/unblock-all", abuse::askUnblockAll);
        post(AbusePages.PATH + "/unblock-all", abuse::unblockAll);
        get(AuditPages.PATH, new AuditPages(jdbi)::show);
        post("/console/sign-out", login::signOut);

        var entry = new CustomerEntry(jdbi, accounts, links, portal);
        var customers = new CustomerPages(jdbi);
        var deletion = new CustomerDeletion(jdbi);
        get("/console/customers", new CustomerListPages(jdbi, accounts)::list);
        // beside the customers and not below them, since "new" is an id that a customer may have
        get("/console/new-customer", customers::create);
        post("/console/new-customer", customers::created);
        get("/console/customers/{id}", customers::edit);
        post("/console/customers/{id}", customers::edited);
        get("/console/customers/{id}/delete", deletion::ask);
        post("/console/customers/{id}/delete", deletion::delete);
        post("/console/customers/{id}/open", entry::open);
        post("/console/customers/{id}/link", entry::link);

        var account = new ConsoleAccountPages(accounts, registrations);
        get("/console/accounts", new ConsoleAccountListPages(accounts)::list);
        get("/console/accounts/{id}", account::show);
        post("/console/accounts/{id}/kick", account::kick);
        post("/console/accounts/{id}/open", entry::openAccount);
    }

    private void get(String path, WebApp.Page<ConsolePrincipal> page) {
        routes.add(new Route<>("GET", new PathPattern(path), page));
    }

    private void post(String path, WebApp.Page<ConsolePrincipal> page) {
        routes.add(new Route<>("POST", new PathPattern(path), page));
    }

    /** All of it, as the server serves it. */
    public WebApp<ConsolePrincipal> face(ConsoleLogin login, PageSender sender) {
        return new WebApp<>(HOME, TEXTS, login, sender, routes);
    }
}
