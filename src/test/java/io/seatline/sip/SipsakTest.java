package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.ExternalProgram;
import io.seatline.support.ExternalProgram.Ended;
import io.seatline.support.ExternalProgram.Tool;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What sipsak, the administrator's ping of SIP, gets from the registrar. It ends with 0 for a 200. Two of its habits
 * matter to whoever uses it: it asks for 15 seconds unless told otherwise, and without {@code -u} authenticates with an
 * {@code @} behind the user name.
 */
@Tag("slow")
final class SipsakTest {
    private static TestServer server;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void options_saysWhatIsAllowed(String transport) {
        var sipsak = sipsak("-s", "sip:127.0.0.1", "-E", transport, "-vvv");
        assertThat(sipsak.exitCode()).as(sipsak.output()).isZero();
        assertThat(sipsak.output()).contains("SIP/2.0 200 OK").containsPattern("Allow: .*REGISTER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void register_rightPassword_isOnlineWithItsUserAgent(String transport) {
        var account = PhoneAccount.create(server, "sipsak." + transport);
        var sipsak = register(account, PhoneAccount.PASSWORD, "-E", transport);
        assertThat(sipsak.exitCode()).as(sipsak.output()).isZero();
        assertThat(account.isOnline()).isTrue();
        assertThat(account.userAgent()).startsWith("sipsak ");
    }

    @Test
    void register_wrongPassword_isRefused() {
        var account = PhoneAccount.create(server, "sipsak.wrong");
        var sipsak = register(account, "wrong-horse-battery");
        assertThat(sipsak.exitCode()).as(sipsak.output()).isEqualTo(2);
        assertThat(sipsak.output()).contains("SIP/2.0 401 ", "authorization failed");
        assertThat(account.isOnline()).isFalse();
    }

    @Test
    void register_forSecondsOnly_isToldHowLongAtLeast() {
        var account = PhoneAccount.create(server, "sipsak.brief");
        var sipsak = register(account, PhoneAccount.PASSWORD, "-x", "15", "-vvv");
        assertThat(sipsak.exitCode()).as(sipsak.output()).isNotZero();
        assertThat(sipsak.output()).contains("SIP/2.0 423 ", "Min-Expires: 60");
        assertThat(account.isOnline()).isFalse();
    }

    private Ended register(PhoneAccount account, String password, String... more) {
        var arguments = new ArrayList<>(List.of(
                "-U",
                "-s",
                "sip:" + account.username() + "@127.0.0.1",
                "-u",
                account.username(),
                "-a",
                password,
                "-x",
                "3600"));
        arguments.addAll(List.of(more));
        return sipsak(arguments.toArray(String[]::new));
    }

    private Ended sipsak(String... arguments) {
        var all = new ArrayList<>(List.of("-r", Integer.toString(server.sipPort())));
        all.addAll(List.of(arguments));
        return ExternalProgram.run(Tool.SIPSAK, directory, all.toArray(String[]::new));
    }
}
