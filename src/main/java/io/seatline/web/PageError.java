package io.seatline.web;

import java.util.Locale;

/** Why a visitor gets another page than the one that was asked for. */
enum PageError {
    NOT_FOUND,
    TOO_LARGE,
    TOO_MANY,
    BAD_REQUEST,
    CROSS_SITE,
    OTHER_SESSION,
    UNAVAILABLE,
    INCIDENT;

    /** The name of the heading; with {@code .why} behind it, of what stands below. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
