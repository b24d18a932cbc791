package io.seatline.registration;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.registration.Outcome.Contact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/**
 * What a REGISTER makes of an account's bindings (RFC 3261 10.3 steps 6 to 8); pure.
 *
 * <p>A contact is the same as before when its instance and reg-id are (RFC 5626 6), else when its URI is, else, for a request with
 * one contact, when the Call-ID is and no instance or reg-id tells them apart: a phone whose address changed sends the same Call-ID,
 * and would leave a dead binding behind. Who takes an address back names it: nothing else ends with it.
 */
public final class BindingRules {
    /** Seconds; what asks for less is refused. */
    public static final int SHORTEST = 60;

    /** Seconds, when a phone asks for none. */
    static final int BY_DEFAULT = 3600;

    /** Seconds; what asks for more gets this. */
    static final int LONGEST = 7200;

    /** So many live contacts an account has at most; the one that expires soonest gives way. */
    static final int MOST = 10;

    private final Registering request;
    private final IntUnaryOperator jitter;

    /** By contact; what the request has changed so far. */
    private final SequencedMap<String, Binding> bindings = new LinkedHashMap<>();

    private final SequencedMap<String, Binding> changed = new LinkedHashMap<>();
    private final List<String> gone = new ArrayList<>();

    /**
     * What is to be stored, and what to answer.
     *
     * @param bindings new and changed ones, ended ones among them
     * @param gone contacts whose binding goes on under another contact, or ended before those that are kept
     */
    record Applied(Outcome outcome, List<Binding> bindings, List<String> gone) {}

    private BindingRules(Registering request, List<Binding> before, IntUnaryOperator jitter) {
        this.request = request;
        this.jitter = jitter;
        before.forEach(binding -> bindings.put(binding.contact(), binding));
    }

    /**
     * Applies {@code request} to the account's bindings, live and ended.
     *
     * @param jitter shortens a granted time a little, so that phones that started together do not come back together
     */
    static Applied apply(Registering request, List<Binding> before, IntUnaryOperator jitter) {
        var rules = new BindingRules(request, before, jitter);
        var refused = request.wildcard() ? rules.endAll() : rules.applyContacts();
        return refused.map(outcome -> new Applied(outcome, List.of(), List.of()))
                .orElseGet(rules::result);
    }

    /** Whether the request goes on with a live binding: of its Call-ID, and registered from its address. */
    static boolean continuesOne(Registering request, List<Binding> bindings) {
        return bindings.stream()
                .anyMatch(binding -> binding.live()
                        && binding.callId().equals(request.callId())
                        && binding.source().equals(address(request)));
    }

    private static String address(Registering request) {
        return request.source().getAddress().getHostAddress();
    }

    private Optional<Outcome> endAll() {
        if (request.expires().orElse(BY_DEFAULT) != 0) {
            return Optional.of(new Outcome.Invalid("Contact: * Needs Expires: 0"));
        }
        for (var binding : List.copyOf(bindings.values())) {
            if (isLate(binding)) {
                return Optional.of(new Outcome.OutOfOrder());
            }
            if (binding.live()) {
                change(binding.ended(request.callId(), request.sequence()));
            }
        }
        return Optional.empty();
    }

    private Optional<Outcome> applyContacts() {
        for (var contact : request.contacts()) {
            var expires = request.expires(contact).orElse(BY_DEFAULT);
            if (expires > 0 && expires < SHORTEST) {
                return Optional.of(new Outcome.TooBrief());
            }
        }
        if (request.contacts().size() > MOST) {
            return Optional.of(new Outcome.Invalid("More Than " + MOST + " Contacts"));
        }
        for (var contact : request.contacts()) {
            var before = match(contact);
            // A phone that is known by its instance may name an address that another binding has.
            var there = Optional.ofNullable(bindings.get(contact.uri()));
            if (before.filter(this::isLate).or(() -> there.filter(this::isLate)).isPresent()) {
                return Optional.of(new Outcome.OutOfOrder());
            }
            apply(contact, before, there);
        }
        evict();
        return Optional.empty();
    }

