package io.seatline.sip.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.seatline.support.ExternalProgram;
import io.seatline.support.SipAnswers;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the answers to datagrams go, and whence they come: RFC 3261 section 18.2.2, RFC 3581 section 4. */
class UdpTransportTest {
    private static final String HERE = "127.0.0.1";
    private static final String THERE = "192.0.2.9";

    /** Cisco's phones send from another port than they listen at. */
    @ParameterizedTest
    @CsvSource({
        HERE + ", '', true",
        "[::ffff:127.0.0.1], '', false",
        HERE + ", ;rport, false",
        THERE + ", '', false",
        "phone.example, '', false"
    })
    void answer_goesToThePortOfTheVia_whereThatIsTheSendersOwn(String host, String parameter, boolean toTheVia)
            throws IOException {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), ExternalProgram.freePort());
        try (var _ = new UdpTransport(server, false, new SipAnswers());
                var sending = socket(HERE);
                var listening = socket(HERE)) {
            send(sending, server, host + ":" + listening.getLocalPort() + parameter);
            assertThat(answer(toTheVia ? listening : sending)).startsWith("SIP/2.0 200 OK");
        }
    }

    @Test
    void answer_ofAViaThatNamesNoSuchPort_goesToTheSource() throws IOException {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), ExternalProgram.freePort());
        try (var _ = new UdpTransport(server, false, new SipAnswers());
                var phone = socket(HERE)) {
            send(phone, server, HERE + ":0");
            assertThat(answer(phone)).startsWith("SIP/2.0 200 OK");
        }
    }

    /** A phone behind NAT gets nothing from another address than it asked. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void answer_leavesFromTheAddressThatWasAsked(String wildcard) throws IOException {
        var asked = NetworkInterface.networkInterfaces()
                .filter(card -> !card.getName().equals("lo"))
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address.getAddress().length == 4)
                .findFirst();
        assumeTrue(asked.isPresent(), "this machine has no other address than that of loopback");
        var port = ExternalProgram.freePort();
        try (var _ = new UdpTransports(new InetSocketAddress(wildcard, port), new SipAnswers());
                var phone = socket(HERE)) {
            for (var to : new InetAddress[] {asked.get(), InetAddress.getLoopbackAddress()}) {
                var server = new InetSocketAddress(to, port);
                // hears nobody else from now on
                phone.connect(server);
                send(phone, server, HERE + ":" + phone.getLocalPort() + ";rport");
                assertThat(answer(phone)).startsWith("SIP/2.0 200 OK");
                phone.disconnect();
            }
        }
    }

    /** RFC 5626 section 4.4.2. */
    @Test
    void stun_isAnsweredAtThePortOfSip() throws IOException {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), ExternalProgram.freePort());
        try (var _ = new UdpTransport(server, false, new SipAnswers());
                var phone = socket(HERE)) {
            var request = HexFormat.of().parseHex("000100002112a442000102030405060708090a0b");
            phone.send(new DatagramPacket(request, request.length, server));
            assertThat(HexFormat.of().formatHex(answer(phone).getBytes(ISO_8859_1)))
                    .startsWith("0101000c2112a442000102030405060708090a0b002000080001")
                    .endsWith("%04x5e12a443".formatted(phone.getLocalPort() ^ 0x2112));
            send(phone, server, HERE + ":" + phone.getLocalPort() + ";rport");
            assertThat(answer(phone)).startsWith("SIP/2.0 200 OK");
        }
    }

    private static DatagramSocket socket(String address) throws IOException {
        var socket = new DatagramSocket(new InetSocketAddress(address, 0));
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(DatagramSocket phone, InetSocketAddress server, String sentBy) throws IOException {
        var request = ("OPTIONS sip:seatline.example SIP/2.0\r\nVia: SIP/2.0/UDP " + sentBy + ";branch=z9hG4bK"
                        + UUID.randomUUID()
                        + "\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:a@example.com>\r\nCall-ID: "
                        + UUID.randomUUID() + "\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n\r\n")
                .getBytes(ISO_8859_1);
        phone.send(new DatagramPacket(request, request.length, server));
    }

    private static String answer(DatagramSocket phone) throws IOException {
        var packet = new DatagramPacket(new byte[65_536], 65_536);
        phone.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
    }
}
