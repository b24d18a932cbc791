package io.seatline.account;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountFile.Problem;
import io.seatline.support.Property;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as spreadsheets write them, in the locales of their users. */
@Tag("pure")
class AccountFileTest {
    private static final Charset BALTIC = Charset.forName("windows-1257");

    /** What was found in a file, a line each. */
    private static List<String> read(byte[] file, Optional<Charset> encoding) {
        var found = new ArrayList<String>();
        AccountFile.read(new ByteArrayInputStream(file), encoding, new AccountFile.Rows() {
            @Override
            public void account(long line, NewAccount account) {
                var settings = account.settings();
                found.add(line + " " + account.customerId() + " " + settings.internalCallerId() + " "
                        + settings.callerIdName() + " " + settings.useAllowedIps() + " "
                        + String.join(",", settings.allowedIps().entries()));
            }

            @Override
            public void problem(Problem problem) {
                found.add(problem.toString());
            }
        });
        return found;
    }

    private static List<String> read(String file) {
        return read(file.getBytes(UTF_8), Optional.empty());
    }

    /** The same two accounts, at lines that differ. */
    @ParameterizedTest
    @MethodSource("spreadsheets")
    void file_ofASpreadsheet_isReadAsItIs(byte[] file, Optional<Charset> encoding, int first, int second) {
        assertThat(read(file, encoding))
                .containsExactly(
                        first + " acme 101 Jonas; \"vyr.\" true 192.0.2.1/32,192.0.2.2/32",
                        second + " acme 102 Šarūnė false ");
    }

    private static Stream<Arguments> spreadsheets() {
        var header = "customer_id,internal_caller_id,caller_id_name,use_allowed_ips,allowed_ips";
        var rows = "\nacme,101,\"Jonas; \"\"vyr.\"\"\",TRUE,\"192.0.2.1,192.0.2.2\"\nacme,102,Šarūnė,False,\n";
        var quoted = '"' + header.replace(",", "\",\"") + '"' + rows;
        var semicolons = header.replace(',', ';')
                + "\r\nacme;101;\"Jonas; \"\"vyr.\"\"\";true;192.0.2.1,192.0.2.2\r\nacme;102;Šarūnė;FALSE;\r\n";
        var tabs = semicolons.replace("Jonas;", "JONAS").replace(';', '\t').replace("JONAS", "Jonas;");
        var ragged = semicolons
                .replace("allowed_ips\r\n", "allowed_ips;;\r\n")
                .replace("192.0.2.2\r\n", "192.0.2.2;;\r\n;;;;;;\r\n")
                .replace(";FALSE;\r\n", "\r\n;;;;\r\n\r\n");
        return Stream.of(
                file(header + rows, UTF_8, 2, 3),
                file("\uFEFF" + quoted, UTF_8, 2, 3),
                file("\uFEFF" + semicolons, UTF_8, 2, 3),
                file("sep=;\r\n" + semicolons, UTF_8, 3, 4),
                file("\uFEFF\"sep=\t\"\n" + tabs, UTF_8, 3, 4),
                file(ragged, UTF_8, 2, 4),
                file("\uFEFF" + tabs, UTF_16LE, 2, 3),
                file("\uFEFF" + tabs, UTF_16BE, 2, 3),
                file(tabs, UTF_16LE, 2, 3),
                file(tabs, UTF_16BE, 2, 3),
                Arguments.of(semicolons.getBytes(BALTIC), Optional.of(BALTIC), 2, 3));
    }

    private static Arguments file(String text, Charset charset, int first, int second) {
        return Arguments.of(text.getBytes(charset), Optional.empty(), first, second);
    }

    /** Which of the Windows encodings it is can't be told from the bytes. */
    @ParameterizedTest
    @CsvSource({"windows-1251, Алла", "windows-1252, Zoë Müller", "windows-1257, Šarūnė"})
    void file_inAnotherEncoding_isRefused_untilItIsNamed(Charset charset, String name) {
        var file = ("customer_id,caller_id_name\nacme," + name + "\n").getBytes(charset);
        assertThat(read(file, Optional.empty()))
                .singleElement()
                .asString()
                .startsWith("line 1: the file is not UTF-8 throughout: save it as \"CSV UTF-8\"");
        assertThat(read(file, Optional.of(charset))).containsExactly("2 acme null " + name + " false ");
    }

    @Test
    void file_thatIsCutOff_isRefused() {
        var file = "customer_id,username,allow_external_calls\nacme,cut-1,\nacme,cu";
        assertThat(read(file)).last().isEqualTo("line 3: the file seems to be cut off here");
        assertThat(read(file + "\n")).noneMatch(line -> line.startsWith("line"));
        assertThat(read(file + ",")).noneMatch(line -> line.startsWith("line"));
    }

    @Test
    void controlCharacters_ofAFile_areNotShown() {
        assertThat(read("customer_id,\u001b[2Jname\u202e\nacme,x\n"))
                .singleElement()
                .asString()
                .startsWith("line 1, column \uFFFD[2Jname\uFFFD: there is no such column");
    }

    @Test
    void file_withoutAHeader_isRefused_andItsSecretsAreNotShown() {
        assertThat(read("acme,anna,correct-horse-battery\n"))
                .containsExactly("line 1: this is no header, which names columns such as customer_id and username");
    }

    @Test
    void quoteAsSeparator_isRefused() {
        assertThat(read("sep=\"\ncustomer_id\nacme\n"))
                .singleElement()
                .asString()
                .startsWith("line 1: this is ");
    }

