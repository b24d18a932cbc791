package io.seatline.sip;

import io.seatline.registration.Outcome;
import io.seatline.registration.RefusalReason;
import io.seatline.registration.Refusals;
import io.seatline.registration.Refusals.Refused;
import io.seatline.registration.RegisteredContact;
import io.seatline.registration.Registering;
import io.seatline.registration.RegistrationWriter;
import io.seatline.sip.AccountKeys.Keys;
import io.seatline.sip.Digest.Ha1;
import io.seatline.sip.Digest.Proof;
import io.seatline.sip.message.SipRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Carries out a REGISTER that has a nonce of ours: digest, then the account's allow-list, then the binding. */
final class Registrar {
    /** An account that changes between check and commit is checked again; one that never rests is told to come later. */
    private static final int ATTEMPTS = 3;

    private final AccountKeys accounts;
    private final Guard guard;
    private final RegistrationWriter writer;
    private final Refusals refusals;

    /** Compared with for a username that is nobody's, so that it costs the same. */
    private final Ha1 nobody = Ha1.of("", "", UUID.randomUUID().toString());

    /** What became of a REGISTER. */
    sealed interface Verdict {
        /** The sender is who it says. */
        record Accepted(Outcome outcome) implements Verdict {}

        /** It is not, or not from there; empty when it claims to be nobody we know. */
        record Refused(Optional<RefusalReason> reason) implements Verdict {}
    }

    Registrar(AccountKeys accounts, Guard guard, RegistrationWriter writer, Refusals refusals) {
        this.accounts = accounts;
        this.guard = guard;
        this.writer = writer;
        this.refusals = refusals;
    }

    /**
     * The verdict, when what it says is stored; fails as the database did.
     *
     * @param nonce the time of the proof's nonce, which is a good one
     */
    CompletableFuture<Verdict> register(SipRequest request, Proof proof, long nonce, Source source) {
        return register(new Attempt(request, proof, nonce, source, ATTEMPTS));
    }

    private record Attempt(SipRequest request, Proof proof, long nonce, Source source, int left) {
        Attempt next() {
            return new Attempt(request, proof, nonce, source, left - 1);
        }
    }

    private CompletableFuture<Verdict> register(Attempt attempt) {
        return accounts.find(attempt.proof().username()).thenCompose(keys -> check(attempt, keys));
    }

    private CompletableFuture<Verdict> check(Attempt attempt, Optional<Keys> found) {
        var request = attempt.request();
        var genuine = attempt.proof().isMadeWith(found.map(Keys::ha1).orElse(nobody), request.method());
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(new Verdict.Refused(Optional.empty()));
        }
        var keys = found.get();
        var refusal = refusal(request, keys, genuine, attempt.source());
        if (refusal.isPresent()) {
            refuse(request, keys, refusal.get(), attempt.source());
            return CompletableFuture.completedFuture(new Verdict.Refused(refusal));
        }
        return writer.submit(registering(attempt, keys)).thenCompose(outcome -> {
            if (outcome instanceof Outcome.AccountChanged && (attempt.left() > 1)) {
                accounts.forget(keys.username());
                return register(attempt.next());
            }
            guard.succeeded(keys.accountId(), attempt.source().address().getAddress());
            return CompletableFuture.completedFuture(new Verdict.Accepted(outcome));
        });
    }

    private Optional<RefusalReason> refusal(SipRequest request, Keys keys, boolean genuine, Source source) {
        var address = source.address().getAddress();
        if (guard.isBlocked(keys.accountId(), address)) {
            return Optional.of(RefusalReason.BLOCKED);
        }
        if (!genuine) {
            return Optional.of(RefusalReason.WRONG_PASSWORD);
        }
        if (!request.to().uri().user().equals(keys.username())) {
            return Optional.of(RefusalReason.OTHER_ACCOUNT);
        }
        return keys.allows(address) ? Optional.empty() : Optional.of(RefusalReason.ADDRESS_NOT_ALLOWED);
    }

    private void refuse(SipRequest request, Keys keys, RefusalReason reason, Source source) {
        refusals.add(new Refused(
                keys.accountId(), reason, source.address(), source.transport().name(), request.userAgent()));
        // Only what may be guessing: who has the password and comes from elsewhere shall succeed as soon as the list
        // allows.
        if (reason == RefusalReason.WRONG_PASSWORD) {
            Thread.startVirtualThread(
                    () -> guard.failed(keys.accountId(), source.address().getAddress()));
        }
    }

    private static Registering registering(Attempt attempt, Keys keys) {
        var request = attempt.request();
        return new Registering(
                keys.accountId(),
                keys.version(),
                attempt.nonce(),
                attempt.proof().count(),
                attempt.source().address(),
                attempt.source().transport().name(),
                request.userAgent(),
                request.callId(),
                request.sequence(),
                request.contacts().stream()
                        .map(contact -> new RegisteredContact(
                                contact.uri().text(), contact.expires(), contact.instance(), contact.regId()))
                        .toList(),
                request.wildcardContact(),
                request.expires());
    }
}
