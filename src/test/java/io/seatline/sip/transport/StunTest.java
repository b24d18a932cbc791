package io.seatline.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** STUN by the addresses of its test vectors, RFC 5769 sections 2.2 and 2.3. */
@Tag("pure")
class StunTest {
    private static final String TRANSACTION = "2112a442" + "b7e7a701bc34d686fa87dfae";

    private static Optional<String> answer(String request, String address, int port) throws UnknownHostException {
        var bytes = HexFormat.of().parseHex(request);
        assertThat(Stun.isStun(bytes, bytes.length)).isTrue();
        return Stun.answer(bytes, bytes.length, new InetSocketAddress(InetAddress.getByName(address), port))
                .map(HexFormat.of()::formatHex);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 0101000c, 00200008 0001a147 e112a643",
        "2001:db8:1234:5678:11:2233:4455:6677, 01010018, 00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9"
    })
    void binding_isAnsweredWithTheSource(String address, String head, String attribute) throws UnknownHostException {
        assertThat(answer("00010000" + TRANSACTION, address, 32853))
                .contains(head + TRANSACTION + attribute.replace(" ", ""));
    }

    @Test
    void binding_withoutTheCookie_isAnsweredAsItsRfcHadIt() throws UnknownHostException {
        var old = "0123456789abcdef0123456789abcdef";
        assertThat(answer("00010000" + old, "192.0.2.1", 32853))
                .contains("0101000c" + old + "0001000800018055c0000201");
    }

    @Test
    void attributes_thatMayBeIgnored_are() throws UnknownHostException {
        // SOFTWARE, of 5 bytes and three of padding
        assertThat(answer("0001000c" + TRANSACTION + "8022000570686f6e65000000", "192.0.2.1", 32853))
                .contains("0101000c" + TRANSACTION + "002000080001a147e112a643");
    }

    @Test
    void attribute_thatMustBeUnderstood_is420() throws UnknownHostException {
        // CHANGE-REQUEST
        assertThat(answer("00010008" + TRANSACTION + "0003000400000006", "192.0.2.1", 32853))
                .contains("01110010" + TRANSACTION + "0009000400000414" + "000a000200030000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // an answer, an indication, another method
                "01010000" + TRANSACTION,
                "00110000" + TRANSACTION,
                "00030000" + TRANSACTION,
                // a length that is another, attributes that are cut off
                "00010004" + TRANSACTION,
                "00010004" + TRANSACTION + "80220005",
                "00010002" + TRANSACTION + "8022"
            })
    void whatIsNoBindingRequest_isNotAnswered(String request) throws UnknownHostException {
        assertThat(answer(request, "192.0.2.1", 32853)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REGISTER sip:example.com SIP/2.0", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"})
    void sip_isNoStun(String text) {
        assertThat(Stun.isStun(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII), text.length()))
                .isFalse();
    }
}
