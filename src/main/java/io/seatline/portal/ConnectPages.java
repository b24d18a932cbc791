package io.seatline.portal;

import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts;
import io.seatline.provisioning.PhoneServer;
import io.seatline.provisioning.Provisioning;
import io.seatline.provisioning.ProvisioningLinks;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a phone must be told to use an account, and a QR code by which a softphone learns it. */
public final class ConnectPages {
    private static final String PAGE = "portal/connect.jte";

    private final SipAccounts accounts;
    private final ProvisioningLinks links;
    private final PhoneServer server;

    ConnectPages(SipAccounts accounts, ProvisioningLinks links, PhoneServer server) {
        this.accounts = accounts;
        this.links = links;
        this.server = server;
    }

    /**
     * Something to be copied into a phone.
     *
     * @param id of its element on the page
     * @param label its text's key
     */
    public record Fact(String id, String label, String value) {}

    /** A link as a picture, until it expires. */
    public record Link(QrCode code, String address, Instant expiresAt) {}

    /**
     * The page.
     *
     * @param choice the key of the sentence that says which transport to choose
     * @param readable whether a link's answer could be read on its way
     * @param password null until it is asked for
     * @param link null until it is asked for
     */
    public record ConnectView(
            SipAccount account,
            List<Fact> facts,
            String choice,
            boolean readable,
            @Nullable String password,
            @Nullable Link link) {}

    PageResponse show(PageRequest<PortalPrincipal> request) {
        return PageResponse.html(PAGE, view(OwnAccounts.find(accounts, request), null, null));
    }

    /** Shows the password. A POST, so that no address and no prefetch does. */
    PageResponse password(PageRequest<PortalPrincipal> request) {
        var account = OwnAccounts.find(accounts, request);
        return PageResponse.html(
                request.part().isPresent() ? "portal/connectPassword.jte" : PAGE,
                view(account, account.settings().secret().password(), null));
    }

    /**
     * Makes a link and answers with it: an address to go on to would have to hold the secret, or to find it somewhere.
     */
    PageResponse makeLink(PageRequest<PortalPrincipal> request) {
        var account = OwnAccounts.find(accounts, request);
        var link = account.settings().secret().realm() == null ? link(request, account) : null;
        return PageResponse.html(
                request.part().isPresent() ? "portal/connectLink.jte" : PAGE, view(account, null, link));
    }

    private Link link(PageRequest<PortalPrincipal> request, SipAccount account) {
        var made = links.make(request.principal().scope(), account, request.actor())
                .orElseThrow(() -> OwnAccounts.notFound(request));
        var address = server.publicUrl() + Provisioning.PATH + "?token=" + made.token();
        return new Link(QrCode.of(address), address, made.expiresAt());
    }

    private ConnectView view(SipAccount account, @Nullable String password, @Nullable Link link) {
        return new ConnectView(account, facts(account), choice(), server.readable(), password, link);
    }

    private List<Fact> facts(SipAccount account) {
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("server", "connect.server", server.host()));
        facts.add(new Fact("port", "connect.port", Integer.toString(server.port())));
        server.tlsPort().ifPresent(port -> facts.add(new Fact("tls-port", "connect.port.tls", Integer.toString(port))));
        facts.add(new Fact("websocket", "connect.websocket", server.webSocket()));
        facts.add(new Fact(
                "realm",
                "connect.realm",
                Objects.requireNonNullElse(account.settings().secret().realm(), server.realm())));
        facts.add(new Fact("username", "connect.username", account.username()));
        return facts;
    }

    private String choice() {
        if (server.tlsPort().isEmpty()) {
            return "connect.choose.tcp";
        }
        return server.trusted() ? "connect.choose.tls" : "connect.choose.untrusted";
    }
}
