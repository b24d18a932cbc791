package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The torture messages of RFC 4475 and what its words mean for a registrar. Where the RFC leaves a choice between
 * strict and liberal, the row says what is chosen.
 */
@Tag("pure")
class Rfc4475Test {
    private static final String LONG_CALLER = "amazinglylongcallername".repeat(5);

    static Stream<Arguments> messages() {
        return Stream.of(
                // 3.1.1 Valid messages
                row(
                        "wsinv",
                        "INVITE vivekg@chair-dnrc.example.com from jdrosen@example.com#98asjd8"
                                + " to vivekg@chair-dnrc.example.com#1918181833n number 9 at sip:jdrosen@example.com"),
                row(
                        "intmeth",
                        "!interesting-Method0123456789_*+`.%indeed'~"
                                + " 1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com"
                                + " from mundane@example.com#_token~1'+`*%!-."
                                + " to 1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com number 139122385"),
                row(
                        "esc01",
                        "INVITE sips:user@example.com@example.net from I have spaces@example.net#938"
                                + " to user@example.com number 234234"
                                + " at sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31"),
                row(
                        "escnull",
                        "REGISTER example.com from null-\0-null@example.com#839923423 to null-\0-null@example.com"
                                + " number 14398234 at sip:%00@host5.example.com at sip:%00%00@host5.example.com"),
                row(
                        "esc02",
                        "RE%47IST%45R registrar.example.com from resource@example.com#f232jadfj23"
                                + " to resource@example.com number 29344"
                                + " at sip:alias1@host1.example.com at sip:alias3@host3.example.com"),
                row("lwsdisp", "OPTIONS user@example.com from caller@example.com#323 to user@example.com number 60"),
                row(
                        "longreq",
                        "INVITE user@example.com from " + LONG_CALLER + "@example.net#12" + "982".repeat(50) + "424"
                                + " to user@example.com number 3882340 at sip:" + LONG_CALLER + "@host5.example.net"),
                row(
                        "dblreq",
                        "REGISTER example.com from j.user@example.com#43251j3j324 to j.user@example.com number 8"
                                + " at sip:j.user@host.example.com"),
                row(
                        "semiuri",
                        "OPTIONS user;par=u@example.net@example.com from caller@example.org#33242"
                                + " to j_user@example.com number 8"),
                row("transports", "OPTIONS user@example.com from caller@example.com#323 to user@example.com number 60"),
                row(
                        "mpart01",
                        "MESSAGE kumiko@example.org from fluffy@example.com#2fb0dcc9 to kumiko@example.org number 1"
                                + " at sip:fluffy@127.0.0.1:5070"),
                row("unreason", "dropped: RESPONSE"),
                row("noreason", "dropped: RESPONSE"),
                // 3.1.2 Invalid messages
                row("badinv01", "400 Bad Via: a parameter without a name"),
                row("clerr", "400 Content-Length is larger than the message"),
                row("ncl", "400 Bad Content-Length: no number"),
                row("scalar02", "400 Bad CSeq: no number below 2147483648"),
                row("scalarlg", "dropped: RESPONSE"),
                row("quotbal", "400 Bad To: a quoted string without its end"),
                row("ltgtruri", "400 Bad request URI: a URI without a scheme"),
                row("lwsruri", "400 Bad request URI: a character that a URI may not have"),
                row("lwsstart", "400 Bad request line: white space"),
                row("trws", "400 Bad request line: white space"),
                // Escaped headers of a request URI are ignored, as RFC 3261 section 19.1.1 says of a component not
                // allowed there
                row(
                        "escruri",
                        "INVITE user@example.com from caller@example.net#341518 to user@example.com number 149209342"
                                + " at sip:caller@host39923.example.net"),
                row(
                        "baddate",
                        "INVITE user@example.com from caller@example.net#2234923 to user@example.com number 1392934"
                                + " at sip:caller@host5.example.net"),
                row("regbadct", "400 Bad Contact: a URI with a question mark that needs < and > around it"),
                row("badaspec", "400 Bad To: a URI without a scheme"),
                row("baddn", "400 Bad From: a URI without a scheme"),
                row("badvers", "505 Version Not Supported"),
                row("mismatch01", "400 Bad CSeq: another method than the request's"),
                row("mismatch02", "400 Bad CSeq: another method than the request's"),
                row("bigcode", "dropped: RESPONSE"),
                // 3.2 Transaction layer; the transaction falls back to what RFC 2543 identified it by
                row("badbranch", "OPTIONS user@example.com from caller@example.org#33242 to user@example.com number 8"),
                // 3.3 Application layer
                row("insuf", "400 From is missing"),
                row(
                        "unkscm",
                        "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent from caller@example.net#384"
                                + " to user@example.com number 3923423"),
                row(
                        "novelsc",
                        "OPTIONS soap.beep://192.0.2.103:3002 from caller@example.net#384 to user@example.com"
                                + " number 3923423"),
                row(
                        "unksm2",
                        "REGISTER example.com from http://www.example.com#3234233 to isbn:2983792873 number 234902"
                                + " at name:John_Smith"),
                row("bext01", "OPTIONS user@example.com from caller@example.net#242etr to j_user@example.com number 8"),
                row(
                        "invut",
                        "INVITE user@example.com from caller@example.net#8392034 to j.user@example.com number 235448"
                                + " at sip:caller@host5.example.net"),
                row(
                        "regaut01",
                        "REGISTER example.com from j.user@example.com#87321hj23128 to j.user@example.com number 9338"),
                row("multi01", "400 Two CSeq headers"),
                row("mcl01", "400 Two Content-Length headers"),
                row("bcast", "dropped: RESPONSE"),
                row(
                        "zeromf",
                        "OPTIONS user@example.com from caller@example.net#3ghsd41 to user@example.com number 39234321"),
                row(
                        "cparam01",
                        "REGISTER example.com from watson@example.com#DkfVgjkrtMwaerKKpe to watson@example.com number 2"
                                + " at sip:+19725552222@gw1.example.net"),
                row(
                        "cparam02",
                        "REGISTER example.com from watson@example.com#838293 to watson@example.com number 3"
                                + " at sip:+19725552222@gw1.example.net;unknownparam"),
                row(
                        "regescrt",
                        "REGISTER example.com from user@example.com#8 to user@example.com number 14398234"
                                + " at sip:user@example.com?Route=%3Csip:sip.example.com%3E"),
                row(
                        "sdp01",
                        "INVITE user@example.com from caller@example.net#234 to j_user@example.com number 8"
                                + " at sip:caller@host15.example.net"),
                // 3.4 Backward compatibility: no branch, no From tag, no Max-Forwards, no Content-Length
                row(
                        "inv2543",
                        "INVITE UserB@example.com from +13035551111@ift.client.example.net"
                                + " to +16505552222@ss1.example.net number 56"));
    }

