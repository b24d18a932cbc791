package io.seatline.fuzz;

import io.seatline.sip.message.ResponseHeaders;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.message.SipMessage.Unanswerable.Cause;
import io.seatline.sip.message.SipParser;
import io.seatline.sip.message.SipResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What holds for the answer to whatever came: nothing in it ends a line, or the head, before we do. */
final class Answers {
    private static final InetSocketAddress SOURCE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060);

    private Answers() {}

    static void check(ResponseHeaders headers) {
        var answer = SipResponse.to(headers, 400, "Bad Request").bytes(SOURCE, "tag");
        if (!SipParser.parse(answer, 0, answer.length).equals(new Unanswerable(Cause.RESPONSE))) {
            throw new AssertionError("an answer that is no response");
        }
        for (var i = 0; i < answer.length; i++) {
            var ends = answer[i] == '\n' && answer[i - 1] == '\r';
            if ((answer[i] == '\n' && !ends) || (answer[i] == '\r' && answer[i + 1] != '\n')) {
                throw new AssertionError("half a line end");
            }
            if (ends
                    && i + 1 < answer.length
                    && (answer[i + 1] == ' ' || (answer[i + 1] == '\r' && i + 3 < answer.length))) {
                throw new AssertionError("a line of another's making");
            }
        }
    }
}
