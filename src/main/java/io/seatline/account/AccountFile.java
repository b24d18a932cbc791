package io.seatline.account;

import static io.seatline.account.Setting.ALL;
import static io.seatline.account.Setting.USERNAME;
import static java.util.Objects.requireNonNull;

import com.github.f4b6a3.uuid.UuidCreator;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.seatline.jsonapi.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Accounts as a CSV file (RFC 4180) with a header. Only {@code customer_id} must be there; an empty cell is the
 * default, and a username, password or id that is not given is made. Where only the HA1 of a password is known, it
 * stands with its realm in the password's place. What is written can be read again, by way of a spreadsheet too: a text
 * that it would take for a formula, and in a file for one also for a number or a date, has an apostrophe before it.
 */
public final class AccountFile {
    /** The settings that have a column each behind the login. */
    private static final List<Setting<?>> FOLLOWING =
            ALL.stream().filter(setting -> setting != USERNAME).toList();

    /** The columns, in the order they are written. */
    public static final List<String> COLUMNS = Stream.concat(
                    Stream.of("id", "customer_id", "username", "password", "ha1", "realm"),
                    FOLLOWING.stream().map(Setting::name))
            .toList();

    /**
     * What is wrong with a file.
     *
     * @param line of the file, from 1
     * @param column its name in the header, or null when the whole line is wrong
     */
    public record Problem(long line, @Nullable String column, String message) {
        @Override
        public String toString() {
            // what stands in a file does not control the terminal that it is named on
            return ("line " + line + (column == null ? "" : ", column " + column) + ": " + message)
                    .replaceAll("\\p{C}", "\uFFFD");
        }
    }

    /** Takes what is found in a file, a line at a time. */
    public interface Rows {
        /** A line that can be used. */
        void account(long line, NewAccount account);

        /** Something that is wrong; reading goes on, so that everything wrong is found at once. */
        void problem(Problem problem);
    }

    private AccountFile() {}

    /**
     * Reads a file from end to end.
     *
     * @param encoding of a file that does not tell it; UTF-8 when it is empty
     */
    public static void read(InputStream file, Optional<Charset> encoding, Rows rows) {
        CsvTable.read(file, encoding, CsvTable.Source.SPREADSHEET, new CsvTable.Lines() {
            private List<String> header = List.of();

            @Override
            public boolean header(long number, List<String> columns) {
                header = columns;
                return checkHeader(columns, rows);
            }

            @Override
            public void line(long number, List<String> cells) {
                read(new Line(header, cells, number, rows));
            }

            @Override
            public void problem(Problem problem) {
                rows.problem(problem);
            }
        });
    }

    private static boolean checkHeader(List<String> header, Rows rows) {
        if (header.stream().noneMatch(COLUMNS::contains)) {
            // it may be an account, of which no secret is to be shown
            rows.problem(
                    new Problem(1, null, "this is no header, which names columns such as customer_id and username"));
            return false;
        }
        var known = true;
        for (var column : header) {
            if (!COLUMNS.contains(column)) {
                rows.problem(
                        new Problem(1, column, "there is no such column; there are " + String.join(", ", COLUMNS)));
                known = false;
            }
        }
        if (header.stream().distinct().count() < header.size()) {
            rows.problem(new Problem(1, null, "a column stands in the header twice"));
            known = false;
        }
        if (!header.contains("customer_id")) {
            rows.problem(new Problem(1, null, "the column customer_id is missing"));
            known = false;
        }
        return known;
    }

    private static void read(Line line) {
        var id = line.id();
        var settings = AccountSettings.of(
                line.text(USERNAME.name()).orElseGet(AccountSettings::generateUsername), line.secret());
        for (var setting : FOLLOWING) {
            settings = line.read(settings, setting);
        }
        var account = new NewAccount(id, line.text("customer_id").orElse(""), settings);
        account.violations().forEach(violation -> line.problem(violation.attribute(), violation.message()));
        if (line.good) {
            line.rows.account(line.number, account);
        }
    }

