package io.seatline.account.foreign;

import io.seatline.account.AccountFile.Problem;
import io.seatline.account.CsvTable;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads tables with an account in each line. */
final class TableReader implements CsvTable.Lines {
    private final ForeignRows rows;
    private final Findings findings;
    private final LineReader reader;
    private List<String> header = List.of();

    /** Makes an account of a line. */
    interface LineReader {
        /** Columns of which a file must have the first, and one of the others. */
        List<String> needed();

        void read(Line line, Findings findings);
    }

    private TableReader(ForeignRows rows, LineReader reader) {
        this.rows = rows;
        this.findings = new Findings(rows);
        this.reader = reader;
    }

    static void read(InputStream file, Optional<Charset> encoding, ForeignRows rows, LineReader reader) {
        CsvTable.read(file, encoding, CsvTable.Source.DATABASE, new TableReader(rows, reader));
    }

    @Override
    public boolean header(long number, List<String> columns) {
        header = columns.stream()
                .map(column -> column.strip().toLowerCase(Locale.ROOT))
                .toList();
        var needed = reader.needed();
        var fault = !header.contains(needed.getFirst())
                ? "the column " + needed.getFirst() + " is missing: the first line must name the columns"
                : needed.stream().skip(1).noneMatch(header::contains)
                        ? "there is no column " + String.join(" or ", needed.subList(1, needed.size()))
                                + ": nobody could log in"
                        : new HashSet<>(header).size() < header.size() ? "a column stands in the header twice" : "";
        if (!fault.isEmpty()) {
            problem(new Problem(number, null, fault));
        }
        return fault.isEmpty();
    }

    @Override
    public void line(long number, List<String> cells) {
        var line = new Line(number);
        for (var i = 0; i < cells.size(); i++) {
            line.cells.put(header.get(i), cells.get(i));
        }
        reader.read(line, findings);
    }

    @Override
    public void problem(Problem problem) {
        rows.problem(problem);
    }

    /** A line's cells by column, each taken once; what is left in the end has no counterpart here. */
    static final class Line {
        private final long number;
        private final Map<String, String> cells = new LinkedHashMap<>();

        private Line(long number) {
            this.number = number;
        }

        long number() {
            return number;
        }

        /** A cell without white space around it; empty for none. */
        String take(String column) {
            return takeAsItIs(column).strip();
        }

        /** A cell as it is, such as a password. */
        String takeAsItIs(String column) {
            var cell = cells.remove(column);
            return cell == null ? "" : cell;
        }

        /** Whether a cell says yes, as databases and web forms do. */
        boolean takeFlag(String column) {
            return switch (take(column).toLowerCase(Locale.ROOT)) {
                case "true", "t", "yes", "y", "1", "on", "enabled", "checked" -> true;
                default -> false;
            };
        }

        /** Takes what says nothing that is not said elsewhere. */
        void skip(String... columns) {
            cells.keySet().removeAll(List.of(columns));
        }

        void skipAll(String prefix) {
            cells.keySet().removeIf(column -> column.startsWith(prefix));
        }

        /** Remarks what is left. */
        void rest(Draft draft) {
            cells.forEach((column, cell) -> {
                if (!cell.isBlank()) {
                    draft.noCounterpart(column);
                }
            });
        }
    }
}
