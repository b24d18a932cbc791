package io.seatline.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.ExternalProgram;
import io.seatline.support.ExternalProgram.Ended;
import io.seatline.support.ExternalProgram.Tool;
import io.seatline.support.PhoneAccount;
import io.seatline.support.TestServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What SIPVicious, the scanners seen most in the wild, find out: svwar looks for accounts, svcrack for an account's
 * password. svcrack ends with an error at a challenge for SHA-256, so it meets a server that offers what it knows.
 */
@Tag("slow")
final class ScannerTest {
    private static TestServer server;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        server = TestServer.empty(Map.of("sip.digest", "MD5"));
        server.customer("test", "123", null);
        for (var extension : List.of("1001", "1003")) {
            var _ = PhoneAccount.create(server, extension);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"REGISTER, --force", "OPTIONS, ''", "INVITE, ''"})
    void svwar_overExistingAndMissingUsers_findsNothing(String method, String force) {
        assertThat(svwar(server.sipPort(), method, force).output())
                .contains("found nothing")
                .doesNotContain("| 100");
    }

    /**
     * Unless forced it gives up by itself: the user that nobody has, which it tries first, is answered like any other.
     */
    @Test
    void svwar_ofRegisters_isToldNoDifference() {
        assertThat(svwar(server.sipPort(), "REGISTER", "").output())
                .contains("replied with an authentication request for an unknown extension");
    }

    /** What the others rest on: where there is a difference, it is found. */
    @Test
    void svwar_registrarThatTellsThemApart_findsTheExistingOnes() throws IOException {
        try (var leaky = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var _ = Thread.ofVirtual().start(() -> tellApart(leaky));
            assertThat(svwar(leaky.getLocalPort(), "REGISTER", "").output())
                    .contains("| 1001 ", "| 1003 ")
                    .doesNotContain("| 1002 ", "found nothing");
        }
    }

    /**
     * What the next one rests on: it gets on with our challenges, and a dictionary of fewer than ten is let through.
     */
    @Test
    void svcrack_rightPasswordAmongTheFirst_findsIt() throws IOException {
        var account = PhoneAccount.create(server, "guessable");
        assertThat(svcrack(account, dictionary(5, 4)).output()).contains(PhoneAccount.PASSWORD);
    }

    @Test
    void svcrack_rightPasswordFurtherDown_isBlockedBefore_andNobodyElseIs() throws IOException {
        var account = PhoneAccount.create(server, "guarded");
        var neighbour = PhoneAccount.create(server, "neighbour");
        assertThat(svcrack(account, dictionary(50, 10)).output())
                .contains("found nothing")
                .doesNotContain(PhoneAccount.PASSWORD);
        assertThat(account.isOnline()).isFalse();
        assertThat(server.text("SELECT text(source) FROM blocked_sources WHERE account_id = '" + account.id() + "'"))
                .isEqualTo("127.0.0.1/32");
        assertThat(register(account, "127.0.0.1")).as("with the right password").isNotZero();
        assertThat(register(account, "127.0.0.5")).as("from its own phone").isZero();
        assertThat(register(neighbour, "127.0.0.1"))
                .as("another account's phone beside the scanner")
                .isZero();
    }

    private int register(PhoneAccount account, String source) {
        return ExternalProgram.run(
                        Tool.SIPSAK,
                        directory,
                        "-U",
                        "-k",
                        source,
                        "-r",
                        Integer.toString(server.sipPort()),
                        "-s",
                        "sip:" + account.username() + "@127.0.0.1",
                        "-u",
                        account.username(),
                        "-a",
                        PhoneAccount.PASSWORD,
                        "-x",
                        "3600")
                .exitCode();
    }

    private Ended svwar(int port, String method, String force) {
        var arguments = new ArrayList<>(List.of("-m", method, "-e", "1001-1003", "--maximumtime", "5"));
        if (!force.isEmpty()) {
            arguments.add(force);
        }
        arguments.addAll(List.of("-b", "127.0.0.1", "udp://127.0.0.1:" + port));
        return ExternalProgram.run(Tool.SVWAR, directory, arguments.toArray(String[]::new));
    }

    private Ended svcrack(PhoneAccount account, Path dictionary) {
        return ExternalProgram.run(
                Tool.SVCRACK,
                directory,
                "-u",
                account.username(),
                "-d",
                dictionary.toString(),
                "--maximumtime",
                "5",
                "-b",
                "127.0.0.1",
                "udp://127.0.0.1:" + server.sipPort());
    }

    /**
     * Wrong passwords, the right one at a place counted from 1, and some wrong ones more: they are sent at once, and
     * may overtake it.
     */
    private Path dictionary(int place, int more) throws IOException {
        return Files.write(
                directory.resolve("dictionary"),
                IntStream.rangeClosed(1, place + more)
                        .mapToObj(i -> i == place ? PhoneAccount.PASSWORD : "wrong-horse-" + i)
                        .toList());
    }

    /** A registrar as many are: 404 for users it does not know, a challenge for 1001 and 1003. */
    private static void tellApart(DatagramSocket socket) {
        var buffer = new byte[65_535];
        while (!socket.isClosed()) {
            var packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                var request = new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
                var known = Pattern.compile("(?m)^To: .*sip:100[13]@")
                        .matcher(request)
                        .find();
                var answer = new StringBuilder(
                        known
                                ? "SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"leaky\", nonce=\"n\"\r\n"
                                : "SIP/2.0 404 Not Found\r\n");
                Pattern.compile("(?m)^(Via|From|To|Call-ID|CSeq): .*\r\n")
                        .matcher(request)
                        .results()
                        .forEach(header -> answer.append(header.group()));
                var bytes =
                        answer.append("Content-Length: 0\r\n\r\n").toString().getBytes(ISO_8859_1);
                socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // closed: the test is over
            }
        }
    }
}
