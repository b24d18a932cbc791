package io.seatline.operations;

import static io.seatline.support.TestServer.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seatline.db.DatabaseStartException;
import io.seatline.environment.Environment;
import io.seatline.secret.Secret;
import io.seatline.secret.SecretKey;
import io.seatline.session.SessionTokens;
import io.seatline.session.SessionTokens.Use;
import io.seatline.support.ConsoleClient;
import io.seatline.support.Phone;
import io.seatline.support.TestDatabase;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * A database that an earlier Seatline filled, opened by this one. For each version V there is {@code upgrade/V.sql},
 * which adds what was stored under that version; a database of version 3 has grown through 1 and 2.
 */
@Tag("sql")
@Tag("slow")
class DatabaseUpgradeTest {
    private static final String KEY = "b2xkLWtleS1vbGQta2V5LW9sZC1rZXktb2xkLWtleSE=";
    private static final String PHONE = "00000000-0000-4000-8000-00000000a001";
    private static final String PLAIN = "00000000-0000-4000-8000-00000000a002";
    private static final UUID CUSTOMERS_SESSION = UUID.fromString("00000000-0000-4000-8000-00000000b001");
    private static final UUID STAFF_SESSION = UUID.fromString("00000000-0000-4000-8000-00000000b002");
    private static final UUID CONSOLE_SESSION = UUID.fromString("00000000-0000-4000-8000-00000000b003");

    /** Tables in which there never is anything. */
    private static final Set<String> EMPTY = Set.of("registration_gate");

