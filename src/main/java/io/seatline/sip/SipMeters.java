package io.seatline.sip;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.seatline.registration.RefusalReason;
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
                "method",
                METHODS.contains(method) ? method : "other",
                "transport",
                transport.name());
    }

    void answer(int status) {
        count("seatline.sip.answers", "status", Integer.toString(status), "", "");
    }

    void dropped(String cause) {
        count("seatline.sip.dropped", "cause", cause, "", "");
    }

    void shed() {
        count("seatline.sip.shed", "", "", "", "");
    }

    void retransmission() {
        count("seatline.sip.retransmissions", "", "", "", "");
    }

    void refused(Optional<RefusalReason> reason) {
        count(
                "seatline.sip.refusals",
                "reason",
                reason.map(RefusalReason::wireName).orElse("unknown_user"),
                "",
                "");
    }

    void registered(Duration took) {
        registrations.record(took);
    }

    private void count(String name, String key, String value, String secondKey, String second) {
        counters.computeIfAbsent(name + value + ' ' + second, all -> {
                    var counter = Counter.builder(name);
                    if (!key.isEmpty()) {
                        counter.tag(key, value);
                    }
                    if (!secondKey.isEmpty()) {
                        counter.tag(secondKey, second);
                    }
                    return counter.register(meters);
                })
                .increment();
    }
}
