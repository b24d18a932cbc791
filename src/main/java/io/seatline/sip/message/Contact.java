package io.seatline.sip.message;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One value of a Contact header (RFC 3261 section 20.10, RFC 5626 section 11.1).
 *
 * @param uri its text is at most 1,024 bytes: what a mobile phone is pushed by is long
 * @param expires seconds; at most 2^31-1, larger values are cut to that; 3600 when it is no number, as section 20.10
 *     says
 * @param instance {@code +sip.instance} without quotes and angle brackets, at most 512 bytes
 * @param regId {@code reg-id}, from 1
 * @param q thousandths, 0 to 1000; empty when absent or no qvalue
 */
public record Contact(
        SipUri uri, OptionalInt expires, @Nullable String instance, OptionalInt regId, OptionalInt q) {
    private static final Name EXPIRES = Name.of("expires");
    private static final Name INSTANCE = Name.of("+sip.instance");
    private static final Name REG_ID = Name.of("reg-id");
    private static final Name Q = Name.of("q");
    private static final int MAX_URI = 1_024;
    private static final int MAX_INSTANCE = 512;
    private static final int DEFAULT_EXPIRES = 3600;

    /** Reads one value; stops at its end or at the comma before the next. */
    static Contact read(Cursor cursor) throws SyntaxException {
        var uri = NameAddress.address(cursor);
        if (uri.text().length() > MAX_URI) {
            throw new SyntaxException("a URI longer than " + MAX_URI + " bytes");
        }
        var expires = OptionalInt.empty();
        var regId = OptionalInt.empty();
        var q = OptionalInt.empty();
        String instance = null;
        while (cursor.nextParameter()) {
            if (cursor.isName(EXPIRES)) {
                refuseSecond(expires.isPresent());
                var number = cursor.number();
                expires = OptionalInt.of(number < 0 ? DEFAULT_EXPIRES : number);
            } else if (cursor.isName(INSTANCE)) {
                refuseSecond(instance != null);
                instance = instance(cursor);
            } else if (cursor.isName(REG_ID)) {
                refuseSecond(regId.isPresent());
                regId = regId(cursor.number());
            } else if (cursor.isName(Q)) {
                refuseSecond(q.isPresent());
                q = thousandths(cursor.value());
            }
        }
        return new Contact(uri, expires, instance, regId, q);
    }

    private static void refuseSecond(boolean present) throws SyntaxException {
        if (present) {
            throw new SyntaxException("a parameter given twice");
        }
    }

    private static String instance(Cursor cursor) throws SyntaxException {
        var value = cursor.bracketedValue();
        if (value == null || value.isEmpty() || value.length() > MAX_INSTANCE) {
            throw new SyntaxException("a +sip.instance that is empty or longer than " + MAX_INSTANCE + " bytes");
        }
        return value;
    }

    private static OptionalInt regId(int number) throws SyntaxException {
        if (number < 1) {
            throw new SyntaxException("a reg-id that is no number from 1");
        }
        return OptionalInt.of(number);
    }

    private static OptionalInt thousandths(@Nullable String value) {
        if (value == null || value.isEmpty() || value.length() > "0.000".length()) {
            return OptionalInt.empty();
        }
        var number = 0;
        for (var i = 0; i < "0.000".length(); i++) {
            var character = i < value.length() ? value.charAt(i) : i == 1 ? '.' : '0';
            if (i == 1) {
                if (character != '.') {
                    return OptionalInt.empty();
                }
            } else if (character < '0' || character > '9') {
                return OptionalInt.empty();
            } else {
                number = number * 10 + character - '0';
            }
        }
        return number <= 1000 ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
