package io.seatline.registration;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A contact that a REGISTER names.
 *
 * @param uri as the phone wrote it
 * @param expires seconds that the contact itself asks for
 * @param instance {@code +sip.instance} of RFC 5626, without angle brackets
 * @param regId {@code reg-id} of RFC 5626
 * @param q its preference among several, in thousandths
 */
public record RequestedContact(
        String uri, OptionalInt expires, @Nullable String instance, OptionalInt regId, OptionalInt q) {}
