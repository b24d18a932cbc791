package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.message.SipMessage.Unanswerable.Cause;
import io.seatline.sip.message.StreamFramer.Event;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a stream is cut, and when it can't be. */
@Tag("pure")
class StreamFramerTest {
    private static final String OPTIONS = """
            OPTIONS sip:example.com SIP/2.0
            Via: SIP/2.0/TCP 192.0.2.1
            From: <sip:alice@example.com>;tag=1
            To: <sip:alice@example.com>
            Call-ID: 1@192.0.2.1
            CSeq: 1 OPTIONS
            Content-Length: 0

            """;

    private final StreamFramer framer = new StreamFramer();

    private void feed(String text) {
        var bytes = text.replace("\n", "\r\n").getBytes(UTF_8);
        framer.feed(bytes, 0, bytes.length);
    }

    private void assertMessage(String callId) {
        assertThat(framer.next())
                .isInstanceOfSatisfying(
                        Event.Message.class,
                        event -> assertThat(event.message())
                                .isInstanceOfSatisfying(
                                        SipRequest.class,
                                        request -> assertThat(request.callId()).isEqualTo(callId)));
    }

    private void assertBroken(int status, String reason) {
        assertThat(framer.next())
                .isInstanceOfSatisfying(
                        Event.Broken.class,
                        event -> assertThat(event.message()).isInstanceOfSatisfying(Malformed.class, malformed -> {
                            assertThat(malformed.status()).isEqualTo(status);
                            assertThat(malformed.reason()).isEqualTo(reason);
                        }));
        feed(OPTIONS);
        assertThat(framer.next()).as("nothing more").isNull();
    }

    @Test
    void messagesOneAfterTheOther_areCut() {
        feed(OPTIONS + OPTIONS.replace("1@", "2@"));

        assertMessage("1@192.0.2.1");
        assertMessage("2@192.0.2.1");
        assertThat(framer.next()).isNull();
    }

    @Test
    void body_isSkipped() {
        feed(OPTIONS.replace("Length: 0", "Length: 70") + OPTIONS.substring(0, 40));
        assertThat(framer.next()).as("until the body has come").isNull();
        feed("x".repeat(29) + OPTIONS.replace("1@", "2@"));

        assertMessage("1@192.0.2.1");
        assertMessage("2@192.0.2.1");
    }

    @Test
    void doubleLineEnd_isAPing() {
        feed("\n\n");

        assertThat(framer.next()).isEqualTo(new Event.Ping());
        assertThat(framer.next()).isNull();
    }

    @Test
    void singleLineEnd_isIgnored() {
        feed("\n" + OPTIONS + "\n" + OPTIONS);

        assertMessage("1@192.0.2.1");
        assertMessage("1@192.0.2.1");
    }

    @Test
    void pingsBetweenMessages_areSeen() {
        feed(OPTIONS + "\n\n\n\n" + OPTIONS);

        assertMessage("1@192.0.2.1");
        assertThat(framer.next()).isEqualTo(new Event.Ping());
        assertThat(framer.next()).isEqualTo(new Event.Ping());
        assertMessage("1@192.0.2.1");
    }

    @Test
    void malformedMessageWithAContentLength_breaksNothing() {
        feed(OPTIONS.replace("CSeq: 1", "CSeq: x") + OPTIONS);

        assertThat(framer.next())
                .isInstanceOfSatisfying(
                        Event.Message.class,
                        event -> assertThat(event.message()).isInstanceOf(Malformed.class));
        assertMessage("1@192.0.2.1");
    }

    @Test
    void response_isCutToo() {
        feed("SIP/2.0 200 OK\nContent-Length: 3\n\nabc" + OPTIONS);

        assertThat(framer.next()).isEqualTo(new Event.Message(new Unanswerable(Cause.RESPONSE)));
        assertMessage("1@192.0.2.1");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'No usable Content-Length, which a stream needs'",
        "'Content-Length: -1\n', Bad Content-Length: no number",
        "'Content-Length: 5, 5\n', Bad Content-Length: no number",
        "'Content-Length: 0x5\n', Bad Content-Length: no number",
        "'Content-Length: 5\nl: 6\n', Two Content-Length headers",
        "'Content-Length: 0\nl: 0\n', Two Content-Length headers",
    })
    void unusableContentLength_endsTheStream(String lines, String reason) {
        feed(OPTIONS.replace("Content-Length: 0\n", lines));

        assertBroken(400, reason);
    }

    @ParameterizedTest
    @CsvSource({"65536", "2147483648", "99999999999999999999"})
    void largerBodyThanTheLimit_endsTheStream(String length) {
        feed(OPTIONS.replace("Length: 0", "Length: " + length));

        assertBroken(513, "Message longer than 65536 bytes");
    }

    @Test
    void headWithoutAnEnd_endsTheStreamAtTheLimit() {
        feed(OPTIONS.substring(0, OPTIONS.length() - 1));
        for (var i = 0; i < 70; i++) {
            assertThat(framer.next()).as("within the limit").isNull();
            feed("X: " + "x".repeat(930) + "\n");
        }

        assertBroken(513, "Message longer than 65536 bytes");
    }

    @Test
    void otherProtocol_endsTheStream() {
        feed("GET / HTTP/1.1\nContent-Length: 0\n\n");

        assertThat(framer.next()).isEqualTo(new Event.Broken(new Unanswerable(Cause.NOT_SIP)));
    }
}