    /** What a migration takes away on purpose: phones registered anew when version 2 kept more of them. */
    private static final Map<String, MigrationVersion> DROPPED = Map.of("bindings", MigrationVersion.fromVersion("2"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    // the versions, and a database of each

    static Stream<MigrationVersion> versions() {
        try (var database = TestDatabase.unmigrated()) {
            return Stream.of(flyway(database, MigrationVersion.LATEST).info().all())
                    .map(migration -> migration.getVersion());
        }
    }

    private static Flyway flyway(TestDatabase database, MigrationVersion target) {
        return Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations("classpath:db/migration")
                .target(target)
                .load();
    }

    /** A database as it is after a life under every version up to that one. */
    private static TestDatabase filled(MigrationVersion last) {
        var database = TestDatabase.unmigrated();
        versions().filter(version -> version.compareTo(last) <= 0).forEach(version -> {
            flyway(database, version).migrate();
            database.run(fixture(version));
        });
        assertThat(rows(database).entrySet())
                .allSatisfy(table -> assertThat(table.getValue().isEmpty() && !EMPTY.contains(table.getKey()))
                        .as(
                                "Of an upgrade only what is there can be lost: src/test/resources/upgrade/V%s.sql must put a row"
                                        + " into the table %s",
                                last, table.getKey())
                        .isFalse());
        return database;
    }

    private static String fixture(MigrationVersion version) {
        var name = "/upgrade/V" + version + ".sql";
        try (var file = DatabaseUpgradeTest.class.getResourceAsStream(name)) {
            assertThat(file)
                    .as(
                            "There is a migration to version %s, but no src/test/resources%s: write one that puts a row into each"
                                    + " table that is new and uses each column that is, so that the upgrade from %s is tested",
                            version, name, version)
                    .isNotNull();
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All rows of all tables, as objects of their columns. */
    private static Map<String, List<JsonNode>> rows(TestDatabase database) {
        var rows = new HashMap<String, List<JsonNode>>();
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            var names = new ArrayList<String>();
            try (var tables = statement.executeQuery("""
                    SELECT table_name FROM information_schema.tables
                    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'flyway_schema_history'
                    """)) {
                while (tables.next()) {
                    names.add(tables.getString(1));
                }
            }
            for (var name : names) {
                var found = new ArrayList<JsonNode>();
                try (var row = statement.executeQuery("SELECT to_jsonb(t)::text FROM " + name + " t")) {
                    while (row.next()) {
                        found.add(TestServer.JSON.readTree(row.getString(1)));
                    }
                }
                rows.put(name, found);
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Environment open(TestDatabase database) {
        return Environment.open(TestServer.config(database, directory, Map.of("secret.key", KEY)), false);
    }

    // the upgrade

    @ParameterizedTest
    @MethodSource("versions")
    void database_ofAnEarlierVersion_keepsEveryRow(MigrationVersion version) {
        try (var database = filled(version)) {
            var before = rows(database);
            open(database).close();
            var after = rows(database);
            before.forEach((table, rows) -> {
                var dropped = DROPPED.get(table);
                if (dropped == null || version.compareTo(dropped) >= 0) {
                    assertThat(rows)
                            .as("the rows of " + table)
                            .allSatisfy(row -> assertThat(after.getOrDefault(table, List.of()))
                                    .anyMatch(kept -> row.properties().stream()
                                            .allMatch(
                                                    column -> column.getValue().equals(kept.get(column.getKey())))));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void database_ofAnEarlierVersion_isServed(MigrationVersion version) {
        try (var old = TestServer.on(filled(version), Map.of("secret.key", KEY))) {
            var server = old.as("billing", "old-password-of-billing");
            assertCustomersAndAccounts(server);
            assertPhonesRegister(server);
            assertSessionsGoOn(server);
            assertConsoleShows(server, "/console/audit", "192.0.2.7");
            if (version.compareTo(MigrationVersion.fromVersion("2")) >= 0) {
                assertRegistrationsAndRefusals(server);
            }
            if (version.compareTo(MigrationVersion.fromVersion("6")) >= 0) {
                assertPhoneMayNotUseMd5(server);
            }
            if (version.compareTo(MigrationVersion.fromVersion("3")) >= 0) {
                assertThat(page(server, "/console", Use.CONSOLE, CONSOLE_SESSION, "billing")
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    private static JsonNode read(TestServer server, String path) {
        var answer = server.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static void assertCustomersAndAccounts(TestServer server) {
        var customer = read(server, "/customers/old").at("/data/attributes");
        assertThat(customer.path("name").asString()).isEqualTo("Old Customer Ąž Ж");
        assertThat(customer.path("sip_account_limit").intValue()).isEqualTo(3);
        var accounts = read(server, "/sip_device_routes?filter[customer.id]=old");
        assertThat(accounts.at("/meta/record_count").intValue()).isEqualTo(2);
        var account = read(server, "/sip_device_routes/" + PHONE).at("/data/attributes");
        assertThat(account.path("username").asString()).isEqualTo("OldPhone");
        assertThat(account.path("password").asString()).isEqualTo("correct-horse-battery");
        assertThat(account.path("caller_id_name").asString()).isEqualTo("Old Name");
        assertThat(account.path("allowed_ips").asString())
                .contains("127.0.0.0/8")
                .contains("2001:db8::/32");

        assertThat(read(server, "/sip_device_routes?filter[caller_id_name]=Old%20Name")
                        .at("/meta/record_count")
                        .intValue())
                .isEqualTo(1);

        var changed = server.patch("/sip_device_routes/" + PLAIN, """
                {"data": {"type": "sip_device_routes", "id": "%s",
                          "attributes": {"use_allowed_ips": true, "allowed_ips": "127.0.0.1"}}}
                """.formatted(PLAIN));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(read(server, "/sip_device_routes/" + PLAIN)
                        .at("/data/attributes/allowed_ips")
                        .asString())
                .isEqualTo("127.0.0.1/32");
    }

    private static void assertPhonesRegister(TestServer server) {
        try (var phone = Phone.at(server, "OldPhone", "correct-horse-battery");
                var plain = Phone.at(server, "oldplain", "staple-battery-horse");
                var guesser = Phone.at(server, "oldplain", "correct-horse-battery")) {
            assertThat(phone.registers().contacts()).anyMatch(contact -> contact.contains(phone.contact()));
            assertThat(plain.registers("MD5").status()).isEqualTo(200);
            assertThat(guesser.registers().status()).isEqualTo(401);
        }
        assertThat(read(server, "/sip_device_routes/" + PHONE)
                        .at("/data/attributes/is_online")
                        .asBoolean())
                .isTrue();
    }

    private static void assertPhoneMayNotUseMd5(TestServer server) {
        try (var phone = Phone.at(server, "OldPhone", "correct-horse-battery")) {
            assertThat(phone.registers("MD5").status()).isEqualTo(401);
        }
    }

    private void assertSessionsGoOn(TestServer server) {
        for (var session : List.of(CUSTOMERS_SESSION, STAFF_SESSION)) {
            var entered = server.sendTo(
                    URI.create(server.url() + TestServer.BASE + "/auth?token=" + token(Use.LINK, session, "old")),
                    "GET",
                    null);
            assertThat(entered.headers().firstValue("Set-Cookie"))
                    .as("the cookie for session " + session)
                    .isPresent();
        }
    }

    private String token(Use use, UUID session, String subject) {
        var tokens = new SessionTokens(SecretKey.load(Optional.of(new Secret(KEY)), directory.resolve("none")));
        return tokens.issue(use, session, subject, Instant.now().plusSeconds(600));
    }

    private HttpResponse<String> page(TestServer server, String path, Use use, UUID session, String subject) {
        return server.sendTo(
                URI.create(server.url() + path),
                "GET",
                null,
                "Authorization",
                "",
                "Content-Type",
                "",
                "Cookie",
                "seatline-console=" + token(use, session, subject));
    }

    private static void assertConsoleShows(TestServer server, String path, String text) {
        assertThat(ConsoleClient.signIn(server, "billing", "old-password-of-billing")
                        .get(path)
                        .body())
                .contains(text);
    }

    private static void assertRegistrationsAndRefusals(TestServer server) {
        assertThat(read(server, "/sip_device_routes/" + PHONE + "/registrations")
                        .path("data")
                        .values())
                .anySatisfy(registration -> {
                    assertThat(registration.path("id").asString()).isEqualTo("00000000-0000-4000-9000-00000000c001");
                    assertThat(registration.at("/attributes/contact").asString())
                            .isEqualTo("sip:old@192.0.2.17:5060");
                });
        assertThat(read(server, "/blocked_sources").path("data").values())
                .anySatisfy(blocked ->
                        assertThat(blocked.at("/attributes/source").asString()).isEqualTo("198.51.100.77"));
        // version 3 gave each refusal its operator, by which the console finds it
        assertConsoleShows(server, "/console/abuse", "198.51.100.66");
    }

    // the other way

    @Test
    void database_ofANewerVersion_isRefused_andLeftAsItIs() {
        try (var database = TestDatabase.unmigrated()) {
            open(database).close();
            database.run("""
                    INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,
                        installed_by, execution_time, success)
                    VALUES (99, '99', 'calls', 'SQL', 'V99__calls.sql', 1, 'seatline', 1, true)
                    """);
            var before = rows(database);
            var known = versions().max(MigrationVersion::compareTo).orElseThrow();
            assertThatThrownBy(() -> open(database).close())
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessage("The tables of " + database.url()
                            + " are a newer Seatline's: they are at version 99, and this"
                            + " program knows them up to " + known + ".\nStart that newer Seatline or a later one, or"
                            + " restore the backup from before the upgrade.");
            assertThat(rows(database)).isEqualTo(before);
        }
    }
}
