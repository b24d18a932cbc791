package io.seatline.portal;

import static java.nio.charset.StandardCharsets.UTF_8;

import inet.ipaddr.IPAddress;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.seatline.account.SipAccounts;
import io.seatline.audit.Actor;
import io.seatline.http.RequestLog;
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
    public void fetch(ServerRequest request, ServerResponse response, IPAddress source) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        response.header(HeaderNames.create("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
        var method = request.prologue().method();
        if (method.equals(Method.GET)) {
            var actor = new Actor(
                    "provisioning link",
                    source.toCanonicalString(),
                    RequestLog.trace(request).requestId());
            links.take(token(request), actor)
                    .flatMap(target -> accounts.find(target.operatorId(), target.accountId(), false))
                    .ifPresentOrElse(
                            account -> {
                                response.header(HeaderNames.CONTENT_TYPE, "application/xml");
                                response.send(LinphoneConfig.of(account, server));
                            },
                            () -> gone(response, true));
        } else if (method.equals(Method.HEAD)) {
            if (links.isThere(token(request))) {
                response.header(HeaderNames.CONTENT_TYPE, "application/xml");
                response.send();
            } else {
                gone(response, false);
            }
        } else {
            response.status(Status.METHOD_NOT_ALLOWED_405);
            response.header(HeaderNames.ALLOW, "GET, HEAD");
            response.send();
        }
    }

    private static void gone(ServerResponse response, boolean withText) {
        response.status(Status.GONE_410);
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        if (withText) {
            response.send(USED.getBytes(UTF_8));
        } else {
            response.send();
        }
    }

    /** Empty, which is nobody's, where there is none or the query can't be read. */
    private static String token(ServerRequest request) {
        try {
            return Query.parse(request.query().rawValue()).parameters().getOrDefault("token", "");
        } catch (ApiException e) {
            return "";
        }
    }
}
