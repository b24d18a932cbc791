package io.seatline.account;

import io.seatline.customer.Customer;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A SIP account as the API shows it.
 *
 * @param secret opens what is sealed, which costs something: only what is shown is opened
 * @param ha1Realm the realm of an account that has a HA1 and no password
 * @param recording which calls are recorded
 * @param online whether a phone is registered now
 * @param userAgent of the phone that registered last, null when none is
 * @param allowedIps canonical blocks joined by commas, empty for none
 * @param requireSha256 whether phones must prove the password with SHA-256, and MD5 is refused
 * @param version drawn anew at each change of a setting
 * @param customer there when it was asked for
 */
public record SipAccount(
        UUID id,
        String customerId,
        String username,
        Supplier<PhoneSecret> secret,
        @Nullable String ha1Realm,
        Recording recording,
        @Nullable String callerIdName,
        @Nullable Long internalCallerId,
        @Nullable Long externalCallerId,
        boolean allowExternalCalls,
        boolean online,
        @Nullable String userAgent,
        boolean useAllowedIps,
        String allowedIps,
        boolean requireSha256,
        long version,
        @Nullable Customer customer) {

    /**
     * Which calls are recorded.
     *
     * @param onDemand when the person on the phone asks for it
     */
    public record Recording(
            boolean incomingInternal,
            boolean incomingExternal,
            boolean outgoingInternal,
            boolean outgoingExternal,
            boolean onDemand) {
        /** None. */
        public static final Recording NONE = new Recording(false, false, false, false, false);
    }
}
