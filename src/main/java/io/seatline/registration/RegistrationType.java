package io.seatline.registration;

import static io.seatline.jsonapi.ResourceType.number;
import static io.seatline.jsonapi.ResourceType.text;
import static io.seatline.jsonapi.ResourceType.time;

import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ResourceType;
import io.seatline.jsonapi.ResourceType.Filter;
import java.util.List;
import java.util.Optional;

/** {@code registrations} on the wire. */
public final class RegistrationType {
    /** Those of an account, which a request names in its path. */
    static final Filter ACCOUNT = new Filter("sip_device_route.id", "a.account_id", Kind.UUID);

    /** The type. */
    public static final ResourceType<Registration> REGISTRATIONS = new ResourceType<>(
            "registrations",
            false,
            registration -> registration.id().toString(),
            "a.id",
            List.of(
                    text("contact", "a.contact", Registration::contact),
                    text("source_address", "a.source", Registration::sourceAddress),
                    number("source_port", "a.source_port", Registration::sourcePort),
                    text("transport", "a.transport", Registration::transport),
                    text("user_agent", "a.user_agent", Registration::userAgent),
                    time("expires_at", "a.expires_at", Registration::expiresAt),
                    number("expires_in", "a.expires_at", Registration::expiresIn),
                    time("first_seen_at", "a.first_seen_at", Registration::firstSeenAt),
                    time("last_seen_at", "a.refreshed_at", Registration::lastSeenAt)),
            List.of(),
            Optional.empty());

    private RegistrationType() {}
}
