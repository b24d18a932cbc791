package io.seatline.account;

import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What spreadsheets make of a CSV file, and how a file keeps what it says. */
public final class Spreadsheet {
    /** Begins a file, so that it is taken for UTF-8. */
    public static final String BYTE_ORDER_MARK = "\uFEFF";

    /**
     * Where a cell may begin, in whichever way a file is cut into cells, behind apostrophes and before a sign that
     * makes a formula of it: full-width ones do so where Chinese and Japanese are written.
     */
    private static final String START = "((?:^|[,;\t\r\n])[\"\\s&&[^\t\r\n]]*+)";

    private static final String SIGN = "(?='*+[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20])";

    /** What numbers, dates and times are written with, beside words. */
    private static final String FIGURES = "[\\p{Nd}\\p{Zs}\\p{Sc}.,:/+\\-()%'\u2019]*+";

    /** How months begin in English, German, Latvian, Lithuanian and Russian. */
    private static final String MONTH = "(?:jan|feb|m[aä]r|apr|ma[iy]|j[uū][nl]|aug|sep|o[ck]t|nov|de[cz]"
            + "|sau|vas|kov|bal|geg|bir|lie|rug|spa|lap|gru"
            + "|янв|фев|мар|апр|ма[йя]|ию[нл]|авг|сен|окт|ноя|дек)";

    /**
     * How they go on in English, where Excel takes MARCH1 for a date; all others are parted from a number behind them.
     */
    private static final String REST_OF_MONTH = "(?:(?:r?uary|ch|il|[ety]|ust|(?:t?em|o)ber)?|\\p{L}*+(?!\\p{Nd}))";

    /** What is read together with figures, beside months: exponents, the T before a time, and the halves of the day. */
    private static final String WORD =
            "(?:(?<=[\\p{Nd}\\p{Zs}.,])e(?=[\\p{Nd}\\p{Zs}+\\-])|(?<=\\p{Nd}{2})t(?=\\p{Nd}{2})"
                    + "|(?<=\\p{Nd}[\\p{Zs}.:,+\\-]{0,3})(?:[ap]m|popiet|priešpiet)|(?<=\\p{Nd}\\p{Zs})[ap]|" + MONTH
                    + REST_OF_MONTH + ")";

    /** A date with a day of the week, which may be a letter or two. */
    private static final String DATE = "(?=.*\\p{Nd}[./\\-]\\p{Nd})" + FIGURES + "\\p{L}{1,2}" + FIGURES;

    private static final String TRUTH = "\\p{Zs}*+(?:true|false|wahr|falsch|patiess|aplams|истина|ложь)\\p{Zs}*+";

    /**
     * Whole numbers that Excel shows as they are, of up to 11 digits (Microsoft's article 65903), and blocks of
     * addresses.
     */
    private static final String LEFT_ALONE = "(?:(?:0|[1-9][0-9]{0,10})\\z|.*(?:::|(?:[0-9]{1,3}\\.){3}[0-9]{1,3}/))";

    /**
     * Before a whole cell, behind apostrophes, that comes back from a spreadsheet as something else: 0101 as 101, 1e5
     * as 100000, 3.10 as 3.1 or as a date, 192.168.100.200 as a number where dots part thousands. Found by what
     * LibreOffice 7.4 makes of cells in English, German, Latvian, Lithuanian and Russian with all its detection; what
     * Excel alone changes, such as MAR1, 5 p and numbers of 12 digits, is known from its documentation and its users.
     */
    private static final String VALUE = "(?='*+(?!" + LEFT_ALONE + ")(?:(?=.*\\p{Nd})" + FIGURES + "(?:" + WORD
            + FIGURES + "){0,2}|" + DATE + "|" + TRUTH + ")\\z)";

    private static final Pattern CHANGED = anyCase(START + SIGN + "|^" + VALUE);
    private static final Pattern HARMFUL = anyCase(START + SIGN + "|^(?=')" + VALUE);
    private static final Pattern NEUTRALISED = anyCase(START + "'" + SIGN + "|^'" + VALUE);

    private Spreadsheet() {}

    /**
     * What parts the cells where people write numbers as this locale does: a comma is taken where it stands in
     * decimals.
     */
    public static char separator(Locale locale) {
        return DecimalFormatSymbols.getInstance(locale).getDecimalSeparator() == ',' ? ';' : ',';
    }

    /**
     * The cell for a value in a file for a spreadsheet: nothing for null, a number or a flag as it is, and a text with
     * an apostrophe before whatever a spreadsheet would take for something else.
     */
    public static String cell(@Nullable Object value) {
        return cell(value, CHANGED);
    }

    /**
     * The same in a file for programs, where the apostrophe is before formulas only: somebody may open it after all.
     */
    static String harmless(@Nullable Object value) {
        return cell(value, HARMFUL);
    }

    private static String cell(@Nullable Object value, Pattern marked) {
        return value instanceof String text
                ? marked.matcher(text).replaceAll("$1'")
                : Objects.requireNonNullElse(value, "").toString();
    }

    /** The text that {@link #cell} or {@link #harmless} was given. */
    static String original(String cell) {
        return cell.indexOf('\'') < 0 ? cell : NEUTRALISED.matcher(cell).replaceAll("$1");
    }

    private static Pattern anyCase(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
