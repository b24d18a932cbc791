package io.seatline.account;

import static io.seatline.jsonapi.ResourceType.flag;
import static io.seatline.jsonapi.ResourceType.text;
import static io.seatline.jsonapi.ResourceType.unsortedText;

import io.seatline.customer.CustomerType;
import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ResourceType;
import io.seatline.jsonapi.ResourceType.Attribute;
import io.seatline.jsonapi.ResourceType.Filter;
import io.seatline.jsonapi.ResourceType.Relationship;
import java.util.ArrayList;
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
            attributes(),
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

    private static List<Attribute<SipAccount>> attributes() {
        var attributes = new ArrayList<Attribute<SipAccount>>();
        for (var setting : Setting.ALL) {
            if (setting == Setting.USE_ALLOWED_IPS) {
                attributes.add(
                        flag("is_online", IS_ONLINE, account -> account.phone().online()));
                attributes.add(text(
                        "user_agent",
                        "(SELECT b.user_agent " + LIVE + " ORDER BY b.refreshed_at DESC LIMIT 1)",
                        account -> account.phone().userAgent()));
            }
            attributes.add(
                    Setting.EXTENSIONS.contains(setting) ? setting.attribute().onlyByName() : setting.attribute());
            if (setting == Setting.USERNAME) {
                // Sealed under a random nonce, the stored form has no order: see docs/decisions/0007.
                attributes.add(unsortedText(
                        "password", account -> account.settings().secret().password()));
            }
        }
        return attributes;
    }
}
