package io.seatline.registration;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What became of a {@link RegisterCommand}. */
public sealed interface RegisterOutcome {
    /**
     * It is stored.
     *
     * @param contacts the account's live ones (RFC 3261 10.3 step 8)
     * @param at when, by the database's clock: microseconds since 1970
     */
    record Registered(List<Contact> contacts, long at) implements RegisterOutcome {
        public Registered {
            contacts = List.copyOf(contacts);
        }
    }

    /**
     * A contact asked for less time than there is: 423.
     *
     * @param least seconds
     */
    record TooBrief(int least) implements RegisterOutcome {}

    /** A request that no account's state could make right: 400, with the reason phrase. */
    record Invalid(String reason) implements RegisterOutcome {}

    /** A later request of the same phone was carried out already (RFC 3261 10.3 step 7). */
    record OutOfOrder() implements RegisterOutcome {}

    /** The nonce was used with this or a higher count, or a younger one was: a new challenge, stale. */
    record NonceUsed() implements RegisterOutcome {}

    /** It may only go on with a live binding, and there is none of its Call-ID from its address. */
    record NothingToContinue() implements RegisterOutcome {}

    /** The account has changed or gone since the sender was checked: check again. */
    record AccountChanged() implements RegisterOutcome {}

    /**
     * A live contact, with what tells its phone that it is its own.
     *
     * @param secondsLeft until it expires
     * @param instance {@code +sip.instance} of RFC 5626, without angle brackets
     * @param regId {@code reg-id} of RFC 5626
     * @param q its preference among several, in thousandths (RFC 3261 section 20.10)
     */
    record Contact(String uri, int secondsLeft, @Nullable String instance, OptionalInt regId, OptionalInt q) {}
}