    private static Arguments row(String name, String expected) {
        return Arguments.of(name, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void tortureMessage_isReadAsTheRfcSays(String name, String expected) {
        assertThat(Summary.of(read(name))).isEqualTo(expected);
    }

    @Test
    void table_hasEveryMessage() {
        assertThat(messages().map(row -> row.get()[0])).containsExactlyInAnyOrderElementsOf(TortureMessages.names());
    }

    /** A stream is cut by Content-Length alone, so what has no usable one there ends the connection. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void tortureMessage_onAStream_isReadAlikeOrEndsIt(String name, String expected) {
        var framer = new StreamFramer();
        var bytes = TortureMessages.read(name);
        framer.feed(bytes, 0, bytes.length);
        var first = framer.next();

        switch (name) {
            case "clerr", "baddn" -> assertThat(first).as("waits for the rest").isNull();
            case "ncl", "mcl01", "inv2543" -> assertThat(first).isInstanceOf(StreamFramer.Event.Broken.class);
            default ->
                assertThat(first)
                        .isInstanceOfSatisfying(
                                StreamFramer.Event.Message.class,
                                event -> assertThat(Summary.of(event.message())).isEqualTo(expected));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void answer_isAWellFormedResponse(String name, String expected) {
        var headers = switch (read(name)) {
            case SipRequest request -> request.answerHeaders();
            case Malformed malformed -> malformed.headers();
            case Unanswerable dropped -> {
                assertThat(expected).startsWith("dropped");
                yield null;
            }
        };
        if (headers == null) {
            return;
        }
        var answer = SipResponse.to(headers, 400, "Bad").bytes(new InetSocketAddress("192.0.2.77", 4321), "ours");

        assertThat(Summary.parse(answer)).isInstanceOf(Unanswerable.class);
        assertThat(new String(answer, UTF_8))
                .startsWith("SIP/2.0 400 Bad\r\nVia: ")
                .endsWith("\r\nContent-Length: 0\r\n\r\n")
                .doesNotContain("\r\n ");
    }

    @Test
    void wsinv_headersAreReadThroughFoldsAndWhiteSpace() {
        var request = request("wsinv");

        assertThat(request.via()).isEqualTo(new Via("UDP", "192.0.2.2", -1, "390skdjuw", false));
        assertThat(request.contacts().getFirst().q()).isEqualTo(OptionalInt.of(330));
        assertThat(request.answerHeaders().toString())
                .contains("From: \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>")
                .contains("Via: SIP  / 2.0  / TCP     spindle.example.com   ;")
                .contains("192.168.255.111   ; branch=   z9hG4bK30239");
    }

    @Test
    void intmeth_answerRepeatsTheQuotedControlCharacters() {
        var answer = new String(
                SipResponse.to(request("intmeth").answerHeaders(), 405, "Method Not Allowed")
                        .bytes(new InetSocketAddress("192.0.2.77", 4321), "ours"),
                UTF_8);

        assertThat(answer).contains("To: \"BEL:\\\u0007 NUL:\\\0 DEL:\\\u007f\" <sip:1_unusual");
        assertThat(request("intmeth").callId()).isEqualTo("intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
        assertThat(request("intmeth").via().branch()).isEqualTo("z9hG4bK-.!%66*_+`'~");
    }

    @Test
    void longreq_answerHasAllVias() {
        assertThat(request("longreq").answerHeaders().toString().split("Via: ", -1))
                .hasSize(35);
    }

    @Test
    void bext01_requireIsRead() {
        assertThat(request("bext01").require()).isEqualTo(List.of("nothingSupportsThis", "nothingSupportsThisEither"));
    }

    @Test
    void regaut01_otherSchemesAreNoCredentials() {
        assertThat(request("regaut01").authorizations()).isEmpty();
    }

    @Test
    void insuf_answerHasWhatCame() {
        assertThat(read("insuf"))
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> assertThat(malformed.headers().toString())
                                .isEqualTo(
                                        "Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf\r\nCSeq: 193942 INVITE"));
    }

    private static SipRequest request(String name) {
        return (SipRequest) read(name);
    }

    private static SipMessage read(String name) {
        return Summary.parse(TortureMessages.read(name));
    }
}
