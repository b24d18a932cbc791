package io.seatline.registration;

import java.time.Duration;

/**
 * What an account's phones are granted.
 *
 * @param shortest what asks for less is refused (RFC 3261 10.3 step 7)
 * @param byDefault what a phone gets that asks for no time
 * @param longest what asks for more gets this
 * @param contacts so many live ones an account has at most; the one that expires soonest gives way to a new one
 */
public record BindingLimits(Duration shortest, Duration byDefault, Duration longest, int contacts) {
    /** Those that are used unless an operator sets others. */
    public static final BindingLimits USUAL =
            new BindingLimits(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(2), 10);

    /** Seconds. */
    int min() {
        return (int) shortest.toSeconds();
    }

    /** Seconds. */
    int usual() {
        return (int) byDefault.toSeconds();
    }

    /** Seconds. */
    int max() {
        return (int) longest.toSeconds();
    }
}
