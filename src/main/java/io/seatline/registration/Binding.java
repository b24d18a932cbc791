package io.seatline.registration;

import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where one of an account's phones can be reached, or could be until it ended.
 *
 * @param secondsLeft until it expires; 0 or less when it has ended
 * @param firstSeen when this registration began, microseconds since 1970; null for now
 * @param source the address it was registered from
 */
record Binding(
        UUID accountId,
        UUID id,
        String contact,
        @Nullable String instance,
        OptionalInt regId,
        String callId,
        long sequence,
        String source,
        int sourcePort,
        String transport,
        @Nullable String userAgent,
        @Nullable Long firstSeen,
        int secondsLeft) {

    boolean live() {
        return secondsLeft > 0;
    }

    /** The same, ended by the request that has this sequence number. */
    Binding ended(String byCallId, long bySequence) {
        return new Binding(
                accountId,
                id,
                contact,
                instance,
                regId,
                byCallId,
                bySequence,
                source,
                sourcePort,
                transport,
                userAgent,
                firstSeen,
                0);
    }
}
