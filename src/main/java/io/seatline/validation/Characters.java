package io.seatline.validation;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The characters of a text as people see and count them: extended grapheme clusters (Unicode Standard Annex 29). An
 * emoji of a whole family is one, and so is a letter with its accent, in one code point or two.
 */
public final class Characters {
    /**
     * What leaves no mark: white space, controls, formatting, and whatever else Unicode has a program ignore that can't
     * show it (Default_Ignorable_Code_Point), with the blanks that no property tells. A format character that stands
     * before numbers in Arabic, Syriac and Kaithi is seen.
     */
    private static final Pattern INVISIBLE = Pattern.compile(
            "[\\p{IsWhite_Space}\\p{Cc}\\p{Cf}\\x{34f}\\x{115f}\\x{1160}\\x{17b4}\\x{17b5}\\x{180b}-\\x{180f}"
                    + "\\x{2065}\\x{2800}\\x{3164}\\x{fe00}-\\x{fe0f}\\x{ffa0}\\x{fff0}-\\x{fff8}\\x{1d159}\\x{e0000}-\\x{e0fff}"
                    + "&&[^\\x{600}-\\x{605}\\x{6dd}\\x{70f}\\x{890}\\x{891}\\x{8e2}\\x{110bd}\\x{110cd}]]*");

    private Characters() {}

    /** Whether there is nothing to be seen. */
    public static boolean areInvisible(String text) {
        return INVISIBLE.matcher(text).matches();
    }

    /** How many there are; {@code most + 1} stands for any number above {@code most}. */
    public static int count(String text, int most) {
        var characters = characters(text);
        var count = 0;
        while (count <= most && characters.next() != BreakIterator.DONE) {
            count++;
        }
        return count;
    }

    /** The first of them, {@code most} at the most. */
    public static String first(String text, int most) {
        var characters = characters(text);
        var end = characters.next(most);
        return end == BreakIterator.DONE ? text : text.substring(0, end);
    }

    private static BreakIterator characters(String text) {
        var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(text);
        return characters;
    }
}
