package io.seatline.registration;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.registration.RegisterOutcome.Contact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a REGISTER makes of an account's bindings (RFC 3261 10.3 steps 6 to 8); pure.
 *
 * <p>A contact is the same as before when its instance and reg-id are, where it has both (RFC 5626 6), and when its URI
 * is (RFC 3261 19.1.4). One that is neither goes on with the binding of a phone that has moved, which would be left
 * behind dead: that has its instance, or, where there is none, its Call-ID and user. Who takes an address back names
 * it: nothing else ends with it.
 */
final class BindingRules {
    private final RegisterCommand request;
    private final long now;
    private final BindingLimits limits;
    private final IntUnaryOperator jitter;

    /** By contact; what the request has changed so far. */
    private final SequencedMap<String, Binding> bindings = new LinkedHashMap<>();

    private final SequencedMap<String, Binding> changed = new LinkedHashMap<>();

    /** Read once, by their texts. */
    private final Map<String, ContactUri> uris = new HashMap<>();

    private final List<String> gone = new ArrayList<>();

    /**
     * What is to be stored, and what to answer.
     *
     * @param bindings new and changed ones
     * @param gone contacts whose binding has ended, or goes on under another contact
     */
    record Applied(RegisterOutcome outcome, List<Binding> bindings, List<String> gone) {}

    private BindingRules(
            RegisterCommand request, List<Binding> before, long now, BindingLimits limits, IntUnaryOperator jitter) {
        this.request = request;
        this.now = now;
        this.limits = limits;
        this.jitter = jitter;
        before.forEach(binding -> bindings.put(binding.contact(), binding));
    }

    /**
     * Applies {@code request} to the account's live bindings.
     *
     * @param now by the database's clock, microseconds since 1970
     * @param jitter shortens a granted time a little, so that phones that started together do not come back together
     */
    static Applied apply(
            RegisterCommand request, List<Binding> before, long now, BindingLimits limits, IntUnaryOperator jitter) {
        var rules = new BindingRules(request, before, now, limits, jitter);
        var refused = request.wildcard() ? rules.endAll() : rules.applyContacts();
        return refused.map(outcome -> new Applied(outcome, List.of(), List.of()))
                .orElseGet(rules::result);
    }

    /** Whether the request goes on with a live binding: of its Call-ID, and registered from its address. */
    static boolean continuesOne(RegisterCommand request, List<Binding> bindings) {
        return bindings.stream()
                .anyMatch(binding -> binding.callId().equals(request.callId())
                        && binding.source().equals(address(request)));
    }

    private static String address(RegisterCommand request) {
        return request.source().getAddress().getHostAddress();
    }

    private Optional<RegisterOutcome> endAll() {
        if (request.expires().orElse(limits.usual()) != 0) {
            return Optional.of(new RegisterOutcome.Invalid("Contact: * Needs Expires: 0"));
        }
        if (bindings.values().stream().anyMatch(this::isLate)) {
            return Optional.of(new RegisterOutcome.OutOfOrder());
        }
        List.copyOf(bindings.keySet()).forEach(this::end);
        return Optional.empty();
    }

    private Optional<RegisterOutcome> applyContacts() {
        for (var contact : request.contacts()) {
            if (wanted(contact) > 0 && wanted(contact) < limits.min()) {
                return Optional.of(new RegisterOutcome.TooBrief(limits.min()));
            }
        }
        if (request.contacts().size() > limits.contacts()) {
            return Optional.of(new RegisterOutcome.Invalid("More Than " + limits.contacts() + " Contacts"));
        }
        for (var contact : request.contacts()) {
            var before = before(contact);
            if (before.stream().anyMatch(this::isLate)) {
                return Optional.of(new RegisterOutcome.OutOfOrder());
            }
            apply(contact, before);
        }
        evict();
        return Optional.empty();
    }

