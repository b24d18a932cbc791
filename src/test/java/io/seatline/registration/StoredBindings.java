package io.seatline.registration;

import io.seatline.registration.BindingRules.Applied;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** An account's bindings as the database keeps them between requests. */
final class StoredBindings {
    private final Map<String, Binding> bindings = new LinkedHashMap<>();
    private final IntUnaryOperator jitter;
    private long now;

    StoredBindings(int jitter) {
        this.jitter = bound -> Math.min(bound - 1, jitter);
    }

    /** What a history leaves. */
    static StoredBindings after(History history) {
        var stored = new StoredBindings(history.jitter());
        history.steps().forEach(step -> {
            stored.pass(step.after());
            stored.carryOut(step.request());
        });
        return stored;
    }

    /** What a history leaves, when so much time has passed that few are live. */
    static StoredBindings withRoomAfter(History history) {
        var stored = after(history);
        while (stored.live().size() > 4) {
            stored.pass(60);
        }
        return stored;
    }

    /** Applies a request to what is there, and keeps what it says is to be stored. */
    Applied carryOut(RegisterCommand request) {
        var applied = BindingRules.apply(request, live(), now, BindingLimits.USUAL, jitter);
        applied.gone().forEach(bindings::remove);
        applied.bindings().forEach(binding -> bindings.put(binding.contact(), seen(binding)));
        return applied;
    }

    private Binding seen(Binding binding) {
        return binding.firstSeen() == null ? with(binding, now, binding.secondsLeft()) : binding;
    }

    /** Lets time pass. */
    void pass(int seconds) {
        now += seconds;
        bindings.replaceAll((_, binding) -> with(binding, binding.firstSeen(), binding.secondsLeft() - seconds));
        bindings.values().removeIf(binding -> binding.secondsLeft() <= 0);
    }

    private static Binding with(Binding binding, @Nullable Long firstSeen, int secondsLeft) {
        return new Binding(
                binding.accountId(),
                binding.id(),
                binding.contact(),
                binding.instance(),
                binding.regId(),
                binding.q(),
                binding.callId(),
                binding.sequence(),
                binding.source(),
                binding.sourcePort(),
                binding.transport(),
                binding.userAgent(),
                binding.path(),
                firstSeen,
                secondsLeft,
                binding.granted());
    }

    /** What is there, by contact. */
    List<Binding> live() {
        return bindings.values().stream()
                .sorted(Comparator.comparing(Binding::contact))
                .toList();
    }

    /** The live binding of that contact. */
    Binding live(String contact) {
        return live().stream()
                .filter(binding -> binding.contact().equals(contact))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no live binding of " + contact + " among " + live()));
    }
}
