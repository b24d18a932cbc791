package io.seatline.cli.command;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What a command found or did, as a table for people or as JSON for scripts. */
public final class Output {
    private static final JsonFactory JSON = new JsonFactory();

    private final PrintWriter out;
    private final boolean json;

    /** One thing: its members by name, in order. */
    public static final class Row {
        private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

        /** Adds a member. */
        public Row with(String name, @Nullable Object value) {
            members.put(name, value);
            return this;
        }
    }

    Output(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Shows one thing: a JSON object, or a line for each member. */
    public void one(Row row) {
        if (json) {
            write(generator -> object(generator, row));
            return;
        }
        var width = row.members.keySet().stream().mapToInt(String::length).max().orElse(0);
        row.members.forEach((name, value) -> out.println(pad(name, width) + "  " + text(value)));
        out.flush();
    }

    /** Shows several: a JSON array, or a table. */
    public void list(List<Row> rows) {
        if (json) {
            write(generator -> {
                generator.writeStartArray();
                rows.forEach(row -> object(generator, row));
                generator.writeEndArray();
            });
            return;
        }
        if (rows.isEmpty()) {
            out.println("(none)");
            out.flush();
            return;
        }
        var widths = new LinkedHashMap<String, Integer>();
        for (var row : rows) {
            row.members.forEach((name, value) ->
                    widths.merge(name, Math.max(name.length(), text(value).length()), Math::max));
        }
        out.println(line(widths, name -> name.toUpperCase(java.util.Locale.ROOT)));
        for (var row : rows) {
            out.println(line(widths, name -> text(row.members.get(name))));
        }
        out.flush();
    }

    private static String line(Map<String, Integer> widths, java.util.function.UnaryOperator<String> cell) {
        var line = new StringBuilder();
        widths.forEach(
                (name, width) -> line.append(pad(cell.apply(name), width)).append("  "));
        return line.toString().stripTrailing();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** The text of a cell, which can't move the cursor: some of them are what strangers' phones say. */
    private static String text(@Nullable Object value) {
        return value == null ? "-" : value.toString().replaceAll("\\p{Cc}", "?");
    }

    private void write(java.util.function.Consumer<JsonGenerator> value) {
        try (var generator = JSON.createGenerator(ObjectWriteContext.empty(), new java.io.StringWriter())) {
            value.accept(generator);
            generator.flush();
            out.println(generator.streamWriteOutputTarget());
            out.flush();
        }
    }

    private static void object(JsonGenerator generator, Row row) {
        generator.writeStartObject();
        row.members.forEach((name, value) -> {
            generator.writeName(name);
            switch (value) {
                case null -> generator.writeNull();
                case Boolean flag -> generator.writeBoolean(flag);
                case Long number -> generator.writeNumber(number);
                default -> generator.writeString(value.toString());
            }
        });
        generator.writeEndObject();
    }
}
