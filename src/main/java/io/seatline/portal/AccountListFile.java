package io.seatline.portal;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.seatline.account.Spreadsheet;
import io.seatline.web.Texts;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The list of accounts as a CSV file for a spreadsheet, in the customer's language. It has no passwords. */
final class AccountListFile implements AutoCloseable {
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
    AccountListFile(OutputStream out, Texts texts) throws IOException {
        var file = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
        file.write(Spreadsheet.BYTE_ORDER_MARK);
        this.csv = CsvWriter.builder()
                .fieldSeparator(Spreadsheet.separator(Locale.of(texts.language())))
                .build(file);
        this.texts = texts;
        csv.writeRecord(COLUMNS.stream().map(texts::get).toArray(String[]::new));
    }

    /** Adds an settings. */
    void write(AccountRow row) {
        var settings = row.account().settings();
        csv.writeRecord(Stream.of(
                        settings.username(),
                        settings.callerIdName(),
                        settings.internalCallerId(),
                        settings.externalCallerId(),
                        texts.get("list." + row.phone().state()),
                        row.phone().userAgent(),
                        row.phone().source(),
                        texts.get(settings.useAllowedIps() ? "list.yes" : "list.no"),
                        settings.allowedIps().toString())
                .map(Spreadsheet::cell)
                .toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
