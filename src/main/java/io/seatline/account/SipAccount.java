package io.seatline.account;

import io.seatline.customer.Customer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A SIP account as the API shows it.
 *
 * @param version drawn anew at each change of a setting
 * @param customer there when it was asked for
 */
public record SipAccount(
        UUID id,
        String customerId,
        AccountSettings settings,
        Phone phone,
        long version,
        @Nullable Customer customer) {
    /**
     * What is seen of its phones.
     *
     * @param online whether one is registered now
     * @param userAgent of the one that registered last, null when none is
     */
    public record Phone(boolean online, @Nullable String userAgent) {}

    /** Its username, by which people know it. */
    public String username() {
        return settings.username();
    }
}
