package io.seatline.registration;

import static io.seatline.jsonapi.ResourceType.text;
import static io.seatline.jsonapi.ResourceType.time;

import io.seatline.account.SipAccountType;
import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ResourceType;
import io.seatline.jsonapi.ResourceType.Filter;
import io.seatline.jsonapi.ResourceType.Relationship;
import java.util.List;
import java.util.Optional;

/** {@code blocked_sources} on the wire. */
public final class BlockedSourceType {
    /** Those of an account. */
    public static final Filter ACCOUNT = new Filter("sip_device_route.id", "a.account_id", Kind.UUID);

    /** The type. */
    public static final ResourceType<BlockedSource> BLOCKED_SOURCES = new ResourceType<>(
            "blocked_sources",
            true,
            blocked -> blocked.id().toString(),
            "a.id",
            List.of(
                    text("source", "a.source", BlockedSource::source),
                    text("username", "a.username", BlockedSource::username),
                    time("blocked_at", "a.blocked_at", BlockedSource::blockedAt),
                    time("expires_at", "a.expires_at", BlockedSource::expiresAt)),
            List.of(
                    new Filter("id", "a.id", Kind.UUID),
                    ACCOUNT,
                    new Filter("username", "a.username", Kind.STRING),
                    new Filter("source", "a.shown_source", Kind.STRING)),
            // Not included: the account's password is nothing that a list of attackers should carry.
            Optional.of(Relationship.linked(
                    "sip_device_route",
                    SipAccountType.SIP_ACCOUNTS,
                    blocked -> blocked.accountId().toString())));

    private BlockedSourceType() {}
}