    // what a spreadsheet would take for something else

    private static Stream<Arguments> cells() {
        return Stream.of(
                Arguments.of("=1+1", "'=1+1"),
                Arguments.of("+370 600", "'+370 600"),
                Arguments.of("-2", "'-2"),
                Arguments.of("@SUM(A1)", "'@SUM(A1)"),
                Arguments.of(" =1", " '=1"),
                Arguments.of("'=1", "''=1"),
                Arguments.of("a;=1", "a;'=1"),
                Arguments.of("a;\"=1", "a;\"'=1"),
                Arguments.of("a,=1", "a,'=1"),
                Arguments.of("\uFF1D1\uFF0B1", "'\uFF1D1\uFF0B1"),
                Arguments.of("\uFF0D1", "'\uFF0D1"),
                Arguments.of("\uFF20x", "'\uFF20x"),
                Arguments.of("0101", "'0101"),
                Arguments.of("''0101", "'''0101"),
                Arguments.of(" 101", "' 101"),
                Arguments.of("\uFF11\uFF10\uFF11", "'\uFF11\uFF10\uFF11"),
                Arguments.of("123456789012", "'123456789012"),
                Arguments.of("1e5", "'1e5"),
                Arguments.of("1,5E-3", "'1,5E-3"),
                Arguments.of("3.10", "'3.10"),
                Arguments.of("1 234", "'1 234"),
                Arguments.of("1-2", "'1-2"),
                Arguments.of("2024-01-02T10:30", "'2024-01-02T10:30"),
                Arguments.of("10:30 pm", "'10:30 pm"),
                Arguments.of("5 €", "'5 €"),
                Arguments.of("MARCH1", "'MARCH1"),
                Arguments.of("5. Mai 2024", "'5. Mai 2024"),
                Arguments.of("Gegužės 5", "'Gegužės 5"),
                Arguments.of("pr3-1", "'pr3-1"),
                Arguments.of("192.168.100.200", "'192.168.100.200"),
                Arguments.of("true", "'true"));
    }

    private static Stream<String> harmlessCells() {
        return Stream.of(
                "",
                "'tis",
                "'90s",
                "a=1",
                "a\"b",
                "0",
                "'101",
                "37061234567",
                "jonas1",
                "marius1",
                "kab.12",
                "Line 5",
                "5th floor",
                "May",
                "e5",
                "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                "192.0.2.1/32,192.0.2.128/25",
                "::1/128,2001:db8::/32,10.0.0.0/8");
    }

    @ParameterizedTest
    @MethodSource("cells")
    void text_thatIsAFormulaOrAValue_getsAnApostrophe_thatIsTakenAwayAgain(String cell, String neutralised) {
        assertThat(Spreadsheet.cell(cell)).isEqualTo(neutralised);
        assertThat(Spreadsheet.original(neutralised)).isEqualTo(cell);
    }

    @ParameterizedTest
    @MethodSource("harmlessCells")
    void text_thatSpreadsheetsLeaveAlone_isWrittenAndReadAsItIs(String cell) {
        assertThat(Spreadsheet.cell(cell)).isEqualTo(cell);
        assertThat(Spreadsheet.original(cell)).isEqualTo(cell);
    }

    /**
     * A cell has no bound before the rules of its column are asked: one that took time by the square would hold up an
     * import.
     */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\t", ";", "'", " ", "1", "1e", "may ", "'=", "\n\"", "\r\n "})
    void text_ofAMegabyte_isReadAtOnce(String piece) {
        var text = piece.repeat(1_000_000 / piece.length());
        assertThat(Spreadsheet.original(Spreadsheet.cell(text))).isEqualTo(text);
    }

    @Test
    void numbersAndFlags_areWrittenAsTheyAre() {
        assertThat(Stream.of(123_456_789_012L, true, false).map(Spreadsheet::cell))
                .containsExactly("123456789012", "true", "false");
        assertThat(Spreadsheet.cell(null)).isEmpty();
        assertThat(Spreadsheet.harmless("0101")).isEqualTo("0101");
    }

    @Test
    void text_whateverItIs_isReadBackUnchanged() {
        var pieces = List.of(
                "'",
                "\"",
                ";",
                "\t",
                "\n",
                " ",
                "\u00a0",
                "=",
                "+",
                "-",
                "@",
                "\uFF1D",
                "0",
                "1",
                "12",
                "2024",
                ".",
                ",",
                ":",
                "/",
                "::",
                "e",
                "T",
                "am",
                "p",
                "May",
                "geg",
                "true",
                "x",
                "1.2.3.4/8",
                "192.168.100.200");
        Property.holds(
                5_000,
                random -> random.ints(random.nextInt(1, 8), 0, pieces.size())
                        .mapToObj(pieces::get)
                        .collect(Collectors.joining()),
                text -> {
                    assertThat(Spreadsheet.original(Spreadsheet.cell(text))).isEqualTo(text);
                    assertThat(Spreadsheet.original(Spreadsheet.harmless(text))).isEqualTo(text);
                });
    }

    @ParameterizedTest
    @CsvSource({"en, ','", "en-GB, ','", "lt, ;", "lv, ;", "ru, ;", "de, ;"})
    void separator_isWhatThatLanguageDoesNotWriteInDecimals(String language, char separator) {
        assertThat(Spreadsheet.separator(Locale.forLanguageTag(language))).isEqualTo(separator);
    }
}
