package io.seatline.account;

import io.seatline.validation.Rule;

/** The rules for an account's settings. */
public enum AccountRule implements Rule {
    USERNAME_FORM,
    USERNAME_TAKEN,
    USERNAME_HASH,
    PASSWORD_FORM,
    CALLER_ID_NAME_FORM,
    CALLER_ID_NAME_LARGE,
    INTERNAL_CALLER_ID_FORM,
    EXTERNAL_CALLER_ID_FORM,
    ALLOW_EXTERNAL_CALLS_CALLER_ID,
    USE_ALLOWED_IPS_EMPTY,
    REQUIRE_SHA256_HASH,
    ALLOWED_IPS_MANY,
    ALLOWED_IPS_UNREADABLE,
    ALLOWED_IPS_HOST_BITS
}
