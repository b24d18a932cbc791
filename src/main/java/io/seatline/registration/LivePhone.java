package io.seatline.registration;

import org.jspecify.annotations.Nullable;

/**
 * The phone that registered last for an account.
 *
 * @param online whether there is such a phone; the rest is null when there is none
 * @param sourceAddress whence it registered, as the transport knows
 * @param transport UDP, TCP, TLS, WS or WSS
 */
public record LivePhone(
        boolean online,
        @Nullable String userAgent,
        @Nullable String sourceAddress,
        @Nullable String transport) {}
