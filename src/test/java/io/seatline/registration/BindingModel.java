package io.seatline.registration;

import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * RFC 3261 section 10.3 steps 6 to 8 said once more, with lists that are searched and no thought of what has to be
 * stored: what {@link BindingRules} makes of a request is compared with it. Times are granted whole.
 */
final class BindingModel {
    private static final int MAX = 10;

    private final RegisterCommand request;
    private final List<Entry> before;
    private final List<Entry> entries;

    /** There are two that end at the same time, of which one has to be chosen: either is right. */
    private boolean tied;

    /** A live binding. */
    record Entry(String contact, @Nullable String instance, OptionalInt regId, String callId, long sequence, int left) {
        static Entry of(Binding binding) {
            return new Entry(
                    binding.contact(),
                    binding.instance(),
                    binding.regId(),
                    binding.callId(),
                    binding.sequence(),
                    binding.secondsLeft());
        }
    }

    /** The kind of outcome, and what is there afterwards. */
    record Expected(Class<? extends RegisterOutcome> outcome, Set<Entry> entries) {}

    private BindingModel(RegisterCommand request, List<Entry> before) {
        this.request = request;
        this.before = before;
        this.entries = new ArrayList<>(before);
    }

    /** What is to be expected; empty when there is more than one right result. */
    static Optional<Expected> expected(RegisterCommand request, List<Binding> bindings) {
        var before = bindings.stream().map(Entry::of).toList();
        var model = new BindingModel(request, before);
        var outcome = request.wildcard() ? model.star() : model.contacts();
        if (outcome != RegisterOutcome.Registered.class) {
            return Optional.of(new Expected(outcome, Set.copyOf(before)));
        }
        return model.tied ? Optional.empty() : Optional.of(new Expected(outcome, Set.copyOf(model.entries)));
    }

    /** Step 6. */
    private Class<? extends RegisterOutcome> star() {
        if (!request.expires().equals(OptionalInt.of(0))) {
            return RegisterOutcome.Invalid.class;
        }
        if (entries.stream().anyMatch(this::isLater)) {
            return RegisterOutcome.OutOfOrder.class;
        }
        entries.clear();
        return RegisterOutcome.Registered.class;
    }

    /** Step 7. */
    private Class<? extends RegisterOutcome> contacts() {
        if (request.contacts().stream().map(this::wanted).anyMatch(wanted -> wanted > 0 && wanted < 60)) {
            return RegisterOutcome.TooBrief.class;
        }
        if (request.contacts().size() > MAX) {
            return RegisterOutcome.Invalid.class;
        }
        for (var contact : request.contacts()) {
            var known = known(contact);
            if (known.stream().anyMatch(this::isLater)) {
                return RegisterOutcome.OutOfOrder.class;
            }
            entries.removeAll(known);
            if (wanted(contact) > 0) {
                entries.add(new Entry(
                        contact.uri(),
                        contact.instance(),
                        contact.regId(),
                        request.callId(),
                        request.sequence(),
                        Math.min(wanted(contact), 7200)));
            }
        }
        evict();
        return RegisterOutcome.Registered.class;
    }

    private int wanted(RequestedContact contact) {
        return contact.expires().orElse(request.expires().orElse(3600));
    }

    private boolean isLater(Entry entry) {
        return before.contains(entry)
                && entry.callId().equals(request.callId())
                && entry.sequence() >= request.sequence();
    }

    /**
     * The bindings that the contact goes on with, or takes back: of its flow (RFC 5626 section 6) and at its address
     * (RFC 3261 section 19.1.4); else, for a phone that goes on at a new address, the one that has its instance, or its
     * Call-ID and user.
     */
    private Set<Entry> known(RequestedContact contact) {
        var known = new HashSet<>(entries.stream()
                .filter(entry -> isSame(entry.contact(), contact.uri()))
                .toList());
        if (contact.instance() != null && contact.regId().isPresent()) {
            longest(entries.stream()
                            .filter(entry -> isOfInstance(entry, contact)
                                    && (isSame(entry.contact(), contact.uri()) || !isNamed(entry)))
                            .toList())
                    .ifPresent(known::add);
        }
        if (known.isEmpty() && request.contacts().size() == 1 && wanted(contact) > 0) {
            longest(entries.stream()
                            .filter(entry -> contact.instance() == null
                                    ? entry.instance() == null
                                            && entry.callId().equals(request.callId())
                                            && History.user(entry.contact()).equals(History.user(contact.uri()))
                                    : isOfInstance(entry, contact))
                            .toList())
                    .ifPresent(known::add);
        }
        return known;
    }

    private static boolean isOfInstance(Entry entry, RequestedContact contact) {
        return Objects.equals(entry.instance(), contact.instance())
                && entry.regId().equals(contact.regId());
    }

    private static boolean isSame(String one, String other) {
        return History.address(one).equals(History.address(other));
    }

    private boolean isNamed(Entry entry) {
        return request.contacts().stream().anyMatch(contact -> isSame(contact.uri(), entry.contact()));
    }

    private Optional<Entry> longest(List<Entry> candidates) {
        return soonestFirst(candidates, candidates.size() - 1).reversed().stream()
                .findFirst();
    }

    private void evict() {
        var others = entries.stream().filter(entry -> !isNamed(entry)).toList();
        var tooMany = Math.max(0, entries.size() - MAX);
        entries.removeAll(soonestFirst(others, tooMany).subList(0, tooMany));
    }

    /** Sorted; tied when it does not say which are before the place {@code border}. */
    private List<Entry> soonestFirst(List<Entry> list, int border) {
        var sorted = list.stream().sorted(comparingInt(Entry::left)).toList();
        tied |= border > 0
                && border < sorted.size()
                && sorted.get(border - 1).left() == sorted.get(border).left();
        return sorted;
    }
}
