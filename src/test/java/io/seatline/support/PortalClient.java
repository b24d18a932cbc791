package io.seatline.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/** A customer's session without a browser: the cookie that a link is exchanged for, and requests that carry it. */
public record PortalClient(TestServer server, String cookie) {
    private static final Pattern TOKEN = Pattern.compile("data-session=\"([^\"]+)\"");

    /** Opens a new link of the customer's, which ends the one before. */
    public static PortalClient enter(TestServer server, String customerId) {
        return enter(server, "sessions", customerId);
    }

    /** Opens a new link of the operator's staff for the customer. */
    public static PortalClient enterAsStaff(TestServer server, String customerId) {
        return enter(server, "customer_admin_sessions", customerId);
    }

    private static PortalClient enter(TestServer server, String type, String customerId) {
        var link = TestServer.json(server.post(
                        "/" + type,
                        "{\"data\": {\"type\": \"" + type
                                + "\", \"relationships\": {\"customer\": {\"data\": {\"type\": \"customers\","
                                + " \"id\": \"" + customerId + "\"}}}}}"))
                .at("/data/attributes/uri")
                .asString();
        var cookie = server.sendTo(URI.create(link), "GET", null)
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        return new PortalClient(server, cookie.substring(0, cookie.indexOf(';')));
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers));
    }

    /** The token of the session's forms. */
    public String token() {
        var found = TOKEN.matcher(get("/accounts").body());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** Sends a form as one of our own pages does. */
    public HttpResponse<String> post(String path, String fields, String... headers) {
        return postWith(token(), path, fields, headers);
    }

    /**
     * Sends a form of the session whose {@code token} that is.
     *
     * @param fields encoded; a character stands for a byte
     */
    public HttpResponse<String> postWith(String token, String path, String fields, String... headers) {
        return send(request(path, headers)
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.ofString("_session=" + token + "&" + fields, StandardCharsets.ISO_8859_1)));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(server.url() + path)).header("Cookie", cookie);
        return headers.length > 0 ? request.headers(headers) : request;
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Listens to server-sent events, until it is closed or the server ends them. */
    public Listener listen(String path) {
        return new Listener(path);
    }

    /** One who listens. */
    public final class Listener implements AutoCloseable {
        private final CopyOnWriteArrayList<String> lines = new CopyOnWriteArrayList<>();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Socket socket;

        private Listener(String path) {
            try {
                socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (var reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                reader.lines().takeWhile(line -> !line.equals("0")).forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                // that is how it ends when it is closed
            } finally {
                ended.countDown();
            }
        }

        /** How often a line has come. */
        public long times(String line) {
            return lines.stream().filter(line::equals).count();
        }

        /** All that has come, chunk sizes and all. */
        public String text() {
            return String.join("\n", lines);
        }

        /** Waits for the end of the stream, which must come within five seconds. */
        public void awaitEnd() {
            Promptness.within("the end of a page's events", Duration.ofSeconds(5), () -> Await.until(this::hasEnded));
        }

        public boolean hasEnded() {
            return ended.getCount() == 0;
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
