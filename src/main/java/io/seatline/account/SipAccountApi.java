package io.seatline.account;

import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.REQUIRE_SHA256;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;
import static io.seatline.account.SipAccountType.SIP_ACCOUNTS;

import io.seatline.api.ApiRequest;
import io.seatline.api.ApiResponse;
import io.seatline.api.ETags;
import io.seatline.api.OperatorApi.Route;
import io.seatline.jsonapi.ApiError;
import io.seatline.jsonapi.Document;
import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ListRequest;
import io.seatline.jsonapi.RequestDocument;
import io.seatline.jsonapi.Values;
import io.seatline.jsonapi.View;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * {@code /sip_device_routes}: an operator's systems see the accounts and set who may register; the rest is the
 * customer's.
 */
public final class SipAccountApi {
    private static final String USED = USE_ALLOWED_IPS.name();
    private static final String ENTRIES = ALLOWED_IPS.name();
    private static final String SHA256 = REQUIRE_SHA256.name();

    private final SipAccounts accounts;
    private final Document document;

    /** The API over {@code accounts}. */
    public SipAccountApi(SipAccounts accounts, Document document) {
        this.accounts = accounts;
        this.document = document;
    }

    /** What can be done where. */
    public List<Route> routes() {
        return List.of(
                new Route(SIP_ACCOUNTS.name(), Map.of("GET", this::list)),
                new Route(SIP_ACCOUNTS.name() + "/{id}", Map.of("GET", this::get, "PATCH", this::update)));
    }

    private ApiResponse list(ApiRequest request) {
        var list = ListRequest.parse(SIP_ACCOUNTS, request.query());
        var page = accounts.list(request.operatorId(), list);
        return ApiResponse.ok(document.list(list, page.rows(), page.recordCount()));
    }

    private ApiResponse get(ApiRequest request) {
        var view = View.parse(SIP_ACCOUNTS, request.query());
        var account = accounts.find(
                        request.operatorId(), id(request), view.included().isPresent())
                .orElseThrow(request::notFound);
        return ETags.fetched(request, account.version(), document.one(view, account));
    }

    private ApiResponse update(ApiRequest request) {
        var view = View.parse(SIP_ACCOUNTS, request.query());
        var body = RequestDocument.parse(request.body().get(), SIP_ACCOUNTS.name());
        body.requireId(request.id());
        body.relationships(Map.of());
        var values = new Values(body, List.of(USED, ENTRIES, SHA256));
        var updated = accounts.update(
                        request.operatorId(), id(request), view.included().isPresent(), request.actor(), account -> {
                            ETags.check(request, account.version());
                            return read(values, account);
                        })
                .orElseThrow(request::notFound);
        return ETags.changed(updated.version(), document.one(view, updated));
    }

    private static UUID id(ApiRequest request) {
        return Kind.uuid(request.id()).orElseThrow(request::notFound);
    }

    /** The settings that the request makes of the account's; throws when that breaks a rule. */
    private static AccountSettings read(Values values, SipAccount account) {
        var before = account.settings();
        var used = values.flag(USED, before.useAllowedIps());
        var list = values.has(ENTRIES)
                ? AllowList.parse(Objects.requireNonNullElse(values.text(ENTRIES, ""), ""))
                : before.allowedIps();
        var sha256 = values.flag(SHA256, before.requireSha256());
        values.reportAll(list.problems());
        values.finish();
        var after = before.with(USE_ALLOWED_IPS, used).with(ALLOWED_IPS, list).with(REQUIRE_SHA256, sha256);
        if (values.has(USED) || values.has(ENTRIES)) {
            for (var violation : after.closedToAll()) {
                values.report(ApiError.validation(
                        violation.attribute(),
                        violation.message(),
                        ApiError.Source.pointer("/data/attributes/" + (values.has(USED) ? USED : ENTRIES))));
            }
            values.finish();
        }
        if (values.has(SHA256)) {
            values.reportAll(after.unprovable());
            values.finish();
        }
        return after;
    }
}
