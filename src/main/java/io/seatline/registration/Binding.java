package io.seatline.registration;

import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where one of an account's phones can be reached.
 *
 * @param q its preference among several, in thousandths
 * @param secondsLeft until it expires
 * @param granted seconds, when it was last registered
 * @param firstSeen when this registration began, microseconds since 1970; null for now
 * @param source the address it was registered from
 * @param path what leads back to it (RFC 3327)
 */
record Binding(
        UUID accountId,
        UUID id,
        String contact,
        @Nullable String instance,
        OptionalInt regId,
        OptionalInt q,
        String callId,
        long sequence,
        String source,
        int sourcePort,
        String transport,
        @Nullable String userAgent,
        @Nullable String path,
        @Nullable Long firstSeen,
        int secondsLeft,
        int granted) {}
