package io.seatline.registration;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A phone that is registered now: a live binding of an account.
 *
 * @param contact where calls reach the phone, a URI as the phone gave it
 * @param sourceAddress whence it registered, as the transport knows
 * @param transport UDP, TCP, TLS, WS or WSS
 * @param expiresIn seconds that are left, at least one
 * @param firstSeenAt when this contact registered first
 * @param lastSeenAt when it registered or refreshed last
 */
public record Registration(
        UUID id,
        UUID accountId,
        String username,
        String contact,
        String sourceAddress,
        long sourcePort,
        String transport,
        @Nullable String userAgent,
        Instant expiresAt,
        long expiresIn,
        Instant firstSeenAt,
        Instant lastSeenAt) {}
