package io.seatline.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;

/** The operator's console on the wire: a session's cookie, and what a browser sends along with a form. */
public final class ConsoleClient {
    private static final Pattern TOKEN = Pattern.compile("name=\"_session\" value=\"([^\"]+)\"");

    private final TestServer server;
    private final String cookie;

    private ConsoleClient(TestServer server, String cookie) {
        this.server = server;
        this.cookie = cookie;
    }

    /** Signs in. */
    public static ConsoleClient signIn(TestServer server, String username, String password) {
        var answer = login(server, username, password);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return new ConsoleClient(server, cookie(answer));
    }

    /** What signing in answers. */
    public static HttpResponse<String> login(TestServer server, String username, String password) {
        return server.sendTo(
                URI.create(server.url() + "/console/login"),
                "POST",
                form("username", username, "password", password),
                "Authorization",
                "",
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Sec-Fetch-Site",
                "same-origin");
    }

    /** The name and value of the cookie that an answer sets. */
    public static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    public static String form(String... fields) {
        var text = new StringBuilder();
        for (var i = 0; i < fields.length; i += 2) {
            text.append(i == 0 ? "" : "&")
                    .append(URLEncoder.encode(fields[i], UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(fields[i + 1], UTF_8));
        }
        return text.toString();
    }

    public String cookie() {
        return cookie;
    }

    public HttpResponse<String> get(String path) {
        return server.sendTo(
                URI.create(server.url() + path),
                "GET",
                null,
                "Authorization",
                "",
                "Content-Type",
                "",
                "Cookie",
                cookie);
    }

    /** Sends a form as one of the console's own pages does. */
    public HttpResponse<String> post(String path, String... fields) {
        return send(path, form(fields) + (fields.length == 0 ? "" : "&") + form("_session", token()));
    }

    private HttpResponse<String> send(String path, String form) {
        return server.sendTo(
                URI.create(server.url() + path),
                "POST",
                form,
                "Authorization",
                "",
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Sec-Fetch-Site",
                "same-origin",
                "Cookie",
                cookie);
    }

    public String token() {
        var found = TOKEN.matcher(get("/console").body());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }
}
