package io.seatline.sip;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.seatline.registration.RefusalReason;
import io.seatline.sip.transport.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is counted at the SIP edge. */
final class SipMeters {
    private static final Set<String> METHODS = Set.of(
            "REGISTER",
            "OPTIONS",
            "INVITE",
            "CANCEL",
            "BYE",
            "SUBSCRIBE",
            "NOTIFY",
            "PUBLISH",
            "MESSAGE",
            "INFO",
            "UPDATE",
            "PRACK",
            "REFER",
            "malformed");

    private final MeterRegistry meters;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Timer registrations;

    SipMeters(MeterRegistry meters) {
        this.meters = meters;
        this.registrations = Timer.builder("seatline.sip.registrations")
                .description("REGISTER requests with a good digest, from arrival to answer")
                .register(meters);
    }

    void request(String method, Transport transport) {
        count(
                "seatline.sip.requests",
                "SIP requests that came, by method and transport",
                "method",
                METHODS.contains(method) ? method : "other",
                "transport",
                transport.name());
    }

    void answer(int status) {
        count("seatline.sip.answers", "Answers sent, by status", "status", Integer.toString(status));
    }

    void dropped(String cause) {
        count("seatline.sip.dropped", "Messages that got no answer, by cause", "cause", cause);
    }

    void shed() {
        count("seatline.sip.shed", "Requests answered with 503 because too many were in work");
    }

    void retransmission() {
        count("seatline.sip.retransmissions", "Requests that came before, and got the same answer again");
    }

    void refused(Optional<RefusalReason> reason) {
        count(
                "seatline.sip.refusals",
                "Registrations refused, by the true reason",
                "reason",
                reason.map(RefusalReason::wireName).orElse("unknown_user"));
    }

    void registered(Duration took) {
        registrations.record(took);
    }

    private void count(String name, String description, String... tags) {
        counters.computeIfAbsent(
                        name + String.join(" ", tags),
                        all -> Counter.builder(name)
                                .description(description)
                                .tags(tags)
                                .register(meters))
                .increment();
    }
}
