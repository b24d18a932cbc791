package io.seatline.validation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A language of the customers' pages. Its name is the code that the API and the database have for it. */
public enum Language {
    EN("English"),
    RU("Русский"),
    LT("Lietuvių"),
    LV("Latviešu");

    private final String ownName;

    Language(String ownName) {
        this.ownName = ownName;
    }

    /** What it calls itself. */
    public String ownName() {
        return ownName;
    }

    /** Its tag in HTTP and HTML (BCP 47). */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The codes of all. */
    public static List<String> codes() {
        return Arrays.stream(values()).map(Language::name).toList();
    }
}
