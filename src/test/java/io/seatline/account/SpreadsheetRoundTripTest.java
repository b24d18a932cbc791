package io.seatline.account;

import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.ALLOW_EXTERNAL_CALLS;
import static io.seatline.account.Setting.CALLER_ID_NAME;
import static io.seatline.account.Setting.EXTERNAL_CALLER_ID;
import static io.seatline.account.Setting.INCOMING_INTERNAL;
import static io.seatline.account.Setting.INTERNAL_CALLER_ID;
import static io.seatline.account.Setting.ON_DEMAND;
import static io.seatline.account.Setting.OUTGOING_INTERNAL;
import static io.seatline.account.Setting.REQUIRE_SHA256;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.seatline.account.AccountFile.Problem;
import io.seatline.support.ExternalProgram;
import io.seatline.support.ExternalProgram.Tool;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accounts that go through LibreOffice: it opens what was exported, and what it saves is imported. */
@Tag("slow")
@SuppressWarnings("NullAway.Init")
class SpreadsheetRoundTripTest {
    private static final Charset BALTIC = Charset.forName("windows-1257");
    private static final int LITHUANIAN = 1063;

    /** LibreOffice's numbers for what a file is written in. */
    private static final int UTF_8_NUMBER = 76;

    private static final int UTF_16_NUMBER = 65535;
    private static final int BALTIC_NUMBER = 39;

    /** What people may be called by, and spreadsheets take for something else. */
    private static final List<String> NAMES = List.of(
            "0101",
            "007",
            "00",
            "101",
            "37061234567",
            "375291234567",
            "12345678901234567890",
            "1e5",
            "1.5E-3",
            "1,5e3",
            "12.50",
            "12,50",
            "3.10",
            "3.10.",
            ".5",
            "1,234",
            "1.234",
            "1\u00a0234",
            "192.0.2.1",
            "192.168.100.200",
            "2024-01-02",
            "2024-1-2",
            "2024-01-02T10:30",
            "1-2",
            "1/2",
            "1.2.2024",
            "10:30",
            "10:30 pm",
            "50%",
            "5 €",
            "(5)",
            "5-",
            "May 5",
            "dec-5",
            "5-may-24",
            "gegužės 5",
            "5 мая 2024",
            "pr3-1",
            "TRUE",
            "true",
            "истина",
            " 0101",
            "101 ",
            "=1+1",
            "+370",
            "-2",
            "@SUM(A1)",
            "\uFF1D1+1",
            "\uFF0B5",
            "\uFF0D5",
            "\uFF20x",
            "'90s",
            "'0101",
            "''=1",
            "'",
            " Jonas ",
            "a;=1+1",
            "\"=1\"",
            "Jonas \"vyr.\"",
            "a,b;c",
            "Šarūnė Žąsytė",
            "Алла Иванова",
            "Line 5");

    private static final List<String> PASSWORDS = List.of(
            "1234567890123456",
            "01234567890123",
            "=1+1+1+1+1+1+1",
            "+123456789012",
            "-123456789012",
            "@SUM(A1:A9)x1",
            "'123456789012",
            "'=1+1+1+1+1+1",
            "\"quoted\";,\"x\"",
            "123456789e12",
            "2024-01-02T10:30",
            "01/02/2024,10:30");

    @TempDir
    private static Path directory;

    /** With all that the dialog offers to detect, which is more than it does unasked. */
    @ParameterizedTest
    @CsvSource({"en, 1033", "lt, 1063", "ru, 1049"})
    void accounts_thatAreOpenedAndSavedInALocale_areTheSame(String language, int number) throws IOException {
        var locale = Locale.of(language);
        var work = Files.createDirectory(directory.resolve(language));
        var plain = work.resolve("plain.csv");
        write(work.resolve("accounts.csv"), locale, accounts());
        try (var csv = CsvWriter.builder()
                .fieldSeparator(Spreadsheet.separator(locale))
                .build(plain)) {
            NAMES.forEach(name -> csv.writeRecord("name", name));
        }
        convert(
                work,
                opened(locale, number, true),
                saved(Spreadsheet.separator(locale), UTF_8_NUMBER, false),
                "accounts.csv",
                "plain.csv");
        assertThat(read(work.resolve("saved/accounts.csv"), Optional.empty())).containsExactlyElementsOf(accounts());

        var changed = changed(work.resolve("saved/plain.csv"), locale);
        assertThat(changed)
                .contains("0101", "1e5", "12345678901234567890", "=1+1")
                .allSatisfy(name -> assertThat(Spreadsheet.cell(name)).isNotEqualTo(name));
    }

    private static List<String> changed(Path file, Locale locale) throws IOException {
        try (var records = CsvReader.builder()
                .fieldSeparator(Spreadsheet.separator(locale))
                .ofCsvRecord(file)) {
            var names = records.stream().map(line -> line.getField(1)).toList();
            assertThat(names).hasSameSizeAs(NAMES);
            return IntStream.range(0, NAMES.size())
                    .filter(i -> !names.get(i).equals(NAMES.get(i)))
                    .mapToObj(NAMES::get)
                    .toList();
        }
    }

