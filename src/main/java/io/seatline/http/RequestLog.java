package io.seatline.http;

import inet.ipaddr.IPAddress;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request an id, which its answer carries as {@code X-Request-Id}, one line of the access log and a place in the
 * metrics. Neither knows a link's token or any header.
 */
public final class RequestLog implements Filter {
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");

    /** Ids that are none of ours are not told apart: they may be another way to a link. */
    private static final Pattern REGISTRATIONS =
            Pattern.compile("sip_device_routes/[0-9a-f-]+/registrations(/[0-9a-f-]+)?");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final AccessLog log;
    private final MeterRegistry meters;
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    private record Series(String method, String resource, int status) {}

    /** What is learnt about a request on its way. */
    public static final class Trace {
        private final String requestId =
                Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
        private final long started = System.nanoTime();
        private @Nullable IPAddress source;
        private @Nullable String username;

        /** The request's id. */
        public String requestId() {
            return requestId;
        }

        /** Says where it comes from. */
        public void source(IPAddress address) {
            source = address;
        }

        /** Says whose it is. */
        public void username(String name) {
            username = name;
        }
    }

    /** Logs to {@code log}, and measures. */
    public RequestLog(AccessLog log, MeterRegistry meters) {
        this.log = log;
        this.meters = meters;
    }

    /** What is known of a request so far. */
    public static Trace trace(ServerRequest request) {
        return request.context().get(Trace.class, Trace.class).orElseThrow();
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        var trace = new Trace();
        request.context().register(Trace.class, trace);
        response.header(REQUEST_ID, trace.requestId);
        try {
            chain.proceed();
        } finally {
            var nanos = System.nanoTime() - trace.started;
            var status = response.status().code();
            var method = request.prologue().method().text();
            var path = request.prologue().uriPath().rawPath();
            timer(method, path, status).record(nanos, TimeUnit.NANOSECONDS);
            log.write(line(trace, request, method, path, status, response.bytesWritten(), nanos));
        }
    }

    private static String line(
            Trace trace, ServerRequest request, String method, String path, int status, long bytes, long nanos) {
        var line = new StringBuilder(200);
        TIME.formatTo(Instant.now(), line);
        line.append(' ');
        line.append(trace.requestId).append(' ');
        line.append(trace.source == null ? request.remotePeer().host() : trace.source.toCanonicalString())
                .append(' ');
        append(line, trace.username == null ? "-" : trace.username);
        line.append(" \"");
        append(line, method);
        line.append(' ');
        append(line, path);
        var query = request.query().rawValue();
        if (!query.isEmpty()) {
            line.append('?');
            append(line, mayBeLogged(path) ? query : "(hidden)");
        }
        line.append("\" ").append(status).append(' ').append(bytes).append(' ');
        line.append(nanos / 1_000_000).append('.').append(nanos / 100_000 % 10).append("ms\n");
        return line.toString();
    }

    /** Appends with everything that could forge a line, or a field of one, replaced. */
    private static void append(StringBuilder line, String text) {
        for (var i = 0; i < Math.min(text.length(), 2000); i++) {
            var c = text.charAt(i);
            line.append(c <= ' ' || c == '"' || c == 0x7f || (c >= 0x80 && c < 0xa0) ? '?' : c);
        }
    }

    private Timer timer(String method, String path, int status) {
        return timers.computeIfAbsent(
                new Series(known(method), resource(path), status),
                series -> Timer.builder("seatline.http.requests")
                        .description("Requests answered, and how long it took")
                        .tag("method", series.method())
                        .tag("resource", series.resource())
                        .tag("status", Integer.toString(series.status()))
                        .register(meters));
    }

    /** Only the queries of the API's resources: those of a link, however its path is written, hold a token. */
    private static boolean mayBeLogged(String path) {
        return switch (resource(path)) {
            case "sip_device_routes", "customers", "sessions", "customer_admin_sessions", "blocked_sources" -> true;
            // nothing behind the id, such as another ".." way to a link
            case "sip_device_routes/{id}/registrations", "sip_device_routes/{id}/registrations/{id}" -> true;
            case "sip_device_routes/{id}", "customers/{id}", "blocked_sources/{id}" ->
                path.substring(OperatorApi.BASE.length() + 1)
                                .chars()
                                .filter(c -> c == '/')
                                .count()
                        == 1;
            default -> false;
        };
    }

    /** Any method that is not one of ours is one: the number of series must not be the client's to choose. */
    private static String known(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PATCH", "DELETE" -> method;
            default -> "other";
        };
    }

    private static String resource(String path) {
        if (path.startsWith(OperatorApi.BASE + "/")) {
            var rest = path.substring(OperatorApi.BASE.length() + 1);
            var slash = rest.indexOf('/');
            var type = slash < 0 ? rest : rest.substring(0, slash);
            var below = REGISTRATIONS.matcher(rest);
            if (below.matches()) {
                return "sip_device_routes/{id}/registrations" + (below.group(1) == null ? "" : "/{id}");
            }
            return switch (type) {
                case "sip_device_routes",
                        "customers",
                        "sessions",
                        "customer_admin_sessions",
                        "blocked_sources",
                        "auth" -> slash < 0 ? type : type + "/{id}";
                default -> "other";
            };
        }
        return "pages";
    }
}
