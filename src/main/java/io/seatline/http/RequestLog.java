package io.seatline.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Gives every request a line of the access log and a place in the metrics. Neither knows a link's token or any header.
 */
public final class RequestLog {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final AccessLog log;
    private final MeterRegistry meters;
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    private record Series(String method, String resource, int status) {}

    /** Logs to {@code log}, and measures. */
    public RequestLog(AccessLog log, MeterRegistry meters) {
        this.log = log;
        this.meters = meters;
    }

    /** Logs and measures an answer that took so long. */
    public void write(Exchange exchange, long nanos) {
        timer(exchange).record(nanos, TimeUnit.NANOSECONDS);
        log.write(line(exchange, nanos));
    }

    private static String line(Exchange exchange, long nanos) {
        var line = new StringBuilder(200);
        TIME.formatTo(Instant.now(), line);
        line.append(' ').append(exchange.id()).append(' ');
        line.append(exchange.source().toCanonicalString()).append(' ');
        append(line, exchange.username().orElse("-"));
        line.append(" \"");
        append(line, exchange.method());
        line.append(' ');
        append(line, exchange.path());
        if (!exchange.query().isEmpty()) {
            line.append('?');
            append(line, exchange.logsQuery() ? exchange.query() : "(hidden)");
        }
        line.append("\" ").append(exchange.status()).append(' ').append(exchange.bytesWritten());
        line.append(' ').append(nanos / 1_000_000).append('.').append(nanos / 100_000 % 10);
        return line.append("ms\n").toString();
    }

    /** Appends with everything that could forge a line, or a field of one, replaced. */
    private static void append(StringBuilder line, String text) {
        for (var i = 0; i < Math.min(text.length(), 2000); i++) {
            var c = text.charAt(i);
            line.append(c <= ' ' || c == '"' || c == 0x7f || (c >= 0x80 && c < 0xa0) ? '?' : c);
        }
    }

    private Timer timer(Exchange exchange) {
        return timers.computeIfAbsent(
                new Series(known(exchange.method()), exchange.resource(), exchange.status()),
                series -> Timer.builder("seatline.http.requests")
                        .description("Requests answered, and how long it took")
                        .tag("method", series.method())
                        .tag("resource", series.resource())
                        .tag("status", Integer.toString(series.status()))
                        .register(meters));
    }

    /** Any method that is not one of ours is one: the number of series must not be the client's to choose. */
    private static String known(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PATCH", "DELETE" -> method;
            default -> "other";
        };
    }
}
