package io.seatline.fuzz;

import io.seatline.sip.message.SipMessage;
import io.seatline.sip.message.SipParser;
import io.seatline.sip.message.SipRequest;

/** Any datagram. */
public final class SipParserFuzz {
    private SipParserFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        check(SipParser.parse(bytes, 0, bytes.length));
    }

    static void check(SipMessage message) {
        switch (message) {
            case SipMessage.Unanswerable _ -> {}
            case SipMessage.Malformed malformed -> Answers.check(malformed.headers());
            case SipRequest request -> {
                Answers.check(request.answerHeaders());
                if (request.contacts().size() > 20
                        || request.sequence() < 0
                        || request.callId().isEmpty()) {
                    throw new AssertionError(request.toString());
                }
            }
        }
    }
}
