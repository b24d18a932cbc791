package io.seatline.db;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What PostgreSQL says of a start: on its output until it has its log, and in its log from then on. */
final class PostgresLog {
    /** Of what may be a long log, its end tells why. */
    private static final int MAX_BYTES = 16 * 1024;

    private final Path output;
    private final Path directory;
    private final Map<Path, Long> before;

    /** From now on. The output is a new one at each start; the logs are there for a week. */
    PostgresLog(Path output, Path directory) throws IOException {
        this.output = output;
        this.directory = directory;
        this.before = logs();
    }

    private Map<Path, Long> logs() throws IOException {
        var lengths = new TreeMap<Path, Long>();
        if (Files.isDirectory(directory)) {
            try (var logs = Files.newDirectoryStream(directory)) {
                for (var log : logs) {
                    lengths.put(log, Files.size(log));
                }
            }
        }
        return lengths;
    }

    String said() throws IOException {
        var text = new StringBuilder(from(output, 0));
        for (var log : logs().keySet()) {
            text.append(from(log, before.getOrDefault(log, 0L)));
        }
        return text.toString();
    }

    private static String from(Path file, long start) throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            // shorter than before: it began anew
            var first = start > in.length() ? 0 : start;
            in.seek(Math.max(first, in.length() - MAX_BYTES));
            var rest = new byte[(int) (in.length() - in.getFilePointer())];
            in.readFully(rest);
            return new String(rest, StandardCharsets.UTF_8);
        }
    }
}
