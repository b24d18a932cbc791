package io.seatline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.Spreadsheet;
import io.seatline.support.Await;
import io.seatline.support.Program;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators do at the command line, beside a running server. */
@Order(1)
@Tag("sql")
@Tag("slow")
@SuppressWarnings("NullAway.Init")
class CommandLineTest {
    private static TestServer server;
    private static Program seatline;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        seatline = Program.beside(server);
        server.customer("test", "acme", null);
        server.customer("test", "sheets", null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "serve",
                "migrate",
                "operator",
                "operator create",
                "operator list",
                "operator delete",
                "operator credential",
                "operator credential add",
                "operator credential list",
                "operator credential rotate",
                "operator credential revoke",
                "customer",
                "customer create",
                "customer list",
                "customer show",
                "customer update",
                "customer delete",
                "account",
                "account create",
                "account list",
                "account show",
                "account update",
                "account delete",
                "account import",
                "account export",
                "registration",
                "registration list",
                "registration kick",
                "registration refused",
                "registration blocked",
                "registration unblock"
            })
    void everyCommand_hasHelpThatFitsATerminal(String command) {
        var arguments = (command + " --help").strip().split(" ", -1);
        var result = seatline.run(arguments);
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("Usage: seatline " + command).contains("--help");
        assertThat(result.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @Test
    void credential_isAddedRotatedAndRevokedWhileTheServerRuns() {
        var created = seatline.run("operator", "create", "north", "--username", "north-billing", "--json");
        assertThat(created.exitCode()).isZero();
        var password = TestServer.JSON.readTree(created.out()).path("password").asString();
        assertThat(password).hasSizeGreaterThanOrEqualTo(32);
        var first = server.as("north-billing", password);
        assertThat(first.get("/customers").statusCode()).isEqualTo(200);

        var added = seatline.runWith(
                "another long password\n",
                "operator",
                "credential",
                "add",
                "--operator",
                "north",
                "north-support",
                "--password-stdin");
        assertThat(added.exitCode()).isZero();
        assertThat(added.out()).doesNotContain("another long password");
        assertThat(server.as("north-support", "another long password")
                        .get("/customers")
                        .statusCode())
                .isEqualTo(200);

        var rotated = seatline.run("operator", "credential", "rotate", "north-billing", "--json");
        // The server hears of it behind the command's end.
        Await.until(() -> first.get("/customers").statusCode() == 401);
        var second = server.as(
                "north-billing",
                TestServer.JSON.readTree(rotated.out()).path("password").asString());
        assertThat(second.get("/customers").statusCode()).isEqualTo(200);

        var listed = seatline.run("operator", "credential", "list", "--operator", "north", "--json");
        assertThat(TestServer.JSON.readTree(listed.out()).findValuesAsString("username"))
                .containsExactly("north-billing", "north-support");
        assertThat(listed.out()).doesNotContain("password").doesNotContain("argon2");

        assertThat(seatline.run("operator", "credential", "revoke", "north-billing")
                        .exitCode())
                .isZero();
        Await.until(() -> second.get("/customers").statusCode() == 401);
        assertThat(server.as("north-support", "another long password")
                        .get("/customers")
                        .statusCode())
                .isEqualTo(200);

        assertThat(seatline.run("operator", "delete", "north").exitCode()).isEqualTo(1);
        assertThat(seatline.run("operator", "delete", "north", "--yes").exitCode())
                .isZero();
        var support = server.as("north-support", "another long password");
        Await.until(() -> support.get("/customers").statusCode() == 401);
    }

    @Test
    void wrongUse_exitsWith2_refusal1_notFound3_unavailable4() {
        assertThat(seatline.run("operator", "create").exitCode()).isEqualTo(2);
        assertThat(seatline.run("operators").err()).contains("Did you mean");
        assertThat(seatline.run("account", "set").err())
                .contains("Unmatched argument at index 1: 'set'", "update", "Usage: seatline account")
                .doesNotContain("Did you mean");
        assertThat(seatline.run("operator", "create", "test").exitCode()).isEqualTo(1);
        assertThat(seatline.run("operator", "create", "other", "--username", "username")
                        .err())
                .contains("The username username is taken");
        assertThat(seatline.runWith("short\n", "operator", "create", "other", "--password-stdin")
                        .err())
                .contains("12 to 128 characters");
        assertThat(seatline.run("operator", "credential", "revoke", "nobody").exitCode())
                .isEqualTo(3);
        assertThat(seatline.run("customer", "show", "nobody").exitCode()).isEqualTo(3);
        assertThat(seatline.run("account", "show", "nobody").exitCode()).isEqualTo(3);
        var away = new Program(Map.of(
                "data.dir", directory.toString(),
                "database.url", "jdbc:postgresql://127.0.0.1:1/none",
                "database.start.wait", "1s"));
        var result = away.run("customer", "list");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).contains("did not answer within 1 s").contains("SEATLINE_DATABASE_URL");
        assertThat(new Program(Map.of("http.prot", "1")).run("customer", "list").err())
                .contains("SEATLINE_HTTP_PROT: there is no such setting; did you mean SEATLINE_HTTP_PORT?");
    }

    @Test
    void command_whereThereIsNoSeatline_saysSo_andMakesNone() {
        var nowhere = directory.resolve("nowhere");
        var result = new Program(Map.of("data.dir", nowhere.toString())).run("operator", "create", "acme");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains(
                        "There is no Seatline in the data directory " + nowhere,
                        "SEATLINE_DATA_DIR (data.dir)",
                        "SEATLINE_DATABASE_URL (database.url)");
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void customer_isCreatedChangedShownAndDeleted() {
        var created = seatline.run(
                "customer",
                "create",
                "--id",
                "blue",
                "--name",
                "Blåbær",
                "--language",
                "LT",
                "--sip-account-limit",
                "1",
                "--json");
        assertThat(created.out())
                .isEqualTo("{\"id\":\"blue\",\"name\":\"Blåbær\",\"language\":\"LT\",\"capacity_limit\":null,"
                        + "\"sip_account_limit\":1}" + System.lineSeparator());
        assertThat(seatline.run("customer", "create", "--id", "blue", "--name", "x")
                        .err())
                .contains("There is a customer blue already.");
        var bad = seatline.run("customer", "create", "--id", "a b", "--language", "DE");
        assertThat(bad.exitCode()).isEqualTo(1);
        assertThat(bad.err())
                .contains("id must be 1 to 64")
                .contains("name can't be blank")
                .contains("language must be");
        assertThat(seatline.run("customer", "update", "blue", "--capacity-limit", "3", "--sip-account-limit", "none")
                        .exitCode())
                .isZero();
        assertThat(seatline.run("customer", "show", "blue", "--json").out())
                .contains("\"capacity_limit\":3,\"sip_account_limit\":null,\"sip_accounts\":0");
        assertThat(seatline.run("customer", "list").out()).contains("ID").contains("Blåbær");
        assertThat(seatline.run("customer", "delete", "blue").exitCode()).isZero();
        assertThat(server.get("/customers/blue").statusCode()).isEqualTo(404);
    }

    @Test
    void account_isCreatedWithGeneratedNameAndPassword_shownAndDeleted() {
        var created = seatline.run("account", "create", "--customer", "acme", "--json");
        var account = TestServer.JSON.readTree(created.out());
        assertThat(account.path("username").asString()).matches("[a-z0-9]{10}");
        assertThat(account.path("password").asString()).matches("[A-Za-z0-9]{20}");
        var id = account.path("id").asString();
        assertThat(TestServer.json(server.get("/sip_device_routes/" + id))
                        .at("/data/attributes/username")
                        .asString())
                .isEqualTo(account.path("username").asString());

        var chosen = seatline.runWith(
                "a-password-of-mine\n",
                "account",
                "create",
                "--customer",
                "acme",
                "--username",
                "Front.Desk",
                "--password-stdin",
                "--record",
                "on_demand,incoming_external",
                "--allow-external-calls",
                "--external-caller-id",
                "37060000001",
                "--allowed-ips",
                "192.0.2.1, 2001:db8::/32",
                "--require-sha256",
                "--json");
        assertThat(chosen.exitCode()).isZero();
        assertThat(chosen.out())
                .contains("\"password\":\"a-password-of-mine\"")
                .contains("\"incoming_external\":true")
                .contains("\"use_allowed_ips\":true,\"allowed_ips\":\"192.0.2.1/32,2001:db8::/32\"")
                .contains("\"require_sha256\":true");
        assertThat(seatline.run("account", "create", "--customer", "acme", "--username", "FRONT.desk")
                        .err())
                .contains("The username is taken");
        var bad = seatline.runWith(
                "short\n",
                "account",
                "create",
                "--customer",
                "acme",
                "--username",
                "a b",
                "--password-stdin",
                "--allow-external-calls",
                "--allowed-ips",
                "10.0.0.5/24");
        assertThat(bad.exitCode()).isEqualTo(1);
        assertThat(bad.err())
                .contains(
                        "username must be",
                        "password must be 12 to 32",
                        "allow_external_calls needs",
                        "10.0.0.0/24 meant?");
        assertThat(seatline.run("account", "show", "front.desk").out()).doesNotContain("a-password-of-mine");
        assertThat(seatline.run("account", "show", "front.desk", "--show-password")
                        .out())
                .contains("a-password-of-mine");
        assertThat(seatline.run("account", "list", "--customer", "acme").out()).contains("Front.Desk");
        assertThat(seatline.run("account", "delete", "front.desk").exitCode()).isZero();
        assertThat(seatline.run("account", "delete", id).exitCode()).isZero();
        assertThat(server.get("/sip_device_routes/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void account_isGivenAnotherPasswordAndAllowList() {
        var id = "00000000-0000-4000-8000-000000000011";
        server.account("test", TestServer.plain(id, "acme", "changing"));
        bind(id, 1, "192.0.2.1");
        bind(id, 2, "198.51.100.1");
        var listed = seatline.run("account", "update", "changing", "--allowed-ips", "192.0.2.0/24", "--json");
        assertThat(listed.out()).contains("\"use_allowed_ips\":false,\"allowed_ips\":\"192.0.2.0/24\"");
        assertThat(bindings(id)).isEqualTo(2);
        var used = seatline.run("account", "update", "CHANGING", "--use-allowed-ips", "--json");
        assertThat(used.out())
                .contains("\"use_allowed_ips\":true,\"allowed_ips\":\"192.0.2.0/24\"")
                .doesNotContain("password");
        assertThat(bindings(id)).isEqualTo(1);
        assertThat(seatline.run("account", "update", id, "--no-use-allowed-ips", "--json")
                        .out())
                .contains("\"use_allowed_ips\":false,\"allowed_ips\":\"192.0.2.0/24\"");

        assertThat(seatline.run("account", "update", id, "--require-sha256", "--json")
                        .out())
                .contains("\"require_sha256\":true");
        assertThat(seatline.run("account", "show", id).out()).containsPattern("require_sha256 +true");

        var chosen = seatline.run("account", "update", id, "--password", "another-password");
        assertThat(chosen.exitCode()).isZero();
        assertThat(chosen.out()).doesNotContain("another-password");
        assertThat(password(id)).isEqualTo("another-password");
        assertThat(bindings(id)).isZero();
        bind(id, 3, "192.0.2.1");
        var etag = server.get("/sip_device_routes/" + id).headers().firstValue("ETag");
        assertThat(seatline.runWith("another-password\n", "account", "update", id, "--password-stdin")
                        .exitCode())
                .isZero();
        assertThat(bindings(id)).as("the same password ends nothing").isEqualTo(1);
        assertThat(server.get("/sip_device_routes/" + id).headers().firstValue("ETag"))
                .isEqualTo(etag);
        var made = TestServer.JSON.readTree(seatline.run("account", "update", id, "--generate-password", "--json")
                .out());
        assertThat(made.path("password").asString()).matches("[A-Za-z0-9]{20}").isEqualTo(password(id));
        assertThat(bindings(id)).isZero();
        assertThat(server.text("SELECT string_agg(changes->>'password', ' ' ORDER BY id) FROM audit WHERE subject = '"
                        + id + "'"))
                .isEqualTo("[null, \"(hidden)\"]" + " [\"(an earlier one)\", \"(hidden)\"]".repeat(2));
        assertThat(server.text("SELECT string_agg(a::text, ' ') FROM audit a")).doesNotContain("another-password");
    }

    @Test
    void account_isNotChangedAgainstTheRules() {
        var id = "00000000-0000-4000-8000-000000000012";
        server.account("test", TestServer.plain(id, "acme", "steady"));
        var before = server.text("SELECT a::text FROM sip_accounts a WHERE username = 'steady'");
        var bad = seatline.run(
                "account",
                "update",
                "steady",
                "--password",
                "short",
                "--allowed-ips",
                "10.0.0.5/24",
                "--use-allowed-ips");
        assertThat(bad.exitCode()).isEqualTo(1);
        assertThat(bad.err()).contains("password must be 12 to 32", "10.0.0.0/24 meant?");
        var closed = seatline.run("account", "update", "steady", "--use-allowed-ips");
        assertThat(closed.exitCode()).isEqualTo(1);
        assertThat(closed.err()).contains("use_allowed_ips needs at least one address in allowed_ips");
        var nothing = seatline.run("account", "update", "steady");
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.err()).contains("Say what to change");
        assertThat(seatline.run("account", "update", "steady", "--password-stdin", "--generate-password")
                        .exitCode())
                .isEqualTo(2);
        assertThat(seatline.run("account", "update", "nobody", "--generate-password")
                        .exitCode())
                .isEqualTo(3);
        assertThat(server.text("SELECT a::text FROM sip_accounts a WHERE username = 'steady'"))
                .isEqualTo(before);
    }

    @Test
    void registration_isListedAndKicked() {
        var id = "00000000-0000-4000-8000-000000000013";
        server.account("test", TestServer.plain(id, "acme", "kicked"));
        server.account("test", TestServer.plain("00000000-0000-4000-8000-000000000014", "acme", "left-alone"));
        bind(id, 1, "192.0.2.1");
        bind(id, 2, "2001:db8::1");
        bind(id, 3, "192.0.2.3");
        bind("00000000-0000-4000-8000-000000000014", 4, "192.0.2.4");
        assertThat(seatline.run("registration", "list").out())
                .contains("USERNAME", "kicked", "left-alone", "sip:4@192.0.2.9", "Phone/4");
        var listed = TestServer.JSON.readTree(
                seatline.run("registration", "list", "KICKED", "--json").out());
        assertThat(listed).hasSize(3);
        assertThat(listed.path(1).propertyNames())
                .containsExactly(
                        "id",
                        "account_id",
                        "username",
                        "contact",
                        "source_address",
                        "source_port",
                        "transport",
                        "user_agent",
                        "expires_at",
                        "expires_in",
                        "first_seen_at",
                        "last_seen_at");
        assertThat(listed.findValuesAsString("source_address"))
                .containsExactlyInAnyOrder("192.0.2.1", "2001:db8::1", "192.0.2.3");

        var byContact = seatline.run("registration", "kick", "kicked", "sip:2@192.0.2.9", "--json");
        assertThat(byContact.out()).isEqualTo("{\"kicked\":1,\"username\":\"kicked\"}" + System.lineSeparator());
        assertThat(bindings(id)).isEqualTo(2);
        var again = seatline.run("registration", "kick", "kicked", "sip:2@192.0.2.9");
        assertThat(again.exitCode()).isEqualTo(3);
        assertThat(again.err()).contains("Account kicked has no registration sip:2@192.0.2.9");
        var theirId = server.text("SELECT id FROM bindings WHERE contact LIKE 'sip:4@%'");
        assertThat(seatline.run("registration", "kick", "kicked", theirId).exitCode())
                .isEqualTo(3);
        assertThat(seatline.run(
                                "registration",
                                "kick",
                                id,
                                server.text("SELECT id FROM bindings WHERE contact LIKE 'sip:1@%'"))
                        .exitCode())
                .isZero();
        assertThat(bindings(id)).isEqualTo(1);
        assertThat(seatline.run("registration", "kick", "kicked", "--json").out())
                .contains("\"kicked\":1");
        assertThat(seatline.run("registration", "list", "kicked").out()).contains("(none)");
        assertThat(bindings("00000000-0000-4000-8000-000000000014")).isEqualTo(1);
        assertThat(seatline.run("registration", "list", "nobody").exitCode()).isEqualTo(3);
        assertThat(seatline.run("registration", "kick", "nobody").exitCode()).isEqualTo(3);
        assertThat(seatline.run("registration", "kick").exitCode()).isEqualTo(2);
        assertThat(
                        server.database()
                                .number(
                                        "SELECT count(*) FROM audit WHERE type = 'registrations' AND actor LIKE 'command line%'"))
                .isEqualTo(3);
    }

    @Test
    void refusals_areExplainedAndBlockedSourcesLetIn() {
        var id = "00000000-0000-4000-8000-000000000015";
        server.account("test", TestServer.plain(id, "acme", "refused"));
        server.database().run("""
                        INSERT INTO refusals (account_id, reason, source, source_port, transport, user_agent, times)
                        VALUES ('%1$s', 'wrong_password', '198.51.100.7', 5060, 'UDP', E'Phone/1\\x1b[2J\\n', 12);
                        INSERT INTO blocked_sources (id, account_id, source, expires_at)
                        VALUES ('00000000-0000-4000-9000-000000000001', '%1$s', '198.51.100.7', now() + interval '1 hour'),
                            ('00000000-0000-4000-9000-000000000002', '%1$s', '198.51.100.8', now() + interval '1 hour'),
                            ('00000000-0000-4000-9000-000000000003', '%1$s', '2001:db8:1:2::/64', now() + interval '1 hour')
                        """.formatted(id));
        var refused = seatline.run("registration", "refused", "refused");
        assertThat(refused.out()).contains("wrong_password", "198.51.100.7", "Phone/1?[2J?", "12");
        assertThat(refused.err()).contains("enter the account's password in the phone again");
        assertThat(seatline.run("registration", "refused", "refused", "--json").out())
                .contains("\"reason\":\"wrong_password\",\"explanation\":\"", "\"times\":12");
        assertThat(seatline.run("registration", "blocked").out())
                .contains("refused", "198.51.100.7", "2001:db8:1:2::/64", "00000000-0000-4000-9000-000000000001");
        assertThat(seatline.run("registration", "unblock", "00000000-0000-4000-9000-000000000002", "--json")
                        .out())
                .isEqualTo("{\"unblocked\":1}" + System.lineSeparator());
        assertThat(seatline.run("registration", "blocked", "--json").out())
                .contains("\"account_id\":\"" + id)
                .doesNotContain("198.51.100.8");
        assertThat(seatline.run("registration", "unblock", "refused", "--json").out())
                .contains("\"unblocked\":2");
        assertThat(seatline.run("registration", "unblock", "--all", "--json").out())
                .contains("\"unblocked\":0");
        assertThat(seatline.run("registration", "unblock").exitCode()).isEqualTo(2);
        assertThat(seatline.run("registration", "unblock", "refused", "--all").exitCode())
                .isEqualTo(2);
        assertThat(seatline.run("registration", "unblock", "00000000-0000-4000-9000-000000000001")
                        .exitCode())
                .isEqualTo(3);
        assertThat(server.database().number("SELECT count(*) FROM audit WHERE type = 'blocked_sources'"))
                .isEqualTo(3);
    }

    private static void bind(String account, int number, String source) {
        server.database().run("""
                        INSERT INTO bindings (account_id, contact, source, user_agent, expires_at)
                        VALUES ('%1$s', 'sip:%2$d@192.0.2.9', '%3$s', 'Phone/%2$d', now() + interval '1 hour')
                        """.formatted(account, number, source));
    }

    private static long bindings(String account) {
        return server.database().number("SELECT count(*) FROM bindings WHERE account_id = '" + account + "'");
    }

    private static String password(String account) {
        return TestServer.json(server.get("/sip_device_routes/" + account))
                .at("/data/attributes/password")
                .asString();
    }

    @Test
    void name_ofInvisibleCharacters_isBlank_andItsLengthIsAsPeopleCount() {
        var thumb = "\ud83d\udc4d\ud83c\udffd";
        for (var blank : List.of("", " ", "\u200b", "\ufeff\u2060", "\u3164")) {
            assertThat(seatline.run("operator", "create", blank, "--username", "blank")
                            .err())
                    .contains("The name can't be blank.");
            assertThat(seatline.run("customer", "create", "--name", blank).err())
                    .contains("name can't be blank.");
            assertThat(seatline.run("account", "create", "--customer", "acme", "--caller-id-name", blank)
                            .err())
                    .contains("caller_id_name must be 1 to 128 characters", "at least one of them visible.");
        }
        assertThat(seatline.run("operator", "create", thumb.repeat(129), "--username", "thumbs")
                        .err())
                .contains("The name must be at most 128 characters long.");
        assertThat(seatline.run("operator", "create", "e" + "\u0301".repeat(100_000), "--username", "thumbs")
                        .err())
                .contains("The name must take at most 2048 bytes in UTF-8.");
        assertThat(seatline.runWith(thumb.repeat(11) + "\n", "operator", "create", "thumbs", "--password-stdin")
                        .err())
                .contains("12 to 128 characters");
        var operator = thumb.repeat(128);
        var password = thumb.repeat(128);
        assertThat(seatline.runWith(
                                password + "\n",
                                "operator",
                                "create",
                                operator,
                                "--username",
                                "x".repeat(64),
                                "--password-stdin")
                        .exitCode())
                .isZero();
        assertThat(server.as("x".repeat(64), password).get("/customers").statusCode())
                .isEqualTo(200);
        assertThat(seatline.run("operator", "delete", operator, "--yes").exitCode())
                .isZero();
    }

    /**
     * A zero in front that was dropped, or digits that were taken for others, would be another extension than the one
     * meant.
     */
    @ParameterizedTest
    @ValueSource(strings = {"0101", "00", "-1", "+101", " 101", "1e2", "101.0", "0x65", "\uff11\uff10\uff11", "many"})
    void number_writtenOtherwise_isRefusedInClearWords(String number) {
        var internal = "must be an extension of up to 10 digits, without leading zeros";
        var external = "must be a phone number of up to 15 digits, without leading zeros";
        var before = server.database().number("SELECT count(*) FROM sip_accounts");
        var created = seatline.run(
                "account",
                "create",
                "--customer",
                "acme",
                "--internal-caller-id=" + number,
                "--external-caller-id=" + number);
        assertThat(created.exitCode()).isEqualTo(1);
        assertThat(created.err())
                .contains("internal_caller_id " + internal + ".", "external_caller_id " + external + ".");
        var imported = seatline.runWith(
                "customer_id,internal_caller_id,external_caller_id\nacme," + number + ",\nacme,,\"" + number + "\"\n",
                "account",
                "import",
                "-");
        assertThat(imported.exitCode()).isEqualTo(1);
        assertThat(imported.err())
                .contains(
                        "line 2, column internal_caller_id: " + internal,
                        "line 3, column external_caller_id: " + external);
        assertThat(server.database().number("SELECT count(*) FROM sip_accounts"))
                .isEqualTo(before);
    }

    @Test
    void number_zero_andTheLongest_areTaken() {
        server.customer("test", "numbers", null);
        assertThat(seatline.run(
                                "account",
                                "create",
                                "--customer",
                                "numbers",
                                "--internal-caller-id",
                                "0",
                                "--external-caller-id",
                                "999999999999999")
                        .exitCode())
                .isZero();
        assertThat(seatline.runWith(
                                "customer_id,internal_caller_id,external_caller_id\nnumbers,9999999999,0\n",
                                "account",
                                "import",
                                "-")
                        .exitCode())
                .isZero();
        assertThat(server.text("SELECT string_agg(internal_caller_id || ' ' || external_caller_id, ', ' ORDER BY id)"
                        + " FROM sip_accounts WHERE customer_id = 'numbers'"))
                .isEqualTo("0 999999999999999, 9999999999 0");
    }

    @Test
    void import_takesNamesAsPeopleCountThem() {
        server.customer("test", "names", null);
        var random = new Random(16);
        var longest = random.ints(128, 0x20000, 0x2a000)
                .mapToObj(ideograph -> Character.toString(ideograph)
                        + random.ints(3, 0xe0100, 0xe01f0)
                                .mapToObj(Character::toString)
                                .collect(Collectors.joining()))
                .collect(Collectors.joining());
        var refused = seatline.runWith(
                "customer_id,caller_id_name\nnames,\u200b\nnames,ok\nnames," + "e\u0301".repeat(129) + "\nnames,e"
                        + "\u0301".repeat(1024) + "\n",
                "account",
                "import",
                "-");
        assertThat(refused.err())
                .contains(
                        "line 2, column caller_id_name: must be 1 to 128 characters",
                        "line 4, column caller_id_name: must be 1 to 128 characters",
                        "line 5, column caller_id_name: must take at most 2048 bytes in UTF-8",
                        "Nothing was imported.")
                .doesNotContain("line 3");
        assertThat(seatline.runWith("customer_id,caller_id_name\nnames," + longest + "\n", "account", "import", "-")
                        .err())
                .isEmpty();
        assertThat(TestServer.json(server.get(
                                "/sip_device_routes?filter[caller_id_name]=" + URLEncoder.encode(longest, UTF_8)))
                        .at("/data/0/attributes/caller_id_name")
                        .asString())
                .isEqualTo(longest);
    }

    @Test
    void import_withAnythingWrong_namesEveryLineAndColumn_andKeepsNothing() throws IOException {
        server.customer("test", "two-seats", 2L);
        var file = directory.resolve("accounts.csv");
        Files.writeString(file, """
                customer_id,username,password,internal_caller_id,allow_external_calls,allowed_ips
                acme,ok-1,,,,
                nobody,ok-2,,,,
                acme,OK-1,,,,
                acme,b c,short,x,maybe,"10.0.0.5/24,300.1.1.1"
                acme,,,,true,
                two-seats,,,,,
                two-seats,,,,,
                two-seats,,,,,
                acme,too,many,,,,x
                """);
        var before = server.database().number("SELECT count(*) FROM sip_accounts");
        var result = seatline.run("account", "import", file.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "line 5, column username: must be 1 to 64",
                        "line 5, column password: must be 12 to 32",
                        "line 5, column internal_caller_id: must be an extension of up to 10 digits, without leading zeros",
                        "line 5, column allow_external_calls: must be true or false",
                        "line 5, column allowed_ips: 10.0.0.5/24 has bits set behind its prefix: is the block 10.0.0.0/24",
                        "line 5, column allowed_ips: 300.1.1.1 is not an IP address",
                        "line 6, column allow_external_calls: needs an external_caller_id",
                        "line 10: there are 7 cells, and the header has 6",
                        "Nothing was imported.");
        Files.writeString(file, """
                customer_id,username
                acme,ok-1
                nobody,ok-2
                acme,OK-1
                two-seats,
                two-seats,
                two-seats,
                """);
        result = seatline.run("account", "import", file.toString());
        assertThat(result.err())
                .contains(
                        "line 3, column customer_id: there is no customer nobody",
                        "line 4, column username: the username OK-1 stands in line 2 already",
                        "line 7, column customer_id: customer two-seats may have 2 accounts, and has 0 already");
        assertThat(server.database().number("SELECT count(*) FROM sip_accounts"))
                .isEqualTo(before);
        assertThat(seatline.runWith("id,name\n1,2\n", "account", "import", "-").err())
                .contains("line 1, column name: there is no such column", "line 1: the column customer_id is missing");
        assertThat(seatline.run(
                                "account",
                                "import",
                                directory.resolve("none.csv").toString())
                        .err())
                .contains("There is no readable file");
    }

    @Test
    void import_ofAFileInAnotherEncoding_saysHowToMendIt() throws IOException {
        var file = Files.write(
                directory.resolve("encoded.csv"),
                "customer_id;caller_id_name\r\nsheets;Šarūnė\r\n".getBytes(Charset.forName("windows-1257")));
        assertThat(seatline.run("account", "import", file.toString()).err())
                .contains(
                        "the file is not UTF-8 throughout: save it as \"CSV UTF-8\", or name its encoding",
                        "Nothing was");
        assertThat(seatline.run("account", "import", file.toString(), "--encoding", "windows-1257")
                        .err())
                .isEmpty();
        assertThat(server.text("SELECT caller_id_name FROM sip_accounts WHERE customer_id = 'sheets'"))
                .isEqualTo("Šarūnė");
        assertThat(seatline.runWith("x", "account", "import", "-", "--encoding", "windows-9999")
                        .err())
                .contains("--encoding");
    }

    @Test
    void import_ofAnExport_givesTheSameAccounts() throws IOException {
        server.customer("test", "round-trip", null);
        var csv =
                "customer_id,username,caller_id_name,external_caller_id,allow_external_calls,use_allowed_ips,allowed_ips,require_sha256\r\n"
                        + "round-trip,trip-1,\"Said \"\"so\"\", twice\",37060000001,true,true,\"::1 192.0.2.0/24\",true\r\n"
                        + "round-trip,trip-2,back\\slash\u00e9,,,,,\r\n";
        var dry = seatline.runWith(csv, "account", "import", "-", "--dry-run", "--json");
        assertThat(dry.out()).isEqualTo("{\"accounts\":2,\"kept\":false}" + System.lineSeparator());
        assertThat(server.database().number("SELECT count(*) FROM sip_accounts WHERE customer_id = 'round-trip'"))
                .isZero();
        assertThat(seatline.runWith(csv, "account", "import", "-").exitCode()).isZero();
        assertThat(seatline.runWith(csv, "account", "import", "-").err())
                .contains("line 2, column username: the username trip-1 is taken");

        var file = directory.resolve("export.csv");
        var exported = seatline.run("account", "export", file.toString(), "--customer", "round-trip");
        assertThat(exported.exitCode()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file))
                .contains(
                        "\"Said \"\"so\"\", twice\"",
                        "back\\slash\u00e9",
                        "\"::1/128,192.0.2.0/24\",true",
                        ",false,,false");
        assertThat(seatline.run("account", "export", file.toString()).err()).contains("already");
        assertThat(seatline.run("customer", "delete", "round-trip").exitCode()).isZero();
        server.customer("test", "round-trip", null);
        assertThat(seatline.run("account", "import", file.toString()).exitCode())
                .isZero();
        assertThat(seatline.run("account", "export", "-", "--customer", "round-trip")
                        .out())
                .isEqualTo(Files.readString(file));
    }

    /** The hash is MD5 of {@code trip-3:old.example:correct-horse-battery}; an account has it or a password. */
    @Test
    void account_ofWhichTheHashAloneIsKnown_isImported_shown_exported_andGivenAPassword() throws IOException {
        server.customer("test", "hashed", null);
        var hash = "2c5743ced5223d9ccadd58039c72c3be";
        var csv = "customer_id,username,ha1,realm,password\nhashed,trip-3," + hash + ",old.example,\n";
        assertThat(seatline.runWith(csv, "account", "import", "-").err()).isEmpty();
        assertThat(seatline.run("account", "show", "trip-3", "--show-password", "--json")
                        .out())
                .contains("\"password\":null", "\"ha1_realm\":\"old.example\"");

        var file = directory.resolve("hashed.csv");
        assertThat(seatline.run("account", "export", file.toString(), "--customer", "hashed")
                        .exitCode())
                .isZero();
        assertThat(Files.readString(file)).contains(",trip-3,," + hash + ",old.example,");
        assertThat(seatline.run("account", "export", "-", "--customer", "hashed", "--without-passwords")
                        .out())
                .contains(",trip-3,,,,")
                .doesNotContain(hash);
        assertThat(seatline.run("customer", "delete", "hashed").exitCode()).isZero();
        server.customer("test", "hashed", null);
        assertThat(seatline.run("account", "import", file.toString()).err()).isEmpty();

        assertThat(seatline.run("account", "update", "trip-3", "--password", "another-horse-battery")
                        .exitCode())
                .isZero();
        assertThat(seatline.run("account", "show", "trip-3", "--show-password", "--json")
                        .out())
                .contains("\"password\":\"another-horse-battery\"", "\"ha1_realm\":null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u,xyz,r,     | column ha1: must be 32 hexadecimal digits, the MD5 of username:realm:password",
                "u,%1$s,,     | column realm: must be the realm that the ha1 was made with",
                "u,%1$s,a\"b,| column realm: must be the realm that the ha1 was made with",
                "u,,r,        | column realm: is the realm of a ha1, and there is none in this line",
                ",%1$s,r,     | column username: must be the one that the ha1 was made with",
                "u,%1$s,r,a-password-beside | column ha1: stands beside a password: leave one of them empty"
            })
    void import_ofAHash_saysWhatIsMissing(String line, String problem) {
        var csv =
                "customer_id,username,ha1,realm,password\nacme," + line.strip().formatted("0".repeat(32)) + "\n";
        assertThat(seatline.runWith(csv, "account", "import", "-").err()).contains("line 2, " + problem);
    }

    /**
     * In every form in which a spreadsheet begins a formula; and what looks like one that was made harmless stays as it
     * is.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "lt"})
    void export_hasNoFormulas_andIsReadBackUnchanged(String language) throws IOException {
        server.customer("test", "formulas", null);
        var names = List.of(
                "=1+1",
                "+370 600",
                "-2",
                "@SUM(A1)",
                "'=1",
                "''+1",
                "'tis",
                "a;=1+1",
                "a;\"=1",
                "\uFF1D1\uFF0B1",
                "\uFF20x",
                "ok");
        var csv = names.stream()
                .map(name -> "formulas,\"" + Spreadsheet.cell(name).replace("\"", "\"\"") + "\",-abc=" + "x".repeat(12))
                .collect(Collectors.joining("\n", "customer_id,caller_id_name,password\n", "\n"));
        assertThat(seatline.runWith(csv, "account", "import", "-").err()).isEmpty();
        assertThat(names()).containsExactlyInAnyOrderElementsOf(names);
        var file = directory.resolve("formulas-" + language + ".csv");
        var arguments = new ArrayList<>(List.of("account", "export", file.toString(), "--customer", "formulas"));
        if (!language.isEmpty()) {
            arguments.addAll(List.of("--spreadsheet", language));
        }
        assertThat(seatline.run(arguments.toArray(String[]::new)).exitCode()).isZero();
        var text = Files.readString(file);
        assertThat(text.startsWith("\uFEFF")).isEqualTo(!language.isEmpty());
        assertThat(text.contains("customer_id;username")).isEqualTo(language.equals("lt"));
        assertThat(text.split("[;,\\r\\n]", -1))
                .noneMatch(cell -> cell.strip().replace("\"", "").matches("[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20].*"));
        assertThat(seatline.run("customer", "delete", "formulas").exitCode()).isZero();
        server.customer("test", "formulas", null);
        assertThat(seatline.run("account", "import", file.toString()).err()).isEmpty();
        assertThat(names()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(seatline.run("customer", "delete", "formulas").exitCode()).isZero();
    }

    @Test
    void encodingAndLanguage_thatNobodyKnows_areRefusedWithTheirLike() {
        var encoding = seatline.runWith("", "account", "import", "-", "--encoding", "win1257");
        assertThat(encoding.exitCode()).isEqualTo(2);
        assertThat(encoding.err())
                .contains("--encoding", "there is no encoding win1257", "windows-1257 (Baltic)")
                .doesNotContain("Exception");
        var language = seatline.run("account", "export", "-", "--spreadsheet", "lithuanian");
        assertThat(language.exitCode()).isEqualTo(2);
        assertThat(language.err()).contains("there is no language lithuanian: give its code, such as en, lt, lv or ru");
        assertThat(seatline.run("account", "export", "-", "--spreadsheet", "lt_LT")
                        .out())
                .contains("customer_id;username");
        assertThat(seatline.runWith("customer_id,on_demand\nacme,WAHR\n", "account", "import", "-")
                        .err())
                .contains("line 2, column on_demand: must be true or false, in English");
    }

    private static List<String> names() {
        return List.of(
                server.text("SELECT string_agg(caller_id_name, '|') FROM sip_accounts WHERE customer_id = 'formulas'")
                        .split("\\|", -1));
    }

    @Test
    void import_ofManyLines_isOneTransactionWithExactCountsAndAudit() throws IOException {
        server.customer("test", "many", null);
        var file = directory.resolve("many.csv");
        Files.writeString(
                file,
                IntStream.range(0, 20_000)
                        .mapToObj(i -> "many,many-" + i + "," + 100 + i % 900)
                        .collect(Collectors.joining("\n", "customer_id,username,internal_caller_id\n", "\n")));
        assertThat(seatline.run("account", "import", file.toString(), "--json").out())
                .contains("\"accounts\":20000");
        assertThat(TestServer.json(server.get("/sip_device_routes?filter[customer.id]=many&page[size]=1"))
                        .at("/meta/record_count")
                        .asInt())
                .isEqualTo(20_000);
        assertThat(server.database().number("SELECT count(*) FROM audit WHERE changes->'username'->>1 LIKE 'many-%'"))
                .isEqualTo(20_000);
    }
}
