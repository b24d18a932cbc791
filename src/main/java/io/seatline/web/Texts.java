package io.seatline.web;

import io.seatline.validation.Language;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Arrays;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of the pages in one language, with its way to write numbers and dates. */
public final class Texts {
    private static final int MAX_ACCEPT_LANGUAGE = 200;

    private static final Pattern PLACE = Pattern.compile("\\{([0-9])}");

    private final ResourceBundle words;
    private final Locale locale;

    private Texts(String bundle, Locale locale) {
        this.locale = locale;
        this.words = ResourceBundle.getBundle(
                bundle, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    /**
     * The words in a language.
     *
     * @param bundle the files' common name, such as {@code io.seatline.portal.texts}
     * @param language such as {@code EN}
     */
    public static Texts of(String bundle, String language) {
        return new Texts(bundle, Locale.of(language.toLowerCase(Locale.ROOT)));
    }

    /**
     * The first of our languages that the browser names. Read by hand: the JDK's matcher takes minutes over a long
     * range.
     */
    public static String preferred(String acceptLanguage) {
        var start = acceptLanguage.substring(0, Math.min(acceptLanguage.length(), MAX_ACCEPT_LANGUAGE));
        return Arrays.stream(start.split(",", -1))
                .map(range -> range.strip().toUpperCase(Locale.ROOT).split("[-;]", 2)[0])
                .filter(Language.codes()::contains)
                .findFirst()
                .orElse(Language.EN.name());
    }

    /** The language as a BCP 47 tag. */
    public String language() {
        return locale.toLanguageTag();
    }

    /** Whether there is such a text. */
    public boolean has(String key) {
        return words.containsKey(key);
    }

    /** A text, in which {@code {0}}, {@code {1}} … stand for {@code values}. */
    public String get(String key, Object... values) {
        // in one pass: a value may look like a place
        return PLACE.matcher(words.getString(key))
                .replaceAll(place -> Matcher.quoteReplacement(shown(values[Integer.parseInt(place.group(1))])));
    }

    private String shown(Object value) {
        return switch (value) {
            case Number number -> number(number.longValue());
            default -> value.toString();
        };
    }

    /** A number with the language's separators. */
    public String number(long number) {
        return NumberFormat.getIntegerInstance(locale).format(number);
    }

    /** A time in UTC; the pages' script shows it in the browser's own zone. */
    public String time(Instant time) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                        .withLocale(locale)
                        .withZone(ZoneOffset.UTC)
                        .format(time)
                + " UTC";
    }
}
