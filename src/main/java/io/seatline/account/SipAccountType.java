package io.seatline.account;

import static io.seatline.jsonapi.ResourceType.flag;
import static io.seatline.jsonapi.ResourceType.number;
import static io.seatline.jsonapi.ResourceType.text;
import static io.seatline.jsonapi.ResourceType.unsortedText;

import io.seatline.customer.CustomerType;
import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ResourceType;
import io.seatline.jsonapi.ResourceType.Filter;
import io.seatline.jsonapi.ResourceType.Relationship;
import java.util.List;
import java.util.Optional;

/** {@code sip_device_routes} on the wire, the attributes in the order of the contract's page. */
public final class SipAccountType {
    private static final String LIVE = "FROM bindings b WHERE b.account_id = a.id AND b.expires_at > now()";

    private static final String IS_ONLINE = "EXISTS (SELECT " + LIVE + ")";

    /** Those of a customer. */
    public static final Filter CUSTOMER = new Filter("customer.id", "a.customer_id", Kind.STRING);

    /** Those that a phone is registered with, or the others; an extension of the contract. */
    public static final Filter ONLINE = new Filter("is_online", IS_ONLINE, Kind.CONDITION);

    /** What people search by, in the pages only: the API's filters are exact. */
    public static final Filter SEARCHED = new Filter(
            "search",
            "concat_ws(chr(10), a.username, a.caller_id_name, a.internal_caller_id, a.external_caller_id)",
            Kind.CONTAINED);

    /** The type. */
    public static final ResourceType<SipAccount> SIP_ACCOUNTS = new ResourceType<>(
            "sip_device_routes",
            true,
            account -> account.id().toString(),
            "a.id",
            List.of(
                    text("username", "a.username", SipAccount::username),
                    // Sealed under a random nonce, the stored form has no order: see docs/decisions/0007.
                    unsortedText("password", account -> account.secret().get().password()),
                    flag(
                            "incoming_internal",
                            "a.incoming_internal",
                            account -> account.recording().incomingInternal()),
                    flag(
                            "incoming_external",
                            "a.incoming_external",
                            account -> account.recording().incomingExternal()),
                    flag(
                            "outgoing_internal",
                            "a.outgoing_internal",
                            account -> account.recording().outgoingInternal()),
                    flag(
                            "outgoing_external",
                            "a.outgoing_external",
                            account -> account.recording().outgoingExternal()),
                    flag(
                            "on_demand",
                            "a.on_demand",
                            account -> account.recording().onDemand()),
                    text("caller_id_name", "a.caller_id_name", SipAccount::callerIdName),
                    number("internal_caller_id", "a.internal_caller_id", SipAccount::internalCallerId),
                    number("external_caller_id", "a.external_caller_id", SipAccount::externalCallerId),
                    flag("allow_external_calls", "a.allow_external_calls", SipAccount::allowExternalCalls),
                    flag("is_online", IS_ONLINE, SipAccount::online),
                    text(
                            "user_agent",
                            "(SELECT b.user_agent " + LIVE + " ORDER BY b.refreshed_at DESC LIMIT 1)",
                            SipAccount::userAgent),
                    flag("use_allowed_ips", "a.use_allowed_ips", SipAccount::useAllowedIps),
                    text("allowed_ips", "array_to_string(a.allowed_ips, ',')", SipAccount::allowedIps),
                    // an extension of the contract, see docs/decisions/0018
                    flag("require_sha256", "a.require_sha256", SipAccount::requireSha256)
                            .onlyByName()),
            List.of(
                    new Filter("id", "a.id", Kind.UUID),
                    CUSTOMER,
                    new Filter("username", "a.username", Kind.STRING),
                    new Filter("caller_id_name", "a.caller_id_name", Kind.STRING),
                    new Filter("allow_external_calls", "a.allow_external_calls", Kind.BOOLEAN),
                    new Filter("internal_caller_id", "a.internal_caller_id", Kind.INTEGER),
                    new Filter("external_caller_id", "a.external_caller_id", Kind.INTEGER),
                    ONLINE),
            Optional.of(Relationship.included(
                    "customer", CustomerType.CUSTOMERS, SipAccount::customerId, SipAccount::customer)));

    private SipAccountType() {}
}
