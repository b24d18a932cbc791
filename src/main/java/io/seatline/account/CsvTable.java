package io.seatline.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.seatline.account.AccountFile.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;

/**
 * A CSV file (RFC 4180) with a header, as spreadsheets write it: empty lines count as little as empty cells at a line's
 * end, which may be there beyond the header's or not at all.
 */
public final class CsvTable {
    private static final char NO_QUOTE = '\0';

    /** Who has written a file. */
    public enum Source {
        /** A spreadsheet, or a program that writes for one. */
        SPREADSHEET,
        /**
         * A database. Where tabs part its cells nothing is quoted, and a backslash escapes, as by PostgreSQL's COPY and
         * {@code mysql --batch}; NULL and {@code \N} are empty.
         */
        DATABASE
    }

    /** Takes what is found in a file. */
    public interface Lines {
        /** The header; whether the lines under it are wanted. */
        boolean header(long number, List<String> columns);

        /** A line that is not empty, with no more cells than the header has. */
        void line(long number, List<String> cells);

        /** Something that is wrong; reading goes on, where that is possible. */
        void problem(Problem problem);
    }

    private CsvTable() {}

    /**
     * Reads a file from end to end.
     *
     * @param encoding of a file that does not tell it; UTF-8 when it is empty
     */
    public static void read(InputStream file, Optional<Charset> encoding, Source source, Lines lines) {
        try (var text = new SpreadsheetText(file, encoding)) {
            var escaped = source == Source.DATABASE && text.separator() == '\t';
            var builder = CsvReader.builder()
                    .fieldSeparator(text.separator())
                    .skipEmptyLines(true)
                    .allowUnclosedQuote(false)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
            if (escaped) {
                builder.quoteCharacter(NO_QUOTE);
            }
            try (var records = builder.ofCsvRecord(text.text())) {
                var rest = records.iterator();
                if (!rest.hasNext()) {
                    lines.problem(new Problem(1, null, "the file is empty: it must begin with a header"));
                    return;
                }
                var first = rest.next();
                var header = withoutEmptyEnd(first.getFields());
                var wanted = lines.header(text.linesBefore() + first.getStartingLineNumber(), header);
                while (wanted && rest.hasNext()) {
                    var record = rest.next();
                    var number = text.linesBefore() + record.getStartingLineNumber();
                    var cells = withoutEmptyEnd(
                            source == Source.DATABASE
                                    ? record.getFields().stream()
                                            .map(cell -> databaseCell(cell, escaped))
                                            .toList()
                                    : record.getFields());
                    if (cells.size() > header.size()) {
                        lines.problem(new Problem(
                                number,
                                null,
                                "there are " + cells.size() + " cells, and the header has " + header.size()));
                    } else if (record.getFieldCount() < header.size() && !rest.hasNext() && !text.endsWithALine()) {
                        lines.problem(new Problem(number, null, "the file seems to be cut off here"));
                    } else if (!cells.isEmpty()) {
                        lines.line(number, cells);
                    }
                }
            }
        } catch (CsvParseException e) {
            lines.problem(new Problem(lineOf(e), null, "this is not CSV: " + e.getMessage()));
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof CharacterCodingException)) {
                throw e;
            }
            lines.problem(notInItsEncoding(encoding));
        } catch (CharacterCodingException e) {
            lines.problem(notInItsEncoding(encoding));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String databaseCell(String cell, boolean escaped) {
        if (cell.equals("\\N") || cell.equals("NULL")) {
            return "";
        }
        return escaped && cell.indexOf('\\') >= 0 ? unescaped(cell) : cell;
    }

    private static String unescaped(String cell) {
        var text = new StringBuilder(cell.length());
        for (var i = 0; i < cell.length(); i++) {
            var character = cell.charAt(i);
            if (character == '\\' && i + 1 < cell.length()) {
                i++;
                character = switch (cell.charAt(i)) {
                    case '0' -> '\0';
                    case 'b' -> '\b';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> cell.charAt(i);
                };
            }
            text.append(character);
        }
        return text.toString();
    }

    private static List<String> withoutEmptyEnd(List<String> cells) {
        var size = cells.size();
        while (size > 0 && cells.get(size - 1).isEmpty()) {
            size--;
        }
        return cells.subList(0, size);
    }

    private static long lineOf(CsvParseException e) {
        var message = String.valueOf(e.getMessage()).replaceAll("(?s).*?line (\\d+).*", "$1");
        return message.matches("\\d{1,18}") ? Long.parseLong(message) : 1;
    }

    private static Problem notInItsEncoding(Optional<Charset> encoding) {
        return new Problem(
                1,
                null,
                "the file is not " + encoding.orElse(UTF_8)
                        + " throughout: save it as \"CSV UTF-8\", or name its encoding,"
                        + " such as windows-1252 (Western European), windows-1257 (Baltic) or windows-1251 (Cyrillic)");
    }
}
