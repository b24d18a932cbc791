package io.seatline.registration;

import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * RFC 3261 section 10.3 steps 6 to 8 said once more, with lists that are searched and no thought of what has to be stored: what
 * {@link BindingRules} makes of a request is compared with it. Times are granted whole.
 */
final class BindingModel {
    private static final int MOST = 10;

    private final Registering request;
    private List<Entry> entries;

    /** There are two that end at the same time, of which one has to be chosen: either is right. */
    private boolean tied;

    /** A binding, live or ended. */
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

        private boolean live() {
            return left > 0;
        }
    }

    /** The kind of outcome, and what is there afterwards. */
    record Expected(Class<? extends Outcome> outcome, Set<Entry> entries) {}

    private BindingModel(Registering request, List<Entry> before) {
        this.request = request;
        this.entries = new ArrayList<>(before);
    }

    /** What is to be expected; empty when there is more than one right result. */
    static Optional<Expected> expected(Registering request, List<Binding> bindings) {
        var before = bindings.stream().map(Entry::of).toList();
        var model = new BindingModel(request, before);
        var outcome = request.wildcard() ? model.star() : model.contacts();
        if (outcome != Outcome.Registered.class) {
            return Optional.of(new Expected(outcome, Set.copyOf(before)));
        }
        model.forget();
        return model.tied ? Optional.empty() : Optional.of(new Expected(outcome, Set.copyOf(model.entries)));
    }

    /** Step 6. */
    private Class<? extends Outcome> star() {
        if (!request.expires().equals(OptionalInt.of(0))) {
            return Outcome.Invalid.class;
        }
        if (entries.stream().anyMatch(this::isLater)) {
            return Outcome.OutOfOrder.class;
        }
        entries.replaceAll(entry -> entry.live() ? ended(entry, request.callId(), request.sequence()) : entry);
        return Outcome.Registered.class;
    }

    /** Step 7. */
    private Class<? extends Outcome> contacts() {
        if (request.contacts().stream().map(this::wanted).anyMatch(wanted -> wanted > 0 && wanted < 60)) {
            return Outcome.TooBrief.class;
        }
        if (request.contacts().size() > MOST) {
            return Outcome.Invalid.class;
        }
        for (var contact : request.contacts()) {
            var known = Stream.of(at(contact.uri()), samePhone(contact))
                    .flatMap(Optional::stream)
                    .collect(toSet());
            if (known.stream().anyMatch(this::isLater)) {
                return Outcome.OutOfOrder.class;
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
            } else {
                known.forEach(entry -> entries.add(ended(entry, request.callId(), request.sequence())));
            }
        }
        evict();
        return Outcome.Registered.class;
    }

    private int wanted(RegisteredContact contact) {
        return contact.expires().orElse(request.expires().orElse(3600));
    }

    private boolean isLater(Entry entry) {
        return entry.callId().equals(request.callId()) && entry.sequence() >= request.sequence();
    }

    private Optional<Entry> at(String contact) {
        return entries.stream().filter(entry -> entry.contact().equals(contact)).findFirst();
    }

    /**
     * The binding that the contact goes on with, or takes back: the flow's (RFC 5626 section 6), else the address's, else, for a
     * phone that goes on at a new address, the one that has its Call-ID (RFC 3261 section 10.2) and is not known as another flow.
     */
    private Optional<Entry> samePhone(RegisteredContact contact) {
        var flow = longest(entries.stream()
                .filter(entry -> entry.instance() != null
                        && Objects.equals(entry.instance(), contact.instance())
                        && entry.regId().equals(contact.regId())
                        && (entry.contact().equals(contact.uri()) || !isNamed(entry)))
                .toList());
        if (flow.isPresent()
                || at(contact.uri()).isPresent()
                || request.contacts().size() > 1
                || wanted(contact) == 0) {
            return flow;
        }
        return longest(entries.stream()
                .filter(entry -> entry.callId().equals(request.callId())
                        && (entry.instance() == null || contact.instance() == null))
                .toList());
    }

    private boolean isNamed(Entry entry) {
        return request.contacts().stream().anyMatch(contact -> contact.uri().equals(entry.contact()));
    }

    private Optional<Entry> longest(List<Entry> candidates) {
        return soonestFirst(candidates, candidates.size() - 1).reversed().stream()
                .findFirst();
    }

    private void evict() {
        var live = entries.stream().filter(Entry::live).toList();
        var others = live.stream().filter(entry -> !isNamed(entry)).toList();
        var tooMany = Math.max(0, live.size() - MOST);
        soonestFirst(others, tooMany).subList(0, tooMany).forEach(entry -> {
            entries.remove(entry);
            entries.add(ended(entry, entry.callId(), entry.sequence()));
        });
    }

    /** Of the ended ones, no more than ten are remembered. */
    private void forget() {
        var ended = entries.stream().filter(entry -> !entry.live()).toList();
        var tooMany = Math.max(0, ended.size() - MOST);
        entries.removeAll(soonestFirst(ended, tooMany).subList(0, tooMany));
    }

    /** Sorted; tied when it does not say which are before the place {@code border}. */
    private List<Entry> soonestFirst(List<Entry> list, int border) {
        var sorted = list.stream().sorted(comparingInt(Entry::left)).toList();
        tied |= border > 0
                && border < sorted.size()
                && sorted.get(border - 1).left() == sorted.get(border).left();
        return sorted;
    }

    private static Entry ended(Entry entry, String callId, long sequence) {
        return new Entry(entry.contact(), entry.instance(), entry.regId(), callId, sequence, 0);
    }
}
