package io.seatline.account.foreign;

import io.seatline.account.AllowedIps;
import io.seatline.account.PhoneSecret;
import io.seatline.account.SipAccount.Recording;
import org.jspecify.annotations.Nullable;

/**
 * An account of another system, with what of it can be kept. The username, the caller IDs and the
 * allow-list keep the rules for accounts here; a password is as it stands in the file.
 *
 * @param line of the file, from 1
 * @param domain that it belonged to, where the file tells it
 * @param allowedIps where it may register from; empty for anywhere
 */
public record ForeignAccount(
        long line,
        String username,
        PhoneSecret secret,
        @Nullable String domain,
        @Nullable String callerIdName,
        @Nullable Long internalCallerId,
        @Nullable Long externalCallerId,
        AllowedIps allowedIps,
        Recording recording) {}
