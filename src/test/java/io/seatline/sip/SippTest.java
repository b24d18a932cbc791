package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Await;
import io.seatline.support.ExternalProgram;
import io.seatline.support.ExternalProgram.Tool;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What sipp, a phone made of scenarios, gets from the registrar and leaves in the API. */
@Tag("slow")
final class SippTest {
    private static final String NEAR = "127.0.0.1";
    private static final String FOREIGN = "127.0.0.5";

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
    @CsvSource({"udp, u1", "tcp, t1"})
    void register_rightPassword_isOnlineWithItsUserAgent(String name, String transport) {
        var account = PhoneAccount.create(server, "registers." + name);
        assertThat(account.isOnline()).isFalse();
        sipp("register", account, Map.of("-t", transport));
        assertThat(account.isOnline()).isTrue();
        assertThat(account.userAgent()).isEqualTo("SIPp 3.6");
        assertThat(server.text("SELECT transport FROM bindings WHERE account_id = '" + account.id() + "'"))
                .isEqualToIgnoringCase(name);
    }

    @Test
    void refresh_sameCallId_prolongsTheOneBinding() {
        var account = PhoneAccount.create(server, "refreshes");
        var port = Integer.toString(ExternalProgram.freePort());
        var callId = "one-phone@%s";
        sipp("register", account, Map.of("-p", port, "-cid_str", callId, "-base_cseq", "1"));
        var first = secondsLeft(account);
        sipp("register", account, Map.of("-p", port, "-cid_str", callId, "-base_cseq", "3", "-key expires", "3600"));
        assertThat(account.bindings()).isEqualTo(1);
        assertThat(first).isBetween(30L, 60L);
        assertThat(secondsLeft(account)).isGreaterThan(1800);
    }

    @Test
    void unregister_all_isOfflineAtOnce() {
        var account = PhoneAccount.create(server, "goes");
        sipp("register", account, Map.of());
        assertThat(account.isOnline()).isTrue();
        sipp("unregister", account, Map.of());
        assertThat(account.isOnline()).isFalse();
        assertThat(account.userAgent()).isEmpty();
    }

    @Test
    void register_wrongPassword_isChallengedAgainAndStaysOffline() {
        var account = PhoneAccount.create(server, "mistakes");
        sipp("refused", account, Map.of("-ap", "wrong-horse-battery"));
        assertThat(account.isOnline()).isFalse();
        Await.until(() -> account.lastRefusal().equals("wrong_password"));
    }

    @Test
    void register_unknownUser_isChallengedAgain() {
        sipp("refused", new PhoneAccount(server, "", "nobody"), Map.of());
    }

    @Test
    void register_foreignAddress_isRefused_untilAPatchAllowsIt() {
        var account = PhoneAccount.create(server, "travels");
        account.allowOnly(NEAR);
        sipp("refused", account, Map.of("-i", FOREIGN));
        assertThat(account.isOnline()).isFalse();
        Await.until(() -> account.lastRefusal().equals("address_not_allowed"));

        account.allowOnly(NEAR + ", " + FOREIGN);
        account.awaitAllowed(FOREIGN);
        assertThat(account.isOnline()).isFalse();
        sipp("register", account, Map.of("-i", FOREIGN));
        assertThat(account.isOnline()).isTrue();

        account.allowOnly(NEAR);
        assertThat(account.isOnline()).as("its binding is forbidden now").isFalse();
        sipp("refused", account, Map.of("-i", FOREIGN));
        sipp("register", account, Map.of());
        assertThat(account.isOnline()).isTrue();
    }

    private static long secondsLeft(PhoneAccount account) {
        return server.database()
                .number("SELECT extract(epoch FROM expires_at - now())::bigint FROM bindings WHERE account_id = '"
                        + account.id() + "'");
    }

    /**
     * Runs a scenario once; sipp ends with 0 when the conversation went by it. Options take the place of the usual
     * ones.
     */
    private void sipp(String scenario, PhoneAccount account, Map<String, String> options) {
        var errors = directory.resolve("errors-" + account.username());
        var all = new LinkedHashMap<>(Map.of(
                "-sf",
                file("/sip/sipp/" + scenario + ".xml"),
                "-i",
                NEAR,
                "-s",
                account.username(),
                "-au",
                account.username(),
                "-ap",
                PhoneAccount.PASSWORD,
                "-key expires",
                "60",
                "-m",
                "1",
                "-timeout",
                "20",
                "-error_file",
                errors.toString(),
                "-default_behaviors",
                "all,-bye"));
        all.putAll(options);
        var arguments =
                new ArrayList<>(List.of(NEAR + ":" + server.sipPort(), "-nostdin", "-timeout_error", "-trace_err"));
        all.forEach((option, value) -> {
            arguments.addAll(List.of(option.split(" ", -1)));
            arguments.add(value);
        });
        var ended = ExternalProgram.run(Tool.SIPP, directory, arguments.toArray(String[]::new));
        assertThat(ended.exitCode())
                .as(() -> Files.exists(errors) ? read(errors) : ended.output())
                .isZero();
    }

    private static String file(String resource) {
        try {
            return Path.of(Objects.requireNonNull(SippTest.class.getResource(resource))
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
