package io.seatline.sip;

import io.seatline.registration.RegisterOutcome;
import io.seatline.sip.auth.Digest;
import io.seatline.sip.auth.Digest.Algorithm;
import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipRequest;
import io.seatline.sip.message.SipResponse;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The answers that the registrar gives, as it words them. */
final class Responses {
    private static final String ALLOW = "REGISTER, OPTIONS";

    /** RFC 3327 and RFC 5626; in small letters. */
    private static final List<String> EXTENSIONS = List.of("path", "outbound");

    private static final String SERVER = "Seatline";

    /** RFC 3261 20.17. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** Option tags that are named back: the answer must not be much longer than the request. */
    private static final int MAX_TAGS = 10;

    /** A challenge with a header for each algorithm. */
    SipResponse.Builder challenge(
            SipRequest request, String realm, String nonce, List<Algorithm> offered, boolean stale) {
        var answer = to(request, 401, "Unauthorized");
        for (var algorithm : offered) {
            answer.header("WWW-Authenticate", Digest.challenge(realm, nonce, algorithm, stale));
        }
        return answer;
    }

    SipResponse.Builder malformed(Malformed message) {
        return SipResponse.to(message.headers(), message.status(), message.reason())
                .header("Server", SERVER);
    }

    SipResponse.Builder noTransaction(SipRequest request) {
        return to(request, 481, "Call/Transaction Does Not Exist");
    }

    SipResponse.Builder options(SipRequest request) {
        return to(request, 200, "OK")
                .header("Allow", ALLOW)
                .header("Accept", "application/sdp")
                .header("Supported", String.join(", ", EXTENSIONS));
    }

    SipResponse.Builder notAllowed(SipRequest request) {
        var answer = to(request, 405, "Method Not Allowed").header("Allow", ALLOW);
        return request.method().equals("INVITE")
                ? answer.header("Warning", "399 seatline \"Seatline registers phones; calls need the Kamailio edge\"")
                : answer;
    }

    /** Whether a request needs an extension that is not there. */
    static boolean hasBadExtension(SipRequest request) {
        return unsupported(request).findAny().isPresent();
    }

    private static Stream<String> unsupported(SipRequest request) {
        return request.require().stream().filter(tag -> !EXTENSIONS.contains(tag.toLowerCase(Locale.ROOT)));
    }

    SipResponse.Builder badExtension(SipRequest request) {
        return to(request, 420, "Bad Extension")
                .header(
                        "Unsupported",
                        String.join(", ", unsupported(request).limit(MAX_TAGS).toList()));
    }

    /** Come back in a few seconds, not all at once. */
    SipResponse.Builder unavailable(SipRequest request) {
        var seconds = ThreadLocalRandom.current().nextInt(2, 9);
        return to(request, 503, "Service Unavailable").header("Retry-After", Integer.toString(seconds));
    }

    /**
     * With all live contacts.
     *
     * @param path what was stored with them, which the answer repeats (RFC 3327 section 5.3)
     */
    SipResponse.Builder registered(SipRequest request, RegisterOutcome.Registered registered, Optional<String> path) {
        var answer = to(request, 200, "OK").header("Supported", String.join(", ", EXTENSIONS));
        path.ifPresent(stored -> answer.header("Path", stored));
        if (isOutbound(request)) {
            answer.header("Require", "outbound");
        }
        for (var contact : registered.contacts()) {
            answer.header("Contact", contact(contact));
        }
        return answer.header("Date", DATE.format(Instant.now()));
    }

    /** Whether the phone keeps several flows, each with a binding of its own (RFC 5626 section 6). */
    private static boolean isOutbound(SipRequest request) {
        return Stream.concat(request.supported().stream(), request.require().stream())
                        .anyMatch("outbound"::equalsIgnoreCase)
                && request.contacts().stream()
                        .anyMatch(contact ->
                                contact.instance() != null && contact.regId().isPresent());
    }

    /** With all by which a phone that has several tells its own (RFC 5626 section 6, RFC 3261 section 10.2.4). */
    private static String contact(RegisterOutcome.Contact contact) {
        var value = new StringBuilder("<").append(contact.uri()).append('>');
        if (contact.instance() != null) {
            value.append(";+sip.instance=\"<")
                    .append(contact.instance().replace("\\", "\\\\").replace("\"", "\\\""))
                    .append(">\"");
        }
        contact.regId().ifPresent(regId -> value.append(";reg-id=").append(regId));
        contact.q()
                .ifPresent(
                        q -> value.append(";q=").append(BigDecimal.valueOf(q, 3).toPlainString()));
        return value.append(";expires=").append(contact.secondsLeft()).toString();
    }

    SipResponse.Builder tooBrief(SipRequest request, int least) {
        return to(request, 423, "Interval Too Brief").header("Min-Expires", Integer.toString(least));
    }

    SipResponse.Builder invalid(SipRequest request, String reason) {
        return to(request, 400, reason);
    }

    private static SipResponse.Builder to(SipRequest request, int status, String reason) {
        return SipResponse.to(request.answerHeaders(), status, reason).header("Server", SERVER);
    }
}