    private void apply(RegisteredContact contact, Optional<Binding> before, Optional<Binding> there) {
        var wanted = request.expires(contact).orElse(BY_DEFAULT);
        if (wanted == 0) {
            Stream.concat(before.stream(), there.stream())
                    .forEach(binding -> change(binding.ended(request.callId(), request.sequence())));
            return;
        }
        before.filter(binding -> !binding.contact().equals(contact.uri())).ifPresent(binding -> {
            bindings.remove(binding.contact());
            changed.remove(binding.contact());
            gone.add(binding.contact());
        });
        var going = before.filter(Binding::live).or(() -> there.filter(Binding::live));
        change(new Binding(
                request.accountId(),
                going.map(Binding::id).orElseGet(UuidCreator::getTimeOrderedEpoch),
                contact.uri(),
                contact.instance(),
                contact.regId(),
                request.callId(),
                request.sequence(),
                address(request),
                request.source().getPort(),
                request.transport(),
                request.userAgent(),
                going.map(Binding::firstSeen).orElse(null),
                granted(wanted)));
    }

    private int granted(int wanted) {
        var most = Math.min(wanted, LONGEST);
        return Math.max(SHORTEST, most - jitter.applyAsInt(most / 10 + 1));
    }

    private Optional<Binding> match(RegisteredContact contact) {
        if (contact.instance() != null) {
            var same = bindings.values().stream()
                    .filter(binding -> Objects.equals(binding.instance(), contact.instance())
                            && binding.regId().equals(contact.regId())
                            && (binding.contact().equals(contact.uri()) || !isNamed(binding)))
                    .max(Comparator.comparingInt(Binding::secondsLeft));
            if (same.isPresent()) {
                return same;
            }
        }
        var same = Optional.ofNullable(bindings.get(contact.uri()));
        return same.isPresent()
                        || request.contacts().size() > 1
                        || request.expires(contact).orElse(BY_DEFAULT) == 0
                ? same
                : bindings.values().stream()
                        .filter(binding -> binding.callId().equals(request.callId()))
                        .filter(binding -> binding.instance() == null || contact.instance() == null)
                        .max(Comparator.comparingInt(Binding::secondsLeft));
    }

    private boolean isLate(Binding binding) {
        return binding.callId().equals(request.callId()) && request.sequence() <= binding.sequence();
    }

    private void change(Binding binding) {
        bindings.put(binding.contact(), binding);
        changed.put(binding.contact(), binding);
    }

    private void evict() {
        var live = bindings.values().stream().filter(Binding::live).toList();
        live.stream()
                .filter(binding -> !isNamed(binding))
                .sorted(Comparator.comparingInt(Binding::secondsLeft))
                .limit(Math.max(0, live.size() - MOST))
                .forEach(binding -> change(binding.ended(binding.callId(), binding.sequence())));
    }

    private boolean isNamed(Binding binding) {
        return request.contacts().stream().anyMatch(contact -> contact.uri().equals(binding.contact()));
    }

    /** Of those that have ended, the youngest are kept, so that one account's do not grow without end. */
    private void forgetLongEnded() {
        bindings.values().stream()
                .filter(binding -> !binding.live())
                .sorted(Comparator.comparingInt(Binding::secondsLeft).reversed())
                .skip(MOST)
                .map(Binding::contact)
                .toList()
                .forEach(contact -> {
                    bindings.remove(contact);
                    changed.remove(contact);
                    gone.add(contact);
                });
    }

    private Applied result() {
        forgetLongEnded();
        var live = bindings.values().stream()
                .filter(Binding::live)
                .map(binding -> new Contact(binding.contact(), binding.secondsLeft()))
                .toList();
        return new Applied(
                new Outcome.Registered(live),
                List.copyOf(changed.values()),
                gone.stream().filter(contact -> !bindings.containsKey(contact)).toList());
    }
}
