package io.seatline.registration;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Registrations of an account that were refused for one reason and came from one source.
 *
 * @param sourcePort of the last of them, as are the transport and the user agent
 * @param times how often
 */
public record Refusal(
        RefusalReason reason,
        String sourceAddress,
        long sourcePort,
        String transport,
        @Nullable String userAgent,
        long times,
        Instant firstSeenAt,
        Instant lastSeenAt) {}
