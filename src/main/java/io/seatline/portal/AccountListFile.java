package io.seatline.portal;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.seatline.web.Texts;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The list of accounts as a CSV file (RFC 4180, UTF-8) for a spreadsheet, in the customer's language. It has no passwords. */
final class AccountListFile implements AutoCloseable {
    /**
     * Where a spreadsheet takes what follows for a formula: at a cell's beginning, and behind a semicolon or a tab, with which cells
     * are parted where commas are decimal points, as in most of our languages.
     */
    private static final Pattern FORMULA = Pattern.compile("(?:^|[;\t\r])[\"\\s]*+(?=[=+@-])");

    private static final List<String> COLUMNS = List.of(
            "username",
            "list.name",
            "list.extension",
            "list.outside",
            "list.state",
            "list.agent",
            "list.source",
            "list.allowed",
            "list.addresses");

    private final CsvWriter csv;
    private final Texts texts;

    /** Begins a file with its header. */
    AccountListFile(OutputStream out, Texts texts) {
        this.csv = CsvWriter.builder().build(new BufferedWriter(new OutputStreamWriter(out, UTF_8)));
        this.texts = texts;
        csv.writeRecord(COLUMNS.stream().map(texts::get).toArray(String[]::new));
    }

    /** Adds an account. */
    void write(AccountRow row) {
        var account = row.account();
        csv.writeRecord(Stream.of(
                        account.username(),
                        orEmpty(account.callerIdName()),
                        orEmpty(account.internalCallerId()),
                        orEmpty(account.externalCallerId()),
                        texts.get("list." + row.phone().state()),
                        row.phone().userAgent(),
                        row.phone().source(),
                        texts.get(account.useAllowedIps() ? "list.yes" : "list.no"),
                        account.allowedIps())
                .map(AccountListFile::harmless)
                .toArray(String[]::new));
    }

    private static String orEmpty(@Nullable Object value) {
        return Objects.requireNonNullElse(value, "").toString();
    }

    private static String harmless(String cell) {
        return FORMULA.matcher(cell).replaceAll("$0'");
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
