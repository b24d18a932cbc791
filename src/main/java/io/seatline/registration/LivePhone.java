package io.seatline.registration;

import org.jspecify.annotations.Nullable;

/**
 * An account, and the phone that registered for it last.
 *
 * @param operatorId whose account it is
 * @param customerId the operator's customer whose it is
 * @param online whether there is such a phone; the rest is null when there is none
 * @param sourceAddress whence it registered, as the transport knows
 * @param transport UDP, TCP, TLS, WS or WSS
 */
public record LivePhone(
        int operatorId,
        String customerId,
        boolean online,
        @Nullable String userAgent,
        @Nullable String sourceAddress,
        @Nullable String transport) {}
