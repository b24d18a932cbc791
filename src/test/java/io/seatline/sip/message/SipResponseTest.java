package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seatline.sip.message.SipMessage.Malformed;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer copies, and what it says of where the request came from. */
@Tag("pure")
class SipResponseTest {
    private static final String OPTIONS = """
            OPTIONS sip:example.com SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1
            From: <sip:alice@example.com>;tag=1
            To: <sip:alice@example.com>
            Call-ID: 1@192.0.2.1
            CSeq: 1 OPTIONS

            """;

    private static String answer(String request, String address, int port) {
        return answer(request, new InetSocketAddress(address, port));
    }

    private static String answer(String request, InetSocketAddress source) {
        return new String(
                SipResponse.to(Summary.request(request).answerHeaders(), 200, "OK")
                        .bytes(source, "ours"),
                UTF_8);
    }

    @Test
    void answer_copiesAndAddsTheTag() {
        assertThat(answer(OPTIONS, "192.0.2.1", 5060)).isEqualTo("""
                        SIP/2.0 200 OK
                        Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1
                        From: <sip:alice@example.com>;tag=1
                        Call-ID: 1@192.0.2.1
                        CSeq: 1 OPTIONS
                        To: <sip:alice@example.com>;tag=ours
                        Content-Length: 0

                        """.replace("\n", "\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        // No rport: received only where the sent-by says something else (RFC 3261 section 18.2.1)
        "192.0.2.1:5060;branch=z, 192.0.2.1, 192.0.2.1:5060;branch=z",
        "192.0.2.1:5060;branch=z, 192.0.2.9, 192.0.2.1:5060;received=192.0.2.9;branch=z",
        "phone.example.com;branch=z, 192.0.2.9, phone.example.com;received=192.0.2.9;branch=z",
        // With rport: both, always (RFC 3581 section 4)
        "192.0.2.1:5060;rport;branch=z, 192.0.2.1, 192.0.2.1:5060;received=192.0.2.1;rport=4321;branch=z",
        "192.0.2.1:5060;branch=z;rport, 192.0.2.9, 192.0.2.1:5060;received=192.0.2.9;rport=4321;branch=z",
        "192.0.2.1 ; rport ; branch = z, 192.0.2.9, 192.0.2.1;received=192.0.2.9;rport=4321 ; branch = z",
        // What the client says of itself is not believed
        "192.0.2.1;rport=1;received=10.0.0.1;branch=z, 192.0.2.9, 192.0.2.1;received=192.0.2.9;rport=4321;branch=z",
        "192.0.2.1;received=10.0.0.1, 192.0.2.1, 192.0.2.1",
        // IPv6 stands without brackets in received (RFC 3261 section 25.1), and IPv4 mapped into it is IPv4
        "[2001:db8::1];branch=z, 2001:db8::1, [2001:db8::1];received=2001:db8:0:0:0:0:0:1;branch=z",
        "192.0.2.1;rport, ::ffff:192.0.2.9, 192.0.2.1;received=192.0.2.9;rport=4321",
    })
    void topmostVia_saysWhereTheRequestCameFrom(String sentBy, String source, String expected) {
        assertThat(answer(OPTIONS.replace("192.0.2.1:5060;branch=z9hG4bK1", sentBy), source, 4321))
                .contains("\r\nVia: SIP/2.0/UDP " + expected + "\r\n");
    }

    @Test
    void zoneOfTheSource_isNotShown() throws UnknownHostException {
        var linkLocal = Inet6Address.getByAddress(null, HexFormat.of().parseHex("fe800000000000000000000000000001"), 7);

        assertThat(answer(OPTIONS, new InetSocketAddress(linkLocal, 1)))
                .contains(";received=fe80:0:0:0:0:0:0:1;branch");
    }

    @Test
    void mappedSource_isShownAsIpv4() throws UnknownHostException {
        var mapped = InetAddress.getByAddress(HexFormat.of().parseHex("00000000000000000000ffffc0000209"));

        assertThat(answer(OPTIONS, new InetSocketAddress(mapped, 1))).contains(";received=192.0.2.9;branch");
    }

    @Test
    void otherVias_areCopiedInTheirOrder() {
        var request = OPTIONS.replace("From:", "v: SIP/2.0/TCP b;rport , SIP/2.0/TCP c\nVia: SIP/2.0/TLS d\nFrom:")
                .replace(";branch=z9hG4bK1", ";branch=z9hG4bK1, SIP/2.0/UDP a;received=1.1.1.1");

        assertThat(answer(request, "192.0.2.1", 1)).contains("""
                        Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1, SIP/2.0/UDP a;received=1.1.1.1
                        Via: SIP/2.0/TCP b;rport , SIP/2.0/TCP c
                        Via: SIP/2.0/TLS d
                        """.replace("\n", "\r\n"));
    }

    @Test
    void toWithATag_staysAsItIs() {
        assertThat(answer(
                        OPTIONS.replace("To: <sip:alice@example.com>", "To: sip:alice@example.com;tag=theirs"),
                        "192.0.2.1",
                        1))
                .contains("\r\nTo: sip:alice@example.com;tag=theirs\r\n");
    }

    @Test
    void toThatCantBeRead_getsNoTag() {
        var malformed = (Malformed) Summary.parse(OPTIONS.replace("To: <sip:alice@example.com>", "To: \"sip:alice"));

        assertThat(new String(
                        SipResponse.to(malformed.headers(), malformed.status(), malformed.reason())
                                .bytes(new InetSocketAddress("192.0.2.1", 1), "ours"),
                        UTF_8))
                .startsWith("SIP/2.0 400 Bad To: a quoted string without its end\r\n")
                .contains("\r\nTo: \"sip:alice\r\n");
    }

    @Test
    void ownHeaders_followTheCopiedOnes() {
        var answer = SipResponse.to(Summary.request(OPTIONS).answerHeaders(), 405, "Method Not Allowed")
                .header("Allow", "REGISTER, OPTIONS")
                .header("Server", "Seatlin\u00e9")
                .bytes(new InetSocketAddress("192.0.2.1", 1), "ours");

        assertThat(new String(answer, UTF_8))
                .endsWith(
                        ";tag=ours\r\nAllow: REGISTER, OPTIONS\r\nServer: Seatlin\u00e9\r\nContent-Length: 0\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"'a\r\nb'", "'a\nb'", "'a\0b'"})
    void controlCharacters_areNeverWritten(String text) {
        var headers = Summary.request(OPTIONS).answerHeaders();

        assertThatThrownBy(() -> SipResponse.to(headers, 200, text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SipResponse.to(headers, 200, "OK").header("X", text))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SipResponse.to(headers, 200, "OK").header(text, "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SipResponse.to(headers, 200, "OK").bytes(new InetSocketAddress("192.0.2.1", 1), text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
