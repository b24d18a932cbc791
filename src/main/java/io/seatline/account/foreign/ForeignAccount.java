package io.seatline.account.foreign;

import io.seatline.account.AccountSettings;
import org.jspecify.annotations.Nullable;

/**
 * An account of another system, with what of it can be kept. Its settings keep the rules for accounts here; a password
 * is as it stands in the file.
 *
 * @param line of the file, from 1
 * @param domain that it belonged to, where the file tells it
 */
public record ForeignAccount(
        long line, AccountSettings settings, @Nullable String domain) {}
