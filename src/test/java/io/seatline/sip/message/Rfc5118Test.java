package io.seatline.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The cases of RFC 5118, "SIP Torture Test Messages for IPv6", for what a registrar reads. */
@Tag("pure")
class Rfc5118Test {
    private static final String REGISTER = """
            REGISTER sip:[2001:db8::10] SIP/2.0
            To: sip:user@example.com
            From: sip:user@example.com;tag=81x2
            Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111
            Call-ID: SSG9559905523997077@hlau_4100
            Max-Forwards: 70
            Contact: "Caller" <sip:caller@[2001:db8::1]>
            CSeq: 98176 REGISTER
            Content-Length: 0

            """;

    @Test
    void ipv6Reference_isRead() { // 4.1
        var request = Summary.request(REGISTER);

        assertThat(request.uri().host()).isEqualTo("[2001:db8::10]");
        assertThat(request.via().host()).isEqualTo("[2001:db8::9:1]");
        assertThat(request.contacts().getFirst().uri().text()).isEqualTo("sip:caller@[2001:db8::1]");
    }

    @Test
    void ipv6WithoutBrackets_isRefused() { // 4.2
        assertThat(Summary.of(Summary.parse(REGISTER.replace("[2001:db8::10]", "2001:db8::10"))))
                .isEqualTo("400 Bad request URI: a port that is no number up to 65535");
    }

    @Test
    void portInsideTheBrackets_isPartOfTheAddress() { // 4.3
        var uri = Summary.request(REGISTER.replace("[2001:db8::10]", "[2001:db8::10:5070]"))
                .uri();

        assertThat(uri.host()).isEqualTo("[2001:db8::10:5070]");
        assertThat(uri.port()).isEqualTo(-1);
    }

    @Test
    void portBehindTheBrackets_isAPort() { // 4.4
        var uri = Summary.request(REGISTER.replace("[2001:db8::10]", "[2001:db8::10]:5070"))
                .uri();

        assertThat(uri.host()).isEqualTo("[2001:db8::10]");
        assertThat(uri.port()).isEqualTo(5070);
    }

    @Test
    void receivedWithBracketsAndWithout_isAccepted() { // 4.5
        assertThat(Summary.request(REGISTER.replace(";branch", ";received=[2001:db8::9:255];branch"))
                        .via()
                        .branch())
                .isEqualTo("z9hG4bKas3-111");
        assertThat(Summary.request(REGISTER.replace(";branch", ";received=2001:db8::9:255;branch"))
                        .via()
                        .branch())
                .isEqualTo("z9hG4bKas3-111");
    }

    @Test
    void addressesOfBothFamilies_areRead() { // 4.7
        var request = Summary.request(REGISTER.replace("Via: ", "Via: SIP/2.0/TCP 192.0.2.1:5061\nVia: "));

        assertThat(request.via()).isEqualTo(new Via("TCP", "192.0.2.1", 5061, null, false));
    }

    @Test
    void ipv4MappedAddress_isRead() { // 4.9
        assertThat(Summary.request(REGISTER.replace("[2001:db8::1]", "[::ffff:192.0.2.2]"))
                        .contacts()
                        .getFirst()
                        .uri()
                        .host())
                .isEqualTo("[::ffff:192.0.2.2]");
    }

    @Test
    void threeColonsOfTheAbnfBug_areAccepted() { // 4.10
        assertThat(Summary.request(REGISTER.replace("[2001:db8::10]", "[2001:db8:::192.0.2.1]"))
                        .uri()
                        .host())
                .isEqualTo("[2001:db8:::192.0.2.1]");
    }
}
