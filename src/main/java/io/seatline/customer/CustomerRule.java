package io.seatline.customer;

import io.seatline.validation.Rule;

/** The rules for a customer's settings. */
public enum CustomerRule implements Rule {
    ID_FORM,
    ID_TAKEN,
    NAME_BLANK,
    NAME_LONG,
    NAME_CONTROL,
    NAME_LARGE,
    LANGUAGE_UNKNOWN,
    LIMIT_RANGE
}