    /** A line's cells by column. */
    private static final class Line {
        private final Map<String, String> cells = new HashMap<>();
        private final long number;
        private final Rows rows;
        private final List<String> bad = new ArrayList<>();
        private boolean good = true;

        Line(List<String> header, List<String> found, long number, Rows rows) {
            this.number = number;
            this.rows = rows;
            for (var i = 0; i < found.size(); i++) {
                cells.put(header.get(i), Spreadsheet.original(found.get(i)));
            }
        }

        void problem(String column, String message) {
            good = false;
            if (!bad.contains(column)) {
                rows.problem(new Problem(number, column, message));
            }
        }

        private void unreadable(String column, String message) {
            problem(column, message);
            bad.add(column);
        }

        Optional<String> text(String column) {
            return Optional.ofNullable(cells.get(column)).filter(text -> !text.isEmpty());
        }

        UUID id() {
            return text("id")
                    .flatMap(text -> {
                        var id = Kind.uuid(text);
                        if (id.isEmpty()) {
                            unreadable("id", "must be a UUID");
                        }
                        return id;
                    })
                    .orElseGet(UuidCreator::getTimeOrderedEpoch);
        }

        PhoneSecret secret() {
            var password = text("password");
            var ha1 = text("ha1");
            if (ha1.isEmpty()) {
                if (text("realm").isPresent()) {
                    unreadable("realm", "is the realm of a ha1, and there is none in this line");
                }
                return new PhoneSecret.Password(password.orElseGet(AccountSettings::generatePassword));
            }
            if (password.isPresent()) {
                unreadable("ha1", "stands beside a password: leave one of them empty");
            }
            var realm = text("realm").orElse("");
            if (!PhoneSecret.Ha1.isHash(ha1.get())) {
                unreadable("ha1", "must be 32 hexadecimal digits, the MD5 of username:realm:password");
            }
            if (!PhoneSecret.Ha1.isRealm(realm)) {
                unreadable(
                        "realm",
                        "must be the realm that the ha1 was made with: 1 to 64 printable ASCII characters, no quotes or"
                                + " backslashes");
            }
            if (text("username").isEmpty()) {
                unreadable("username", "must be the one that the ha1 was made with");
            }
            return new PhoneSecret.Ha1(text("username").orElse(""), realm, ha1.get());
        }

        <T extends @Nullable Object> AccountSettings read(AccountSettings settings, Setting<T> setting) {
            var text = text(setting.name());
            if (text.isEmpty()) {
                return settings;
            }
            try {
                return settings.with(setting, setting.parse(text.get()));
            } catch (IllegalArgumentException e) {
                unreadable(setting.name(), requireNonNull(e.getMessage()));
                return settings;
            }
        }
    }

    /**
     * Writes the header, and then whatever is given to the consumer that {@code accounts} gets.
     *
     * @param locale of a spreadsheet that the file is for; empty when it is for programs
     */
    public static void write(
            Writer file, Optional<Locale> locale, Consumer<BiConsumer<SipAccount, Optional<PhoneSecret>>> accounts)
            throws IOException {
        if (locale.isPresent()) {
            file.write(Spreadsheet.BYTE_ORDER_MARK);
        }
        try (var csv = CsvWriter.builder()
                .fieldSeparator(locale.map(Spreadsheet::separator).orElse(','))
                .build(file)) {
            csv.writeRecord(COLUMNS);
            Function<@Nullable Object, String> written = locale.isPresent() ? Spreadsheet::cell : Spreadsheet::harmless;
            accounts.accept((account, secret) -> csv.writeRecord(Stream.concat(
                            Stream.<@Nullable Object>of(
                                    account.id().toString(),
                                    account.customerId(),
                                    account.username(),
                                    secret.map(PhoneSecret::password).orElse(null),
                                    secret.filter(known -> known.realm() != null)
                                            .map(PhoneSecret::kept)
                                            .orElse(null),
                                    secret.map(PhoneSecret::realm).orElse(null)),
                            FOLLOWING.stream().map(setting -> setting.shown(account.settings())))
                    .map(written)
                    .toArray(String[]::new)));
        }
    }
}
