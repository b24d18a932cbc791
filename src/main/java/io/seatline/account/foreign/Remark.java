package io.seatline.account.foreign;

import org.jspecify.annotations.Nullable;

/**
 * Something in a file that can't be kept, while the rest can. Never has a secret in it.
 *
 * @param line of the file, from 1
 * @param account whose it is, as the other system calls it; null for what is the whole file's, and for settings that
 *     have no counterpart here, which are remarked once each
 * @param setting as the other system calls it
 * @param why it is not kept: the same words for all of the same kind
 */
public record Remark(long line, @Nullable String account, String setting, String why) {}