    @Test
    void accounts_thatAreKeptAsAWorkbook_andSavedInOtherEncodings_areTheSame() throws IOException {
        var locale = Locale.of("lt");
        var work = Files.createDirectory(directory.resolve("workbook"));
        var baltic = accounts().stream()
                .filter(account -> BALTIC.newEncoder()
                        .canEncode(String.valueOf(account.settings().callerIdName())))
                .toList();
        write(work.resolve("all.csv"), locale, accounts());
        write(work.resolve("baltic.csv"), locale, baltic);
        convert(work, opened(locale, LITHUANIAN, false), "xlsx", "all.csv", "baltic.csv");
        convert(work, "", saved('\t', UTF_16_NUMBER, true), "saved/all.xlsx");
        convert(work, "", saved(';', BALTIC_NUMBER, true), "saved/baltic.xlsx");
        assertThat(read(work.resolve("saved/all.csv"), Optional.empty())).containsExactlyElementsOf(accounts());
        assertThat(read(work.resolve("saved/baltic.csv"), Optional.of(BALTIC))).containsExactlyElementsOf(baltic);
    }

    /** The options that LibreOffice's dialog asks for, of a file that is opened. */
    private static String opened(Locale locale, int number, boolean detected) {
        return "--infilter=CSV:%d,34,%d,1,,%d,false,%s"
                .formatted((int) Spreadsheet.separator(locale), UTF_8_NUMBER, number, detected);
    }

    /** The same of one that is saved, with cells as they are shown. */
    private static String saved(char separator, int encoding, boolean quoted) {
        return "csv:Text - txt - csv (StarCalc):%d,34,%d,1,,0,%s,false,true"
                .formatted((int) separator, encoding, quoted);
    }

    private static void convert(Path work, String infilter, String target, String... files) {
        var arguments = Stream.of(
                        Stream.of(
                                "-env:UserInstallation="
                                        + directory.resolve("profile").toUri(),
                                "--headless"),
                        Stream.of(infilter).filter(option -> !option.isEmpty()),
                        Stream.of("--convert-to", target, "--outdir", "saved"),
                        Stream.of(files))
                .flatMap(part -> part);
        var ended = ExternalProgram.run(Tool.LOCALC, work, arguments.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    private static List<NewAccount> accounts() {
        return IntStream.range(0, NAMES.size())
                .mapToObj(i -> {
                    var name = NAMES.get(i);
                    var username = AccountSettings.isUsername(name) ? name : "user-" + i;
                    var account =
                            new NewAccount(new UUID(i, 1), i % 2 == 0 ? "0042" : "42", settings(i, username, name));
                    assertThat(account.violations()).isEmpty();
                    return account;
                })
                .toList();
    }

    private static AccountSettings settings(int i, String username, String name) {
        return AccountSettings.of(
                        username,
                        i % 7 == 6
                                ? new PhoneSecret.Ha1(username, "10.1", "1234567890123456789012345678901e")
                                : new PhoneSecret.Password(PASSWORDS.get(i % PASSWORDS.size())))
                .with(INCOMING_INTERNAL, true)
                .with(OUTGOING_INTERNAL, true)
                .with(ON_DEMAND, true)
                .with(CALLER_ID_NAME, name)
                .with(INTERNAL_CALLER_ID, 101L + i)
                .with(EXTERNAL_CALLER_ID, 370_612_345_678_901L)
                .with(ALLOW_EXTERNAL_CALLS, i % 3 == 0)
                .with(USE_ALLOWED_IPS, i % 2 == 0)
                .with(ALLOWED_IPS, AllowList.parse(i % 4 == 0 ? "10.0.0.0/8" : "1.2.3.0/24,::1,192.168.100.200"))
                .with(REQUIRE_SHA256, i % 7 == 0);
    }

    private static void write(Path file, Locale locale, List<NewAccount> accounts) throws IOException {
        try (var writer = Files.newBufferedWriter(file, UTF_8)) {
            AccountFile.write(
                    writer,
                    Optional.of(locale),
                    rows -> accounts.forEach(account -> rows.accept(
                            sipAccount(account), Optional.of(account.settings().secret()))));
        }
    }

    private static SipAccount sipAccount(NewAccount account) {
        return new SipAccount(
                account.id(), account.customerId(), account.settings(), new SipAccount.Phone(false, null), 1, null);
    }

    private static List<NewAccount> read(Path file, Optional<Charset> encoding) throws IOException {
        var accounts = new ArrayList<NewAccount>();
        try (var bytes = Files.newInputStream(file)) {
            AccountFile.read(bytes, encoding, new AccountFile.Rows() {
                @Override
                public void account(long line, NewAccount account) {
                    accounts.add(account);
                }

                @Override
                public void problem(Problem problem) {
                    throw new AssertionError(problem);
                }
            });
        }
        return accounts;
    }
}
