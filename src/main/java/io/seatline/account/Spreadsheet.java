package io.seatline.account;

import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.regex.Pattern;

/** What spreadsheets make of a CSV file, and how a file keeps what it says. */
public final class Spreadsheet {
    /** Begins a file, so that it is taken for UTF-8. */
    public static final String BYTE_ORDER_MARK = "\uFEFF";

    /**
     * Where a cell may begin, in whichever way a file is cut into cells, behind apostrophes and before a sign that makes a formula of it:
     * full-width ones do so where Chinese and Japanese are written.
     */
    private static final String START = "((?:^|[;\t\r\n])[\"\\s]*+)";

    private static final String SIGN = "(?='*+[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20])";
    private static final Pattern FORMULA = Pattern.compile(START + SIGN);
    private static final Pattern NEUTRALISED = Pattern.compile(START + "'" + SIGN);

    private Spreadsheet() {}

    /** What parts the cells where people write numbers as this locale does: a comma is taken where it stands in decimals. */
    public static char separator(Locale locale) {
        return DecimalFormatSymbols.getInstance(locale).getDecimalSeparator() == ',' ? ';' : ',';
    }

    /** The cell with an apostrophe before whatever would be a formula. */
    public static String neutralised(String cell) {
        return FORMULA.matcher(cell).replaceAll("$1'");
    }

    /** What {@link #neutralised} was given. */
    static String original(String cell) {
        return NEUTRALISED.matcher(cell).replaceAll("$1");
    }
}
