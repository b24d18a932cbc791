package io.seatline.support;

import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.NewAccount;
import io.seatline.account.PhoneSecret;
import io.seatline.account.SipAccounts;
import io.seatline.audit.Actor;
import io.seatline.customer.Customer;
import io.seatline.customer.Customers;
import io.seatline.demo.Demo;
import io.seatline.environment.Config;
import io.seatline.environment.ConfigSource;
import io.seatline.environment.Environment;
import io.seatline.operator.Operator;
import io.seatline.operator.Operators;
import io.seatline.server.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real server in this process, on free ports, with a database of its own; and a client that speaks to it. Requests
 * carry the demo's credential and the API's media type unless a test says otherwise.
 */
public final class TestServer implements AutoCloseable {
    public static final String JSON_API = "application/vnd.api+json";
    public static final String BASE = "/api/rest/public/operator";
    public static final Actor TEST = new Actor("test", null, null);
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Argon2Function QUICK_HASH = Argon2Function.getInstance(8, 1, 1, 32, Argon2.ID);

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(30))
            .build();

    private final TestDatabase database;
    private final Path directory;
    private final Server server;
    private final String authorization;

    private TestServer(TestDatabase database, Path directory, Server server, String authorization) {
        this.database = database;
        this.directory = directory;
        this.server = server;
        this.authorization = authorization;
    }

    /** A server with the demo's data. */
    public static TestServer withDemo() {
        var server = start(Map.of());
        Demo.load(server.environment());
        return server;
    }

    /** A server with an operator "test", whose credential is the demo's, and nothing more. */
    public static TestServer empty() {
        return empty(Map.of());
    }

    /** As {@link #empty()}, with settings by their names, such as {@code link.lifetime}. */
    public static TestServer empty(Map<String, String> settings) {
        var server = start(settings);
        server.operator("test", "username", "password");
        return server;
    }

    /**
     * As {@link #empty()}, more impatient with its clients: {@code requestLimit} is what they may take for a request.
     */
    public static TestServer empty(Duration requestLimit) {
        var server = on(new TestDatabase(), Map.of(), requestLimit);
        server.operator("test", "username", "password");
        return server;
    }

    /** A server with no operator at all. */
    public static TestServer start(Map<String, String> settings) {
        return on(new TestDatabase(), settings);
    }

    /** A server on a database that is there already, and is dropped with it. */
    public static TestServer on(TestDatabase database, Map<String, String> settings) {
        return on(database, settings, Server.REQUEST_LIMIT);
    }

    private static TestServer on(TestDatabase database, Map<String, String> settings, Duration requestLimit) {
        try {
            var directory = Files.createTempDirectory("seatline-test");
            return new TestServer(
                    database,
                    directory,
                    Server.start(config(database, directory, settings), false, requestLimit),
                    basic("username", "password"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another server, a node, on the database and with the key of this one. */
    public TestServer another() {
        return another(Map.of());
    }

    /** As {@link #another()}, with settings of its own. */
    public TestServer another(Map<String, String> settings) {
        try {
            return new TestServer(
                    database, directory, Server.start(config(database, directory, settings), false), authorization);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Config config(TestDatabase database, Path directory, Map<String, String> settings) {
        var environment = new HashMap<String, String>();
        environment.put("SEATLINE_DATA_DIR", directory.toString());
        environment.put("SEATLINE_DATABASE_URL", database.url());
        environment.put("SEATLINE_DATABASE_USER", database.user());
        environment.put("SEATLINE_DATABASE_PASSWORD", database.password());
        environment.put("SEATLINE_HTTP_PORT", "0");
        environment.put("SEATLINE_MANAGEMENT_PORT", "0");
        environment.put("SEATLINE_SIP_PORT", "0");
        environment.put("SEATLINE_SIP_TLS_PORT", "0");
        environment.put("SEATLINE_SIP_SHA256_AGENTS", Phone.AGENT + ", linphone");
        environment.put("SEATLINE_LOG_ACCESS", directory.resolve("access.log").toString());
        settings.forEach((key, value) -> environment.put(
                "SEATLINE_" + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_'), value));
        return Config.read(ConfigSource.of(environment));
    }

    public Environment environment() {
        return server.environment();
    }

    public TestDatabase database() {
        return database;
    }

    public Path directory() {
        return directory;
    }

    public int port() {
        return server.port();
    }

    public int sipPort() {
        return server.sipPort();
    }

    /** There when the settings name a certificate. */
    public int sipTlsPort() {
        return server.sipTlsPort().orElseThrow();
    }

    public int managementPort() {
        return server.managementPort();
    }

    public String url() {
        return server.publicUrl();
    }

    /** The usual {@code Authorization} header's value. */
    public String authorization() {
        return authorization;
    }

    /** The same server, spoken to with another credential. */
    public TestServer as(String username, String password) {
        return new TestServer(database, directory, server, basic(username, password));
    }

    public static String basic(String username, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(UTF_8));
    }

    // what is in the database

    /**
     * An operator with a credential, whose hash takes less time than those that the product makes: a hash says itself
     * what it takes.
     */
    public Operator operator(String name, String username, String password) {
        return environment().database().jdbi().inTransaction(handle -> {
            var operator = Operators.create(handle, name, TEST).orElseThrow();
            handle.execute(
                    "INSERT INTO credentials (username, operator_id, hash) VALUES (?, ?, ?)",
                    username,
                    operator.id(),
                    QUICK_HASH.hash(password).getResult());
            return operator;
        });
    }

    public int operatorId(String name) {
        return environment()
                .database()
                .jdbi()
                .withHandle(handle -> Operators.find(handle, name).orElseThrow().id());
    }

    public void customer(String operator, String id, @Nullable Long sipAccountLimit) {
        var _ = environment()
                .database()
                .jdbi()
                .inTransaction(handle -> Customers.create(
                                handle,
                                Operators.find(handle, operator).orElseThrow().id(),
                                new Customer(id, "Customer " + id, "EN", null, sipAccountLimit, 0),
                                TEST)
                        .orElseThrow());
    }

    /** The text that {@code sql} selects, empty for null and for no row. */
    public String text(String sql) {
        return database.text(sql);
    }

    public SipAccounts accounts() {
        return new SipAccounts(environment().database().jdbi(), environment().accountPasswords());
    }

    /** An account with the plainest settings. */
    public static NewAccount plain(String id, String customerId, String username) {
        return plain(id, customerId, username, "");
    }

    /** As {@link #plain(String, String, String)}, but phones may use it from these addresses only, if there are any. */
    public static NewAccount plain(String id, String customerId, String username, String allowedIps) {
        return new NewAccount(
                UUID.fromString(id),
                customerId,
                AccountSettings.of(username, new PhoneSecret.Password("correct-horse-battery"))
                        .with(USE_ALLOWED_IPS, !allowedIps.isEmpty())
                        .with(ALLOWED_IPS, AllowList.parse(allowedIps)));
    }

    public SipAccounts.Creation account(String operator, NewAccount account) {
        return accounts().create(operatorId(operator), account, TEST);
    }

    // requests

    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public HttpResponse<String> patch(String path, String body, String... headers) {
        return send("PATCH", path, body, headers);
    }

    public HttpResponse<String> post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    public HttpResponse<String> delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    /**
     * Sends a request to a path below the API's base, brackets percent-encoded for the client's sake.
     *
     * @param headers names and values in turn, which take the place of the usual ones; an empty value leaves the header
     *     out
     */
    public HttpResponse<String> send(String method, String path, @Nullable String body, String... headers) {
        return sendTo(URI.create(url() + BASE + path.replace("[", "%5B").replace("]", "%5D")), method, body, headers);
    }

    public HttpResponse<String> sendTo(URI uri, String method, @Nullable String body, String... headers) {
        var all = new HashMap<String, String>();
        all.put("Authorization", authorization);
        all.put("Content-Type", JSON_API);
        for (var i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        var request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(60))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        all.forEach((name, value) -> {
            if (!value.isEmpty()) {
                request.header(name, value);
            }
        });
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public HttpResponse<String> management(String path) {
        return sendTo(URI.create("http://127.0.0.1:" + managementPort() + path), "GET", null);
    }

    /** Sends bytes as they are, and gives all that comes back until the server closes or thirty seconds have passed. */
    public String exchange(String request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request line and the usual headers, for {@link #exchange}; the connection closes behind it. */
    public String raw(String requestLine, String... moreHeaders) {
        return requestLine + "\r\nHost: localhost\r\nContent-Type: " + JSON_API + "\r\nAuthorization: " + authorization
                + "\r\nConnection: close\r\n"
                + (moreHeaders.length == 0 ? "" : String.join("\r\n", moreHeaders) + "\r\n") + "\r\n";
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        server.close();
        database.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops a server that {@link #another()} started, and leaves the database to the first. */
    public void stop() {
        server.close();
    }
}
