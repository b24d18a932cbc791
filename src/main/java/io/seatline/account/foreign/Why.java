package io.seatline.account.foreign;

/** Why settings that several systems have are not kept. */
final class Why {
    static final String VOICEMAIL = "there is no voicemail here";
    static final String FORWARDING = "calls are not forwarded here";
    static final String ALIAS = "an account is known by its username alone";
    static final String BY_ADDRESS = "lets somebody in by the address, without a password, as nothing does here";
    static final String CONTACTS = "how many phones an account may have is sip.contacts.max, for all accounts alike";
    static final String CALLER_ID = "an account has one name, one internal and one external caller ID";

    private Why() {}
}
