package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.message.SipMessage.Unanswerable.Cause;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, with which reason, what is dropped, and what is odd but fine. */
@Tag("pure")
class MalformedInputTest {
    private static final String REGISTER = """
            REGISTER sip:example.com SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport
            From: <sip:alice@example.com>;tag=1
            To: <sip:alice@example.com>
            Call-ID: 1@192.0.2.1
            CSeq: 1 REGISTER
            Contact: <sip:alice@192.0.2.1>
            Content-Length: 0

            """;

    static Stream<Arguments> refused() {
        return Stream.of(
                replaced("SIP/2.0\n", "SIP/7.0\n", "505 Version Not Supported"),
                replaced("SIP/2.0\n", "SIP/2.1\n", "505 Version Not Supported"),
                replaced("REGISTER sip", "REGISTER\tsip", "400 Bad request line: white space"),
                replaced("sip:example.com SIP", "sip:  SIP", "400 Bad request URI: no host"),
                replaced("sip:example.com SIP", "example.com SIP", "400 Bad request URI: a URI without a scheme"),
                replaced("sip:example.com SIP", "sip: SIP", "400 Bad request URI: no host"),
                replaced(
                        "sip:example.com SIP",
                        "sip:@example.com SIP",
                        "400 Bad request URI: a URI without the user before its @"),
                replaced(
                        "sip:example.com SIP",
                        "sip:a%4@example.com SIP",
                        "400 Bad request URI: a percent sign that no two hexadecimal digits follow"),
                replaced(
                        "sip:example.com SIP",
                        "sip:a:65536 SIP",
                        "400 Bad request URI: a port that is no number up to 65535"),
                replaced("sip:example.com SIP", "sip:[::1 SIP", "400 Bad request URI: no host"),
                replaced(
                        "To: <sip:alice@example.com>",
                        "To: <sip:alice@example.com:1x>",
                        "400 Bad To: a character that a URI may not have"),
                replaced(
                        "To: <sip:alice@example.com>",
                        "To: <sip:alice@example.com/x>",
                        "400 Bad To: a character that a URI may not have"),
                replaced(
                        "To: <sip:alice@example.com>",
                        "To: <sip:alice@example.com;a b>",
                        "400 Bad To: a character that a URI may not have"),
                replaced(
                        "To: <sip:alice@example.com>",
                        "To: <sip:alice:<@example.com>",
                        "400 Bad To: a port that is no number up to 65535"),
                replaced("From: <sip:alice@example.com>;tag=1\n", "", "400 From is missing"),
                replaced("To: <sip:alice@example.com>\n", "", "400 To is missing"),
                replaced("Call-ID: 1@192.0.2.1\n", "", "400 Call-ID is missing"),
                replaced("CSeq: 1 REGISTER\n", "", "400 CSeq is missing"),
                doubled("From: <sip:alice@example.com>;tag=1\n", "400 Two From headers"),
                doubled("To: <sip:alice@example.com>\n", "400 Two To headers"),
                doubled("Call-ID: 1@192.0.2.1\n", "400 Two Call-ID headers"),
                doubled("CSeq: 1 REGISTER\n", "400 Two CSeq headers"),
                doubled("Content-Length: 0\n", "400 Two Content-Length headers"),
                added("Expires: 1\nExpires: 2\n", "400 Two Expires headers"),
                added("Max-Forwards: 1\nmax-forwards: 1\n", "400 Two Max-Forwards headers"),
                replaced("tag=1", "tag=", "400 Bad From: a parameter without its value"),
                replaced("tag=1", "tag", "400 Bad From: a tag without a value"),
                replaced("tag=1", "tag=1;tag=1", "400 Bad From: two tags"),
                replaced(
                        "To: <sip:alice@example.com>\n",
                        "To: <sip:alice@example.com>;tag=\nTo: <sip:alice@example.com>;tag=\n",
                        "400 Bad To: a parameter without its value"),
                replaced("To: <sip:alice@example.com>", "To: <sip:alice@example.com", "400 Bad To: a < without its >"),
                replaced("To: <sip:alice@example.com>", "To: \"\\", "400 Bad To: a quoted string without its end"),
                replaced(
                        "To: <sip:alice@example.com>",
                        "To: <sip:alice@example.com> x",
                        "400 Bad To: something behind its end"),
                replaced(
                        "To: <sip:alice@example.com>",
                        "To: <sip:" + "a".repeat(65) + "@example.com>",
                        "400 Bad To: a user longer than 64 characters"),
                replaced(
                        "To: <sip:alice@example.com>",
                        "To: \"a\0\" <sip:alice@example.com>",
                        "400 Bad To: a control character"),
                replaced("Call-ID: 1@192.0.2.1", "Call-ID:", "400 Bad Call-ID: no value"),
                replaced("Call-ID: 1@192.0.2.1", "Call-ID: a b", "400 Bad Call-ID: something behind its end"),
                replaced("Call-ID: 1@192.0.2.1", "Call-ID: a\0b", "400 Bad Call-ID: something behind its end"),
                replaced("CSeq: 1 ", "CSeq: -1 ", "400 Bad CSeq: no number below 2147483648"),
                replaced("CSeq: 1 ", "CSeq: 2147483648 ", "400 Bad CSeq: no number below 2147483648"),
                replaced("CSeq: 1 ", "CSeq: 4294967297 ", "400 Bad CSeq: no number below 2147483648"),
                replaced("CSeq: 1 ", "CSeq: 99999999999999999999999999 ", "400 Bad CSeq: no number below 2147483648"),
                replaced("1 REGISTER", "1 OPTIONS", "400 Bad CSeq: another method than the request's"),
                replaced("1 REGISTER", "1 register", "400 Bad CSeq: another method than the request's"),
                replaced("Length: 0", "Length: -1", "400 Bad Content-Length: no number"),
                replaced("Length: 0", "Length: 99999999999999999999", "400 Content-Length is larger than the message"),
                replaced("Length: 0", "Length: 1", "400 Content-Length is larger than the message"),
                replaced("Length: 0", "Length:", "400 Bad Content-Length: no number"),
                replaced(
                        ";branch=z9hG4bK1", ";branch=z9hG4bK1;branch=z9hG4bK1", "400 Bad Via: a parameter given twice"),
                replaced(";rport", ";rport;rport", "400 Bad Via: a parameter given twice"),
                replaced(";rport", ";rport,", "400 Bad Via: a comma without a value behind it"),
                replaced("Contact: <sip:alice@192.0.2.1>", "Contact:", "400 Bad Contact: a URI without a scheme"),
                replaced(
                        "Contact: <sip:alice@192.0.2.1>",
                        "Contact: *, <sip:alice@192.0.2.1>",
                        "400 Bad Contact: a URI without a scheme"),
                replaced(
                        "Contact: <sip:alice@192.0.2.1>",
                        "Contact: <sip:alice@192.0.2.1>, *",
                        "400 Bad Contact: a URI without a scheme"),
                replaced(
                        "Contact: <sip:alice@192.0.2.1>",
                        "Contact: *\nContact: *",
                        "400 Bad Contact: * beside other values"),
                replaced(
                        "Contact: <sip:alice@192.0.2.1>",
                        "Contact: *\nm: <sip:alice@192.0.2.1>",
                        "400 Bad Contact: * beside other values"),
                replaced(
                        "Contact: <sip:alice@192.0.2.1>",
                        "Contact: <sip:alice@192.0.2.1>,",
                        "400 Bad Contact: a URI without a scheme"),
                replaced(
                        "Contact: <sip:alice@192.0.2.1>",
                        "Contact: <sip:" + "a".repeat(1_021) + ">",
                        "400 Bad Contact: a URI longer than 1024 bytes"),
                replaced(
                        "<sip:alice@192.0.2.1>",
                        "<sip:alice@192.0.2.1>;expires=1;Expires=2",
                        "400 Bad Contact: a parameter given twice"),
                replaced(
                        "<sip:alice@192.0.2.1>",
                        "<sip:alice@192.0.2.1>;reg-id=0",
                        "400 Bad Contact: a reg-id that is no number from 1"),
                replaced(
                        "<sip:alice@192.0.2.1>",
                        "<sip:alice@192.0.2.1>;+sip.instance",
                        "400 Bad Contact: a +sip.instance that is empty or longer than 512 bytes"),
                replaced(
                        "<sip:alice@192.0.2.1>",
                        "sip:a@b" + ",sip:a@b".repeat(20),
                        "400 Bad Contact: more than 20 values"),
                added("Authorization: Digest\n", "400 Bad Authorization: a parameter without a name"),
                added("Authorization: Digest username\n", "400 Bad Authorization: a parameter without its value"),
                added(
                        "Authorization: Digest nonce=\"a\", nonce=\"b\"\n",
                        "400 Bad Authorization: a parameter given twice"),
                added(
                        "Authorization: Digest nonce=\"a\" realm=\"b\"\n",
                        "400 Bad Authorization: something behind its end"),
                added("Authorization: Digest username=\"a\\\0\"\n", "400 Bad Authorization: a control character"),
                added(
                        "Authorization: Digest username=\"" + "a".repeat(321) + "\"\n",
                        "400 Bad Authorization: a username longer than 320 characters"),
                added("Require: a b\n", "400 Bad Require: something behind its end"),
                added("no colon\n", "400 A header line without a colon"),
                added(": no name\n", "400 A header line without a name"),
                added("X: " + "x".repeat(8192) + "\n", "400 A line longer than 8192 bytes"),
                added("X: y\n".repeat(94), "400 More than 100 headers"),
                Arguments.of(REGISTER.substring(0, REGISTER.length() - 1), "400 No empty line behind the headers"),
                Arguments.of(REGISTER.substring(0, REGISTER.length() - 6), "400 No empty line behind the headers"),
                Arguments.of(REGISTER + "x".repeat(65_536), "513 Message longer than 65536 bytes"));
    }

