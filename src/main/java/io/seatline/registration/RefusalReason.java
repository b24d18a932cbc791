package io.seatline.registration;

import java.util.Locale;

/** Why a registration was refused. Only the operator is told: to the phone all of them look the same. */
public enum RefusalReason {
    /** The digest does not verify. */
    WRONG_PASSWORD(
            "The phone has the right username but a wrong password, or another realm than the server's: enter the"
                    + " account's password in the phone again."),
    /** The account uses its allow-list, and the source is not on it; an empty list has no source on it. */
    ADDRESS_NOT_ALLOWED("The password is right, but the account may not register from this address: add the address to"
            + " allowed_ips, or set use_allowed_ips to false."),
    /** The digest is this account's, and the To address another's. */
    OTHER_ACCOUNT("The phone logged in as this account and tried to register another one: in the phone, make the SIP"
            + " username the same as the authentication username."),
    /** The digest is right, but MD5, which the account does not take. */
    WEAK_DIGEST("The phone proved the password with MD5, which this account forbids: choose SHA-256 in the phone and"
            + " enter the password again, which some phones keep for MD5 alone; or set require_sha256 to false. A phone that"
            + " is registered now has come back with SHA-256 by itself."),
    /** The source is blocked for this account. */
    BLOCKED(
            "This address failed too often and is blocked for the account, which also keeps out a right password: mend"
                    + " what fails, then delete the block (blocked_sources, or `registration unblock`) or wait until it expires.");

    private final String explanation;

    RefusalReason(String explanation) {
        this.explanation = explanation;
    }

    /** The name on the wire and in the database, such as {@code wrong_password}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What was wrong and how to mend it, for people. */
    public String explanation() {
        return explanation;
    }
}
