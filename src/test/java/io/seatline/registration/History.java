package io.seatline.registration;

import io.seatline.support.Drawn;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Requests for one account, and the time between them: a few phones, so that they meet often, and some of what they
 * send comes late or again.
 *
 * @param jitter how much is taken from a granted time, as far as it may be
 */
record History(int jitter, List<Step> steps) {
    static final List<String> CALL_IDS = List.of("call-1", "call-2", "call-3", "call-4");
    /** Addresses of two users, each of which can be written in several ways. */
    private static final int ADDRESSES = 16;

    private static final UUID ACCOUNT = UUID.fromString("00000000-0000-4000-8000-000000000001");

    /**
     * A request, so many seconds after the one before.
     *
     * @param after 0 for at once
     */
    record Step(int after, RegisterCommand request) {
        @Override
        public String toString() {
            return "+" + after + " s: " + shown(request);
        }
    }

    static History random(RandomGenerator random) {
        var steps = Drawn.several(random, 12, i -> new Step(Drawn.between(random, 0, 2000), any(random, i + 1)));
        return new History(Drawn.between(random, 0, 720), steps);
    }

    /** A request of any kind, which mostly has this number and else an earlier one. */
    static RegisterCommand any(RandomGenerator random, int number) {
        var sequence = random.nextInt(4) > 0 ? number : Drawn.between(random, 1, number);
        var callId = CALL_IDS.get(random.nextInt(CALL_IDS.size()));
        if (random.nextInt(12) == 0) {
            return star(callId, sequence, random.nextInt(3) > 0 ? OptionalInt.of(0) : expires(random));
        }
        return request(callId, sequence, expires(random), contacts(random));
    }

    /** One of the ways to write an address, which all are the same by RFC 3261 section 19.1.4. */
    static String written(RandomGenerator random, int address) {
        var user = address % 2 == 0 ? "anna" : "ben";
        var escaped = "%" + Integer.toHexString(user.charAt(0)) + user.substring(1);
        return Drawn.oneOf(
                random,
                "sip:" + user + "@h" + address + ".example:5070",
                "sip:" + user + "@h" + address + ".example:5070",
                "sip:" + user + "@h" + address + ".example:5070;ob",
                "SIP:" + escaped + "@H" + address + ".Example:5070");
    }

    /** What is the same for all ways to write one of the addresses; anything else as it is. */
    static String address(String uri) {
        return uri.matches("(?i)sip:.*@h[0-9]+\\.example:5070.*")
                ? uri.replaceAll("(?i).*@(h[0-9]+).*", "$1").toLowerCase(Locale.ROOT)
                : uri;
    }

    /** The user of one of the addresses; none of anything else. */
    static String user(String uri) {
        var address = address(uri);
        return address.equals(uri) ? "" : Integer.parseInt(address.substring(1)) % 2 == 0 ? "anna" : "ben";
    }

    /** What one phone says of its contacts: each named once, and each of its flows. */
    private static List<RequestedContact> contacts(RandomGenerator random) {
        var free = new ArrayList<>(IntStream.range(0, ADDRESSES).boxed().toList());
        var flows = new HashSet<String>();
        var contacts = new ArrayList<RequestedContact>();
        for (var i = Drawn.oneOf(random, 0, 1, 1, 1, 1, 1, 2, 3, 10, 11); i > 0; i--) {
            var uri = written(random, free.remove(/* index */ random.nextInt(free.size())));
            @Nullable String instance = random.nextBoolean() ? null : "urn:" + random.nextInt(3);
            var regId = random.nextInt(3);
            if (!flows.add(instance + " " + regId)) {
                instance = null;
            }
            contacts.add(
                    contact(uri, expires(random), instance, regId == 0 ? OptionalInt.empty() : OptionalInt.of(regId)));
        }
        return contacts;
    }

    /** None, none at all, too little now and then, and else what lies between the bounds, at them or above. */
    static OptionalInt expires(RandomGenerator random) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> OptionalInt.empty();
            case 3, 4 -> OptionalInt.of(0);
            case 5 -> OptionalInt.of(Drawn.oneOf(random, 61, 3600, 7199, 7201, Integer.MAX_VALUE));
            case 6 -> random.nextInt(4) == 0 ? OptionalInt.of(Drawn.between(random, 1, 59)) : OptionalInt.of(60);
            default -> OptionalInt.of(Drawn.between(random, 60, 7200));
        };
    }

    static RegisterCommand star(String callId, long sequence, OptionalInt expires) {
        return registering(callId, sequence, expires, true, List.of());
    }

    static RegisterCommand request(String callId, long sequence, OptionalInt expires, List<RequestedContact> contacts) {
        return registering(callId, sequence, expires, false, contacts);
    }

    static RequestedContact contact(String uri, OptionalInt expires, @Nullable String instance, OptionalInt regId) {
        return new RequestedContact(uri, expires, instance, regId, OptionalInt.empty());
    }

    /** A request of one contact for an hour. */
    static RegisterCommand request(String callId, long sequence, String contact, @Nullable String instance, int regId) {
        return request(
                callId,
                sequence,
                OptionalInt.of(3600),
                List.of(contact(contact, OptionalInt.empty(), instance, OptionalInt.of(regId))));
    }

    private static RegisterCommand registering(
            String callId, long sequence, OptionalInt expires, boolean star, List<RequestedContact> contacts) {
        var source = new InetSocketAddress("192.0.2.1", 5060);
        return new RegisterCommand(
                ACCOUNT, 1, 1, 1, source, "UDP", "Phone", null, callId, sequence, contacts, star, expires, false);
    }

    static String shown(RegisterCommand request) {
        return request.callId() + " " + request.sequence() + " expires " + shown(request.expires()) + ": "
                + (request.wildcard()
                        ? "*"
                        : request.contacts().stream()
                                .map(contact -> contact.uri() + " " + shown(contact.expires())
                                        + (contact.instance() == null
                                                ? ""
                                                : " " + contact.instance() + "/" + shown(contact.regId())))
                                .collect(Collectors.joining(", ")));
    }

    private static String shown(OptionalInt number) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : "-";
    }

    @Override
    public String toString() {
        return "jitter " + jitter + "\n" + steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
    }
}
