package io.seatline.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.seatline.operator.Credentials;
import io.seatline.operator.Operators;
import io.seatline.support.Await;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;

/** What an administrator sees of a running server. */
class OperationsTest {
    private static final String ACCOUNT = "00000000-0000-7000-8000-000000000001";

    private static List<String> accessLog(TestServer server) {
        try {
            return Files.readAllLines(server.directory().resolve("access.log"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void management_tellsHealthAndMetrics_onItsOwnPortOnly() {
        try (var server = TestServer.empty()) {
            server.get("/customers");
            assertThat(server.management("/health/live").statusCode()).isEqualTo(200);
            assertThat(server.management("/health/ready").body()).isEqualTo("ready\n");
            var metrics = server.management("/metrics");
            assertThat(metrics.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            assertThat(metrics.body())
                    .contains(
                            "seatline_http_requests_seconds_count{method=\"GET\",resource=\"customers\",status=\"200\"}")
                    .contains("hikaricp_connections_active")
                    .contains("jvm_memory_used_bytes");
            assertThat(server.sendTo(URI.create(server.url() + "/metrics"), "GET", null)
                            .statusCode())
                    .isEqualTo(404);
            assertThat(server.sendTo(URI.create(server.url() + "/health/ready"), "GET", null)
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void everyRequest_hasAnIdAndOneLine_thatCannotBeForged() {
        try (var server = TestServer.empty()) {
            var response = server.get("/customers?filter[name]=a%20b");
            var id = response.headers().firstValue("X-Request-Id").orElseThrow();
            // a line is written behind the answer, and two connections' lines may change places
            Await.until(() -> accessLog(server).size() == 1);
            server.get("/customers", "Authorization", "");
            Await.until(() -> accessLog(server).size() == 2);
            server.exchange(server.raw("GET /api/rest/public/operator/\u001b31mred HTTP/1.1"));
            Await.until(() -> accessLog(server).size() == 3);
            server.exchange(server.raw("GET " + TestServer.BASE + "/auth?token=SECRET HTTP/1.1"));
            Await.until(() -> accessLog(server).size() >= 4);
            var lines = accessLog(server);
            assertThat(lines).hasSize(4);
            assertThat(lines.getFirst())
                    .matches(
                            "[0-9TZ:.-]+ " + id + " 127\\.0\\.0\\.1 username"
                                    + " \"GET /api/rest/public/operator/customers\\?filter%5Bname%5D=a%20b\" 200 \\d+ [0-9.]+ms");
            assertThat(lines.get(1)).contains(" - \"GET ").contains(" 401 ");
            assertThat(lines.get(2)).contains(" - \"- -\" 400 ");
            assertThat(lines.get(3)).contains("auth?(hidden)").doesNotContain("SECRET");
        }
    }

    @Test
    void secrets_areInNoLogLine_andNotPlainInTheDatabase() throws Exception {
        try (var server = TestServer.empty()) {
            server.customer("test", "123", null);
            server.account("test", TestServer.plain(ACCOUNT, "123", "sealed"));
            server.environment()
                    .database()
                    .jdbi()
                    .useTransaction(handle -> Credentials.add(
                            handle,
                            Operators.find(handle, "test").orElseThrow(),
                            "billing",
                            "correct-horse-battery",
                            TestServer.TEST));
            assertThat(server.get("/sip_device_routes/" + ACCOUNT).body()).contains("correct-horse-battery");
            Await.until(() -> !accessLog(server).isEmpty());
            assertThat(String.join("\n", accessLog(server)))
                    .doesNotContain("correct-horse-battery")
                    .doesNotContain("password")
                    .doesNotContain("dXNlcm5hbWU6");
            try (var connection = server.database().connect();
                    var statement = connection.createStatement()) {
                for (var table : List.of("sip_accounts", "credentials", "audit", "installation")) {
                    try (var rows = statement.executeQuery("SELECT string_agg(t::text, ' ') FROM " + table + " t")) {
                        rows.next();
                        assertThat(String.valueOf(rows.getString(1)))
                                .doesNotContain("correct-horse-battery")
                                .doesNotContain(java.util.HexFormat.of()
                                        .formatHex("correct-horse".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                    }
                }
                try (var rows = statement.executeQuery("SELECT hash FROM credentials WHERE username = 'billing'")) {
                    rows.next();
                    assertThat(rows.getString(1)).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
                }
            }
            assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(server.directory().resolve("secret.key"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void statementThatFails_isToldWithoutItsValues() {
        try (var server = TestServer.empty()) {
            var jdbi = server.environment().database().jdbi();
            var insert = "INSERT INTO customers (operator_id, id, name, language) VALUES (-1, :id, :name, 'EN')";
            var alone = assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.createUpdate(insert)
                    .bind("id", "secret-id")
                    .bind("name", "secret name")
                    .execute()));
            var inABatch = assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.prepareBatch(insert)
                    .bind("id", "secret-id")
                    .bind("name", "secret name")
                    .add()
                    .execute()));
            for (var failure : List.of(alone, inABatch)) {
                failure.hasMessageContainingAll("violates foreign key", "INSERT INTO customers")
                        .hasStackTraceContaining("violates foreign key")
                        .extracting(Throwables::getStackTrace, STRING)
                        .doesNotContain("secret");
            }
        }
    }

    @Test
    void stop_finishesTheRunningRequest_andTakesNoNewOne() throws Exception {
        var server = TestServer.empty();
        server.customer("test", "123", null);
        server.account("test", TestServer.plain(ACCOUNT, "123", "running"));
        CompletableFuture<Integer> patch;
        CompletableFuture<Void> stopped;
        try (var blocker = server.database().connect();
                var statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("SELECT * FROM sip_accounts FOR UPDATE");
            // threads of their own: the pool that all share may have others to run first
            Executor own = task -> Thread.ofPlatform().start(task);
            patch = CompletableFuture.supplyAsync(
                    () -> server.patch("/sip_device_routes/" + ACCOUNT, """
                            {"data": {"type": "sip_device_routes", "id": "%s", "attributes": {"allowed_ips": "192.0.2.1"}}}
                            """.formatted(ACCOUNT))
                            .statusCode(),
                    own);
            Await.until(() -> server.database()
                            .number("SELECT count(*) FROM pg_stat_activity"
                                    + " WHERE wait_event_type = 'Lock' AND datname = current_database()")
                    == 1);
            stopped = CompletableFuture.runAsync(server::stop, own);
            Await.until(() -> refuses(server));
            assertThat(patch).isNotDone();
            blocker.rollback();
        }
        assertThat(patch.get(30, TimeUnit.SECONDS)).isEqualTo(200);
        stopped.get(30, TimeUnit.SECONDS);
        assertThat(server.database().number("SELECT count(*) FROM sip_accounts WHERE allowed_ips <> '{}'"))
                .isEqualTo(1);
        server.close();
    }

    private static boolean refuses(TestServer server) {
        try {
            return server.exchange(server.raw("GET / HTTP/1.1")).isEmpty();
        } catch (java.io.UncheckedIOException e) {
            return true;
        }
    }
}
