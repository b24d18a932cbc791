package io.seatline.account.foreign;

import java.util.regex.Pattern;

/**
 * A caller ID as Asterisk writes it, {@code "Name" <number>}.
 *
 * @param name empty for none
 * @param number as it is written; empty for none
 */
record CallerId(String name, String number) {
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9*#().\\s-]*");

    static CallerId parse(String text) {
        var whole = unquoted(text.strip());
        var bracket = whole.lastIndexOf('<');
        if (bracket >= 0) {
            var end = whole.indexOf('>', bracket);
            return new CallerId(
                    unquoted(whole.substring(0, bracket).strip()),
                    whole.substring(bracket + 1, end < 0 ? whole.length() : end).strip());
        }
        return NUMBER.matcher(whole).matches() ? new CallerId("", whole) : new CallerId(whole, "");
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
                : text;
    }
}
