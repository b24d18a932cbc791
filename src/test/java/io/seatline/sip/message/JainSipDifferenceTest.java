package io.seatline.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What JAIN SIP and Seatline both accept, both read alike; where one refuses what the other accepts, the RFC says who
 * is right.
 */
@Tag("pure")
class JainSipDifferenceTest {
    @Test
    void plainRequest_isAcceptedByBothAndReadAlike() {
        Property.holds(
                random -> new RandomRegister(random, true),
                register -> assertThat(JainSip.read(register.bytes))
                        .hasValue(JainSip.fields((SipRequest) Summary.parse(register.bytes))));
    }

    /**
     * The same requests each time, because about one broken request in two thousand shows a known difference: an expiry
     * that is no number or too large is 3600 or cut here and absent there (RFC 3261 section 20.10); a bare CR ends no
     * line here (section 7); a line of white space continues the header here and ends the head there (section 7.3.1); a
     * comma ends a URI without brackets here (section 20).
     */
    @Test
    void brokenRequest_thatBothAccept_isReadAlike() {
        Property.holdsFrom(
                5_902, 3_000, random -> Broken.of(new RandomRegister(random, true).bytes, random), broken -> {
                    var theirs = JainSip.read(broken.bytes());
                    if (theirs.isPresent() && Summary.parse(broken.bytes()) instanceof SipRequest ours) {
                        assertThat(JainSip.fields(ours)).isEqualTo(theirs.get());
                    }
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.seatline.sip.message.TortureMessages#names")
    void tortureMessage_isReadAlike_butForKnownDifferences(String name) {
        var bytes = TortureMessages.read(name);
        var theirs = JainSip.read(bytes);
        var ours = Summary.parse(bytes);

        switch (name) {
            // RFC 4475 section 3.1.2.12: nobody should refuse a Date that is not needed, and RFC 3261 section 8.2.2
            // says to go on
            case "baddate" -> assertAccepted(ours, theirs.isPresent(), true, false);
            // RFC 3261 section 25.1: no space inside < >, and a display name without quotes is made of tokens
            case "badaspec", "baddn" -> assertAccepted(ours, theirs.isPresent(), false, true);
            // RFC 3261 section 7.1: single spaces in the request line and none at its end; one version
            case "lwsstart", "trws", "badvers" -> assertAccepted(ours, theirs.isPresent(), false, true);
            // RFC 3261 section 7.3.1: a header that is no list comes once
            case "mcl01", "multi01" -> assertAccepted(ours, theirs.isPresent(), false, true);
            // RFC 3261 section 8.1.1.5: the method of CSeq is the request's
            case "mismatch01", "mismatch02" -> assertAccepted(ours, theirs.isPresent(), false, true);
            // RFC 3261 section 20: a URI with a question mark stands in < >
            case "regbadct" -> assertAccepted(ours, theirs.isPresent(), false, true);
            default -> {
                assertThat(theirs.isPresent()).isEqualTo(ours instanceof SipRequest);
                if (ours instanceof SipRequest request) {
                    assertThat(theirs).hasValue(JainSip.fields(request));
                }
            }
        }
    }

    private static void assertAccepted(SipMessage ours, boolean theirs, boolean byUs, boolean byThem) {
        assertThat(ours instanceof SipRequest).isEqualTo(byUs);
        assertThat(theirs).isEqualTo(byThem);
    }
}
