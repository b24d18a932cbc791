package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;

/** What a message says, in one line: for tables of expectations. */
final class Summary {
    private Summary() {}

    static SipMessage parse(String text) {
        return parse(text.replace("\n", "\r\n").getBytes(UTF_8));
    }

    static SipMessage parse(byte[] bytes) {
        return SipParser.parse(bytes, 0, bytes.length);
    }

    static SipRequest request(String text) {
        return switch (parse(text)) {
            case SipRequest request -> request;
            case SipMessage other -> throw new AssertionError(of(other));
        };
    }

    static String of(SipMessage message) {
        return switch (message) {
            case SipRequest request -> of(request);
            case Malformed malformed -> malformed.status() + " " + malformed.reason();
            case Unanswerable unanswerable -> "dropped: " + unanswerable.cause();
        };
    }

    private static String of(SipRequest request) {
        var text = new StringBuilder(request.method())
                .append(' ')
                .append(of(request.uri()))
                .append(" from ")
                .append(of(request.from()))
                .append(" to ")
                .append(of(request.to()))
                .append(" number ")
                .append(request.sequence());
        request.contacts()
                .forEach(contact -> text.append(" at ").append(contact.uri().text()));
        return text.toString();
    }

    private static String of(NameAddress address) {
        return of(address.uri()) + (address.tag() == null ? "" : "#" + address.tag());
    }

    /** The user without escapes, and the host; for a foreign scheme the text. */
    private static String of(SipUri uri) {
        if (!uri.scheme().startsWith("sip")) {
            return uri.text();
        }
        return (uri.user().isEmpty() ? "" : uri.user() + "@") + uri.host();
    }
}
