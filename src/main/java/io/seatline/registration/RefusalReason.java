package io.seatline.registration;

import java.util.Locale;

/** Why a registration was refused: what the phone is never told, and the operator is. */
public enum RefusalReason {
    /** The digest was not made with the account's password. */
    WRONG_PASSWORD,
    /** The account uses its allow-list, and the source is not in it. */
    ADDRESS_NOT_ALLOWED,
    /** The digest was this account's, and the address of record another's. */
    OTHER_ACCOUNT,
    /** The source had failed too often, and was not listened to. */
    BLOCKED;

    /** The name in the database and on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
