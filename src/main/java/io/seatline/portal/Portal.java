package io.seatline.portal;

import io.seatline.account.SipAccounts;
import io.seatline.http.PathPattern;
import io.seatline.provisioning.PhoneServer;
import io.seatline.provisioning.ProvisioningLinks;
import io.seatline.registration.Blocks;
import io.seatline.registration.Registrations;
import io.seatline.web.PageResponse;
import io.seatline.web.PageSender;
import io.seatline.web.WebApp;
import io.seatline.web.WebApp.Route;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The customers' pages, and what lies where. */
public final class Portal {
    static final String TEXTS = "io.seatline.portal.texts";

    private final List<Route<PortalPrincipal>> routes = new ArrayList<>();

    /** The pages. */
    public Portal(
            Jdbi jdbi,
            SipAccounts accounts,
            Registrations registrations,
            LiveAccounts live,
            ProvisioningLinks links,
            PhoneServer phoneServer,
            PortalLogin login) {
        var list = new AccountListPages(accounts, live);
        get("/", request -> PageResponse.redirect("/accounts"));
        get("/accounts", list::list);
        get("/accounts.csv", list::download);
        get("/accounts/events", list::events);
        post("/sign-out", login::signOut);
        post("/language", new LanguagePages(jdbi)::choose);

        var form = new AccountFormPages(accounts);
        get("/accounts/new", form::fresh);
        get("/accounts/new/seats", form::seats);
        post("/accounts", form::create);
        get("/accounts/{id}", form::settings);
        post("/accounts/{id}", form::save);
        var help = new AccountFormHelp(form, accounts);
        post("/accounts/{id}/generate", help::generate);
        post("/accounts/{id}/addresses", help::addresses);
        post("/accounts/{id}/password", help::password);
        var connect = new ConnectPages(accounts, links, phoneServer);
        get("/accounts/{id}/connect", connect::show);
        post("/accounts/{id}/connect", connect::makeLink);
        post("/accounts/{id}/connect/password", connect::password);
        var registered = new RegistrationPages(accounts, registrations, new Blocks(jdbi));
        get("/accounts/{id}/registrations", registered::show);
        post("/accounts/{id}/registrations/{id}/kick", registered::kick);
        post("/accounts/{id}/allow", registered::allow);
        post("/accounts/{id}/blocked/{id}/unblock", registered::unblock);
        var delete = new AccountDeletePages(accounts, registrations);
        get("/accounts/{id}/delete", delete::ask);
        post("/accounts/{id}/delete", delete::delete);
    }

    private void get(String path, WebApp.Page<PortalPrincipal> page) {
        routes.add(new Route<>("GET", new PathPattern(path), page));
    }

    private void post(String path, WebApp.Page<PortalPrincipal> page) {
        routes.add(new Route<>("POST", new PathPattern(path), page));
    }

    /** All of it, as the server serves it. */
    public WebApp<PortalPrincipal> face(PortalLogin login, PageSender sender) {
        return new WebApp<>("/", TEXTS, login, sender, routes);
    }
}
