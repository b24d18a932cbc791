package io.seatline.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.account.SipAccounts;
import io.seatline.audit.Actor;
import io.seatline.http.Exchange;
import io.seatline.jsonapi.ApiException;
import io.seatline.jsonapi.Query;

/** {@code GET /provision?token=}: a softphone fetches an account's settings, once. */
public final class Provisioning {
    /** Where softphones ask. */
    public static final String PATH = "/provision";

    private static final String USED = """
            This link no longer works: it was used, it has expired, or a newer one has taken its place.
            Make a new one on the account's page "How to connect".
            """;

    private final ProvisioningLinks links;
    private final SipAccounts accounts;
    private final PhoneServer server;

    /** Gives settings of {@code accounts} away for {@code links}. */
    public Provisioning(ProvisioningLinks links, SipAccounts accounts, PhoneServer server) {
        this.links = links;
        this.accounts = accounts;
        this.server = server;
    }

    /** Answers; HEAD tells what GET would, and uses nothing up. */
    public void fetch(Exchange exchange) {
        exchange.set("Cache-Control", "no-store")
                .set("X-Content-Type-Options", "nosniff")
                .set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (exchange.method().equals("GET")) {
            var actor = new Actor("provisioning link", exchange.source().toCanonicalString(), exchange.id());
            links.take(token(exchange), actor)
                    .flatMap(target -> accounts.find(target.operatorId(), target.accountId(), false))
                    .ifPresentOrElse(
                            account -> exchange.set("Content-Type", "application/xml")
                                    .send(LinphoneConfig.of(account, server)),
                            () -> gone(exchange));
        } else if (!exchange.isHead()) {
            exchange.status(405).set("Allow", "GET, HEAD").send();
        } else if (links.isThere(token(exchange))) {
            exchange.set("Content-Type", "application/xml").send();
        } else {
            gone(exchange);
        }
    }

    private static void gone(Exchange exchange) {
        exchange.status(410).set("Content-Type", "text/plain; charset=utf-8").send(USED.getBytes(UTF_8));
    }

    /** Empty, which is nobody's, where there is none or the query can't be read. */
    private static String token(Exchange exchange) {
        try {
            return Query.parse(exchange.query()).parameters().getOrDefault("token", "");
        } catch (ApiException e) {
            return "";
        }
    }
}