    private static Arguments replaced(String part, String replacement, String expected) {
        assertThat(REGISTER).contains(part);
        return Arguments.of(
                REGISTER.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(replacement)), expected);
    }

    private static Arguments doubled(String line, String expected) {
        return replaced(line, line + line, expected);
    }

    private static Arguments added(String lines, String expected) {
        return replaced("CSeq:", lines + "CSeq:", expected);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void request_thatBreaksARule_isRefusedWithAReason(String text, String expected) {
        var message = Summary.parse(text);

        assertThat(Summary.of(message)).isEqualTo(expected);
        assertThat(message).isInstanceOfSatisfying(Malformed.class, malformed -> {
            assertThat(malformed.reason()).matches("[ -~]+");
            assertThat(malformed.headers().toString()).startsWith("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1");
        });
    }

    static Stream<Arguments> dropped() {
        return Stream.of(
                Arguments.of("", Cause.KEEP_ALIVE),
                Arguments.of("\n\n", Cause.KEEP_ALIVE),
                Arguments.of("\0\0\0\0", Cause.KEEP_ALIVE),
                Arguments.of("GET / HTTP/1.1\nHost: example.com\n\n", Cause.NOT_SIP),
                Arguments.of("hello", Cause.NOT_SIP),
                Arguments.of("\u0016\u0003\u0001", Cause.NOT_SIP),
                Arguments.of("REGISTER sip:example.com\n\n", Cause.NOT_SIP),
                Arguments.of("REGISTER sip:example.com SIP/\n\n", Cause.NOT_SIP),
                Arguments.of("REGISTER sip:example.com SIP/2\n\n", Cause.NOT_SIP),
                Arguments.of(" SIP/2.0\n\n", Cause.NOT_SIP),
                Arguments.of("SIP/2.0 200 OK\n\n", Cause.RESPONSE),
                Arguments.of("sip/2.0\n", Cause.RESPONSE),
                Arguments.of(REGISTER.replace("REGISTER", "ACK"), Cause.ACK),
                Arguments.of(REGISTER.replace("REGISTER", "ACK").replace("CSeq", "X"), Cause.ACK),
                Arguments.of(REGISTER.replaceFirst("Via: .*\n", ""), Cause.NO_VIA),
                Arguments.of(REGISTER.replaceFirst("Via: .*\n", "Via:\n"), Cause.NO_VIA),
                Arguments.of(REGISTER.replaceFirst("Via: .*\n", "Via: SIP/2.0\n"), Cause.NO_VIA),
                Arguments.of(REGISTER.replaceFirst("Via: .*\n", "Via: SIP/2.0/UDP\n"), Cause.NO_VIA),
                Arguments.of(REGISTER.replaceFirst("Via: .*\n", "Via: UDP 192.0.2.1\n"), Cause.NO_VIA),
                Arguments.of(REGISTER.replaceFirst("Via: .*\n", "Via: SIP/2.0/UDP host:port\n"), Cause.NO_VIA),
                Arguments.of(REGISTER.replaceFirst("Via: ", "Via: bad\nVia: "), Cause.NO_VIA));
    }

    @ParameterizedTest
    @MethodSource("dropped")
    void whatCantBeAnswered_isDroppedUnderACause(String text, Cause cause) {
        assertThat(Summary.parse(text)).isEqualTo(new Unanswerable(cause));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x@y", "\"quoted\"@x", "{}[]<>?:\\/", "1"})
    void callId_mayHaveAnyWord(String callId) {
        var request = Summary.request(REGISTER.replace("1@192.0.2.1", callId));

        assertThat(request.callId()).isEqualTo(callId);
    }

    @Test
    void longBranchTagAndCallId_areFine() {
        var text = "a".repeat(4_000);
        var request = Summary.request(REGISTER.replace("z9hG4bK1", text)
                .replace("tag=1", "tag=" + text)
                .replace("1@192.0.2.1", text));

        assertThat(request.via().branch()).isEqualTo(text);
        assertThat(request.from().tag()).isEqualTo(text);
        assertThat(request.callId()).isEqualTo(text);
    }

    @Test
    void whiteSpaceBeforeTheColon_andNone_areFine() {
        var request = Summary.request(REGISTER.replace("Call-ID: ", "I \t : ").replace("CSeq: ", "cseq:"));

        assertThat(request.callId()).isEqualTo("1@192.0.2.1");
        assertThat(request.sequence()).isEqualTo(1);
    }

    @Test
    void linesThatEndWithABareLineFeed_areFine() {
        var bytes = REGISTER.getBytes(UTF_8);

        assertThat(SipParser.parse(bytes, 0, bytes.length)).isInstanceOf(SipRequest.class);
    }

    @Test
    void bareCarriageReturn_endsNoLine_andIsNotEchoed() {
        var message = Summary.parse(REGISTER.replace("tag=1", "tag=1\rEvil: header"));

        assertThat(Summary.of(message)).isEqualTo("400 Bad From: something behind its end");
        assertThat(((Malformed) message).headers().toString()).contains("tag=1 Evil: header");
    }

    @Test
    void nulInAHeaderNobodyReads_isFine() {
        assertThat(Summary.parse(REGISTER.replace("CSeq:", "X-Nul: a\0b\nCSeq:")))
                .isInstanceOf(SipRequest.class);
    }

    @Test
    void nulInTheUserAgent_becomesASpace() {
        var request = Summary.request(REGISTER.replace("CSeq:", "User-Agent: a\0b\tc\u0085d\nCSeq:"));

        assertThat(request.userAgent()).isEqualTo("a b c d");
    }

    @Test
    void lineEndsBeforeTheMessage_areSkipped() {
        assertThat(Summary.parse("\n\n" + REGISTER)).isInstanceOf(SipRequest.class);
    }

    @Test
    void bytesOutsideTheRange_areNotRead() {
        var bytes = ("garbage" + REGISTER.replace("\n", "\r\n") + "more").getBytes(UTF_8);

        assertThat(SipParser.parse(bytes, 7, bytes.length - 11)).isInstanceOf(SipRequest.class);
    }

    @Test
    void request_keepsNothingOfTheBuffer() {
        var bytes = REGISTER.replace("\n", "\r\n").getBytes(UTF_8);
        var request = (SipRequest) SipParser.parse(bytes, 0, bytes.length);
        var before = request.toString();
        Arrays.fill(bytes, (byte) 'x');

        assertThat(request).hasToString(before);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "007, 7", "2147483646, 2147483646", "2147483647, 2147483647", "0002147483647, 2147483647"})
    void cseq_upToTheLargest_isRead(String written, long read) {
        assertThat(Summary.request(REGISTER.replace("CSeq: 1 ", "CSeq: " + written + " "))
                        .sequence())
                .isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7200, 7200",
        "2147483647, 2147483647",
        "4294967295, 2147483647",
        "99999999999999999999, 2147483647",
        "-1, 3600",
        "soon, 3600",
        "'', 3600"
    })
    void expires_isClampedAndDefaulted(String written, int read) {
        var request = Summary.request(REGISTER.replace("CSeq:", "Expires: " + written + "\nCSeq:")
                .replace("192.0.2.1>", "192.0.2.1>;expires=\"" + written + "\""));

        assertThat(request.expires()).hasValue(read);
    }

    @Test
    void userInLatin1_isReadWithoutBreaking() {
        var bytes = REGISTER.replace("To: <sip:alice@", "To: \"\u00e4\" <sip:%e4@")
                .replace("\n", "\r\n")
                .getBytes(ISO_8859_1);
        var request = (SipRequest) SipParser.parse(bytes, 0, bytes.length);

        assertThat(request.to().uri().user()).isEqualTo("\ufffd");
    }

    /** Messages made to be slow to read: each would take minutes if any step went back over what was read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Contact: <",
                "Contact: \"\\\"",
                "To: \"\" ",
                "To: a ",
                "X: y\n z\n",
                "Via: ,",
                "Via: a/",
                "Authorization: Digest a=\"\",",
                "\n \n",
                " ",
                "\t:",
                "User-Agent: \u0001\u0002",
                "Contact: sip:a;b;",
                "Contact: sip:a@b,"
            })
    void longMessage_isReadInLinearTime(String part) {
        var text = REGISTER.replace("\n\n", "\n" + part.repeat(200_000 / part.length()) + "\n\n");

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            var before = processorTime();
            Summary.parse(text);
            assertThat(processorTime().minus(before)).isLessThan(Duration.ofSeconds(2));
        });
    }

    /** Of the thread that asks: what else the machine does is not in it. */
    private static Duration processorTime() {
        return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
    }
}
