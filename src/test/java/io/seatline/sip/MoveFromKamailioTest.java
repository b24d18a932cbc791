package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.PhoneSecret.Ha1;
import io.seatline.support.ExternalProgram;
import io.seatline.support.ExternalProgram.Tool;
import io.seatline.support.Phone;
import io.seatline.support.Program;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand phones registered at a Kamailio whose table has hashes alone; now Seatline stands at the same port. */
@Tag("slow")
final class MoveFromKamailioTest {
    private static final int PHONES = 1_000;
    private static final String DOMAIN = "old.example";

    @TempDir
    private Path directory;

    private static String username(int phone) {
        return "phone%04d".formatted(phone);
    }

    private static String password(int phone) {
        return "horse-battery-" + phone;
    }

    private static String ha1(int phone) {
        return Ha1.of(username(phone), DOMAIN, password(phone)).hex();
    }

    private static List<String> phones(String header, IntFunction<String> line) {
        return Stream.concat(Stream.of(header), IntStream.range(0, PHONES).mapToObj(line))
                .toList();
    }

    @Test
    void phones_registerAfterTheMove_withoutBeingToldAnything() throws IOException, URISyntaxException {
        var port = ExternalProgram.freePort();
        var phones = Files.write(
                directory.resolve("phones.csv"),
                phones(
                        "SEQUENTIAL",
                        phone -> username(phone) + ";[authentication username=" + username(phone) + " password="
                                + password(phone) + "]"));
        try (var kamailio = kamailio(port)) {
            kamailio.until(() -> isAnswering(port));
            register(phones, port);
            kamailio.terminate();
            var _ = kamailio.ended();
        }

        var exported = Files.write(
                directory.resolve("subscriber.csv"),
                phones(
                        "id,username,domain,password,ha1,ha1b",
                        phone -> phone + "," + username(phone) + "," + DOMAIN + ",," + ha1(phone) + ","));
        try (var server = TestServer.empty(Map.of("sip.port", Integer.toString(port), "sip.realms", DOMAIN))) {
            server.customer("test", "moved", null);
            var imported = Program.beside(server)
                    .run("account", "import", exported.toString(), "--format", "kamailio", "--customer", "moved");
            assertThat(imported.exitCode()).as(imported.err()).isZero();
            register(phones, port);
            assertThat(server.database()
                            .number("SELECT count(DISTINCT account_id) FROM bindings WHERE expires_at > now()"))
                    .isEqualTo(PHONES);
        }
    }

    private static boolean isAnswering(int port) {
        try (var phone = new Phone("127.0.0.1", "127.0.0.1", port, "anybody", "")) {
            phone.sendOnly(phone.register()
                    .with("From", "<sip:anybody@" + DOMAIN + ">;tag=1")
                    .text());
            return phone.receive(200).isPresent();
        }
    }

    /** Registers each phone once, a few hundred a second. */
    private void register(Path phones, int port) throws IOException, URISyntaxException {
        var scenario = Path.of(Objects.requireNonNull(getClass().getResource("/sip/sipp/moved.xml"))
                .toURI());
        var errors = directory.resolve("errors");
        var ended = ExternalProgram.run(
                Tool.SIPP,
                directory,
                "127.0.0.1:" + port,
                "-sf",
                scenario.toString(),
                "-inf",
                phones.toString(),
                "-i",
                "127.0.0.1",
                "-m",
                Integer.toString(PHONES),
                "-r",
                "500",
                // one address may have 500 registrations in work, which a busy machine comes to
                "-l",
                "400",
                "-nostdin",
                "-timeout",
                "60",
                "-timeout_error",
                "-trace_err",
                "-error_file",
                errors.toString());
        assertThat(ended.exitCode())
                .as(Files.exists(errors) ? Files.readString(errors) : ended.output())
                .isZero();
    }

    private ExternalProgram kamailio(int port) throws IOException {
        var tables = Files.createDirectory(directory.resolve("tables"));
        Files.writeString(
                tables.resolve("version"), "id(int,auto) table_name(string) table_version(int)\n0:subscriber:7\n");
        Files.write(
                tables.resolve("subscriber"),
                phones(
                        "id(int,auto) username(string) domain(string) ha1(string)",
                        phone -> phone + ":" + username(phone) + ":" + DOMAIN + ":" + ha1(phone)));
        var config = Files.write(
                directory.resolve("kamailio.cfg"),
                List.of(
                        "disable_tcp=yes",
                        "children=2",
                        "listen=udp:127.0.0.1:" + port,
                        "loadmodule \"db_text.so\"",
                        "loadmodule \"sl.so\"",
                        "loadmodule \"pv.so\"",
                        "loadmodule \"usrloc.so\"",
                        "loadmodule \"registrar.so\"",
                        "loadmodule \"auth.so\"",
                        "loadmodule \"auth_db.so\"",
                        "modparam(\"auth_db\", \"db_url\", \"text://" + tables + "\")",
                        "modparam(\"auth_db\", \"calculate_ha1\", 0)",
                        "modparam(\"auth_db\", \"password_column\", \"ha1\")",
                        "modparam(\"auth_db\", \"use_domain\", 1)",
                        "request_route {",
                        "  if (!auth_check(\"$fd\", \"subscriber\", \"1\")) { auth_challenge(\"$fd\", \"0\"); exit; }",
                        "  save(\"location\");",
                        "}"));
        return ExternalProgram.start(
                Tool.KAMAILIO,
                directory,
                "-DD",
                "-E",
                "-f",
                config.toString(),
                "-Y",
                directory.toString(),
                "-P",
                directory.resolve("pid").toString());
    }
}