    private void apply(RequestedContact contact, List<Binding> before) {
        before.forEach(binding -> end(binding.contact()));
        if (wanted(contact) == 0) {
            return;
        }
        var going = before.stream().findFirst();
        var granted = granted(wanted(contact), going);
        var binding = new Binding(
                request.accountId(),
                going.map(Binding::id).orElseGet(UuidCreator::getTimeOrderedEpoch),
                contact.uri(),
                contact.instance(),
                contact.regId(),
                contact.q(),
                request.callId(),
                request.sequence(),
                address(request),
                request.source().getPort(),
                request.transport(),
                request.userAgent(),
                request.path(),
                going.map(Binding::firstSeen).orElse(null),
                granted,
                granted);
        bindings.put(binding.contact(), binding);
        changed.put(binding.contact(), binding);
    }

    private int wanted(RequestedContact contact) {
        return request.expires(contact).orElse(limits.usual());
    }

    private int granted(int wanted, Optional<Binding> going) {
        if (wanted <= limits.max()
                && going.filter(binding -> binding.granted() == wanted).isPresent()) {
            // a phone that asks for what it has would come to nothing step by step
            return wanted;
        }
        var most = Math.min(wanted, limits.max());
        return Math.max(limits.min(), most - jitter.applyAsInt(most / 10 + 1));
    }

    /**
     * What the contact goes on with, or takes back: of the same flow, at the same address, or the phone's before it
     * moved.
     */
    private List<Binding> before(RequestedContact contact) {
        var same = Stream.concat(flow(contact).stream(), at(contact).stream())
                .distinct()
                .toList();
        return same.isEmpty() && request.contacts().size() == 1 && wanted(contact) > 0
                ? moved(contact).stream().toList()
                : same;
    }

    private Optional<Binding> flow(RequestedContact contact) {
        var instance = contact.instance();
        return instance == null || contact.regId().isEmpty()
                ? Optional.empty()
                : longest(binding -> instance.equals(binding.instance())
                        && contact.regId().equals(binding.regId())
                        && (isAt(contact, binding) || !isNamed(binding)));
    }

    private List<Binding> at(RequestedContact contact) {
        var asWritten = bindings.get(contact.uri());
        if (asWritten != null) {
            return List.of(asWritten);
        }
        return bindings.values().stream()
                .filter(binding -> isAt(contact, binding))
                .toList();
    }

    private Optional<Binding> moved(RequestedContact contact) {
        var instance = contact.instance();
        if (instance != null) {
            return longest(binding -> instance.equals(binding.instance())
                    && contact.regId().isEmpty()
                    && binding.regId().isEmpty());
        }
        var uri = uri(contact.uri());
        return longest(binding -> binding.instance() == null
                && binding.callId().equals(request.callId())
                && uri.hasUserOf(uri(binding.contact())));
    }

    /** Of several the one that has longest to go. */
    private Optional<Binding> longest(Predicate<Binding> condition) {
        return bindings.values().stream().filter(condition).max(Comparator.comparingInt(Binding::secondsLeft));
    }

    private boolean isLate(Binding binding) {
        return !changed.containsKey(binding.contact())
                && binding.callId().equals(request.callId())
                && request.sequence() <= binding.sequence();
    }

    private void end(String contact) {
        bindings.remove(contact);
        changed.remove(contact);
        gone.add(contact);
    }

    private void evict() {
        var tooMany = bindings.size() - limits.contacts();
        if (tooMany > 0) {
            bindings.values().stream()
                    .filter(binding -> !isNamed(binding))
                    .sorted(Comparator.comparingInt(Binding::secondsLeft))
                    .limit(tooMany)
                    .map(Binding::contact)
                    .toList()
                    .forEach(this::end);
        }
    }

    private boolean isNamed(Binding binding) {
        return request.contacts().stream().anyMatch(contact -> isAt(contact, binding));
    }

    private boolean isAt(RequestedContact contact, Binding binding) {
        return contact.uri().equals(binding.contact()) || uri(contact.uri()).isSame(uri(binding.contact()));
    }

    private ContactUri uri(String text) {
        return uris.computeIfAbsent(text, ContactUri::of);
    }

    private Applied result() {
        var live = bindings.values().stream()
                .map(binding -> new Contact(
                        binding.contact(), binding.secondsLeft(), binding.instance(), binding.regId(), binding.q()))
                .toList();
        return new Applied(
                new RegisterOutcome.Registered(live, now),
                List.copyOf(changed.values()),
                gone.stream().filter(contact -> !bindings.containsKey(contact)).toList());
    }
}
