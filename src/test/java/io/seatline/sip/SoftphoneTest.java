package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.ExternalProgram;
import io.seatline.support.ExternalProgram.Tool;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestCertificate;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real softphones, without a screen or sound. baresip 1 can't register where it is offered SHA-256 at all, so it shows
 * that it is offered MD5 alone; twinkle takes the MD5 that stands second.
 */
@Tag("slow")
final class SoftphoneTest {
    @TempDir
    private static Path certificates;

    private static TestServer server;

    /** The same accounts over plain HTTP. */
    private static TestServer api;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        var made = TestCertificate.create(certificates);
        server = TestServer.empty(Map.of(
                "sip.expires.min", "5s",
                "tls.certificate", made.certificate().toString(),
                "tls.key", made.key().toString()));
        server.customer("test", "123", null);
        api = server.another();
    }

    @AfterAll
    static void stop() {
        api.stop();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp", "tls"})
    void baresip_isOnlineWhileItRuns(String transport) throws IOException {
        var account = PhoneAccount.create(api, "baresip." + transport);
        try (var baresip = baresip(account, transport, PhoneAccount.PASSWORD)) {
            baresip.until(account::isOnline);
            assertThat(account.userAgent()).startsWith("baresip ");
            assertThat(api.text("SELECT transport FROM bindings WHERE account_id = '" + account.id() + "'"))
                    .isEqualToIgnoringCase(transport);
            baresip.terminate();
            baresip.until(() -> !account.isOnline());
            assertThat(baresip.ended().output()).contains("200 OK");
        }
        assertThat(account.userAgent()).isEmpty();
    }

    @Test
    void baresip_wrongPassword_isNotOnline() throws IOException {
        var account = PhoneAccount.create(api, "baresip.wrong");
        try (var baresip = baresip(account, "udp", "wrong-horse-battery")) {
            baresip.until(() -> account.lastRefusal().equals("wrong_password"));
            baresip.until(() -> baresip.output().contains("401 Unauthorized"));
            assertThat(account.isOnline()).isFalse();
        }
    }

    @Test
    void twinkle_isOnlineWhileItRuns() throws IOException {
        var account = PhoneAccount.create(api, "twinkle");
        try (var twinkle = twinkle(account)) {
            twinkle.until(account::isOnline);
            assertThat(account.userAgent()).startsWith("Twinkle/");
            twinkle.type("quit");
            twinkle.until(() -> !account.isOnline());
            assertThat(twinkle.ended().output()).contains("registration succeeded", "de-registration succeeded");
        }
    }

    /** It gives up at a second challenge, as old PBXs do that register at a provider. */
    @Test
    void kamailio_registersAsAClient_andComesBackInTime() throws IOException {
        var account = PhoneAccount.create(api, "kamailio.uac");
        try (var kamailio = kamailio(account)) {
            kamailio.until(account::isOnline);
            assertThat(account.userAgent()).startsWith("kamailio (");
            kamailio.until(() -> !api.text(
                            "SELECT count(*) FROM bindings WHERE refreshed_at > first_seen_at AND account_id = '"
                                    + account.id() + "'")
                    .equals("0"));
            assertThat(account.isOnline()).isTrue();
        }
    }

    private ExternalProgram kamailio(PhoneAccount account) throws IOException {
        var port = ExternalProgram.freePort();
        var tables = Files.createDirectory(directory.resolve("tables"));
        Files.writeString(
                tables.resolve("version"), "id(int,auto) table_name(string) table_version(int)\n0:uacreg:5\n");
        Files.writeString(
                tables.resolve("uacreg"),
                "id(int,auto) l_uuid(string) l_username(string) l_domain(string) r_username(string) r_domain(string)"
                        + " realm(string) auth_username(string) auth_password(string) auth_ha1(string,null) auth_proxy(string)"
                        + " expires(int) flags(int) reg_delay(int) contact_addr(string,null) socket(string,null)\n"
                        + "0:one:%1$s:127.0.0.1:%1$s:127.0.0.1:seatline:%1$s:%2$s::sip\\:127.0.0.1\\:%3$d:10:0:0::\n"
                                .formatted(account.username(), PhoneAccount.PASSWORD, server.sipPort()));
        Files.write(
                directory.resolve("kamailio.cfg"),
                List.of(
                        "disable_tcp=yes",
                        "children=1",
                        "listen=udp:127.0.0.1:" + port,
                        "loadmodule \"db_text.so\"",
                        "loadmodule \"tm.so\"",
                        "loadmodule \"sl.so\"",
                        "loadmodule \"rr.so\"",
                        "loadmodule \"pv.so\"",
                        "loadmodule \"uac.so\"",
                        "modparam(\"uac\", \"reg_db_url\", \"text://" + tables + "\")",
                        "modparam(\"uac\", \"reg_contact_addr\", \"127.0.0.1:" + port + "\")",
                        "modparam(\"uac\", \"reg_timer_interval\", 1)",
                        "request_route { exit; }"));
        return ExternalProgram.start(
                Tool.KAMAILIO,
                directory,
                "-DD",
                "-E",
                "-f",
                directory.resolve("kamailio.cfg").toString(),
                "-Y",
                directory.toString(),
                "-P",
                directory.resolve("pid").toString());
    }

    private ExternalProgram baresip(PhoneAccount account, String transport, String password) throws IOException {
        var port = transport.equals("tls") ? server.sipTlsPort() : server.sipPort();
        Files.write(
                directory.resolve("config"),
                List.of("module_path /usr/lib/baresip/modules", "module account.so", "sip_listen 127.0.0.1:0"));
        Files.writeString(
                directory.resolve("accounts"),
                "<sip:%s@127.0.0.1:%d;transport=%s>;auth_user=%s;auth_pass=%s;regint=600\n"
                        .formatted(account.username(), port, transport, account.username(), password));
        return ExternalProgram.start(Tool.BARESIP, directory, "-f", directory.toString());
    }

    private ExternalProgram twinkle(PhoneAccount account) throws IOException {
        var home = Files.createDirectory(directory.resolve(".twinkle"));
        Files.writeString(home.resolve("twinkle.sys"), "sip_port=" + ExternalProgram.freePort() + "\n");
        Files.write(
                home.resolve("phone.cfg"),
                List.of(
                        "user_name=" + account.username(),
                        "user_domain=127.0.0.1",
                        "auth_name=" + account.username(),
                        "auth_pass=" + PhoneAccount.PASSWORD,
                        "registrar=127.0.0.1:" + server.sipPort(),
                        "outbound_proxy=127.0.0.1:" + server.sipPort(),
                        "register_at_startup=yes",
                        "registration_time=600"));
        return ExternalProgram.start(Tool.TWINKLE_CONSOLE, directory, "phone.cfg");
    }
}
