package io.seatline.registration;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * A source that an account accepts nothing from for a while, because it failed too often.
 *
 * @param source an IPv4 address or an IPv6 block, a /64
 */
public record BlockedSource(
        UUID id, UUID accountId, String username, String source, Instant blockedAt, Instant expiresAt) {
    /** Another one each time that the block is prolonged. */
    long version() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, expiresAt);
    }
}
