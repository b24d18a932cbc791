package io.seatline.registration;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.parser.StringMsgParser;
import io.seatline.support.Drawn;
import io.seatline.support.Property;
import java.text.ParseException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which URIs name the same address: RFC 3261 section 19.1.4, whose examples these are, and JAIN SIP's reading of it.
 */
@Tag("pure")
class ContactUriTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "sip:%61lice@atlanta.com;transport=TCP sip:alice@AtLanTa.CoM;Transport=tcp",
                "sip:carol@chicago.com sip:carol@chicago.com;newparam=5",
                "sip:carol@chicago.com sip:carol@chicago.com;security=on",
                "sip:carol@chicago.com;newparam=5 sip:carol@chicago.com;security=on",
                "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com"
                        + " sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
                "sip:alice@atlanta.com?subject=project%20x&priority=urgent"
                        + " sip:alice@atlanta.com?priority=urgent&subject=project%20x",
                "sip:a%3bb@atlanta.com sip:a%3Bb@atlanta.com",
                "tel:+370600100 tel:+370600100",
            })
    void same(String one, String other) {
        assertThat(isSame(one, other)).isTrue();
        assertThat(isSame(other, one)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "SIP:ALICE@AtLanTa.CoM;Transport=udp sip:alice@AtLanTa.CoM;Transport=UDP",
                "sip:bob@biloxi.com sip:bob@biloxi.com:5060",
                "sip:bob@biloxi.com sip:bob@biloxi.com;transport=udp",
                "sip:bob@biloxi.com sip:bob@biloxi.com:6000;transport=tcp",
                "sip:carol@chicago.com sip:carol@chicago.com?Subject=next%20meeting",
                "sip:bob@phone21.boxesbybob.com sip:bob@192.0.2.4",
                "sip:carol@chicago.com;security=on sip:carol@chicago.com;security=off",
                "sip:carol@chicago.com sips:carol@chicago.com",
                "sip:carol:secret@chicago.com sip:carol@chicago.com",
                "sip:a%3Bb@atlanta.com sip:a;b@atlanta.com",
                "tel:+370600100 tel:+370-600-100",
                "sip:carol@chicago.com tel:carol",
            })
    void another(String one, String other) {
        assertThat(isSame(one, other)).isFalse();
        assertThat(isSame(other, one)).isFalse();
    }

    @Test
    void anyTwo_areTheSameForJainSipToo() {
        Property.holds(
                3_000,
                random -> new String[] {written(random), written(random)},
                uris -> assertThat(isSame(uris[0], uris[1]))
                        .as(uris[0] + " " + uris[1])
                        .isEqualTo(jain(uris[0], uris[1])));
    }

    private static String written(RandomGenerator random) {
        return Drawn.oneOf(random, "sip:", "sips:", "SIP:", "sip:")
                + Drawn.oneOf(random, "", "anna@", "ann%61@", "Anna@", "anna@")
                + Drawn.oneOf(random, "h.example", "H.Example", "[2001:db8::a]", "[2001:DB8::A]", "h.example")
                + Drawn.oneOf(random, "", ":5060", "")
                + Drawn.oneOf(random, "", ";transport=tcp", ";Transport=TCP", ";transport=udp")
                + Drawn.oneOf(random, "", "", ";ob", ";line=7", ";line=8")
                + Drawn.oneOf(random, "", "", "?x=1&y=2", "?y=2&x=1", "?x=2&y=1");
    }

    private static boolean isSame(String one, String other) {
        return ContactUri.of(one).isSame(ContactUri.of(other));
    }

    private static boolean jain(String one, String other) {
        try {
            var parser = new StringMsgParser();
            return parser.parseUrl(one).equals(parser.parseUrl(other));
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }
}
