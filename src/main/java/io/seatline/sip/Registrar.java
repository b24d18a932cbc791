package io.seatline.sip;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Carries out a REGISTER that has a nonce of ours: digest, then the account's allow-list, then the binding. */
final class Registrar {
    private static final long WAIT_MILLIS = 4000;

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
     * Returns when it is stored.
     *
     * @param nonce the time of the proof's nonce, which is a good one
     * @throws TimeoutException when the database takes too long
     * @throws ExecutionException when it fails; the cause says how
     */
    Verdict register(SipRequest request, Proof proof, long nonce, Source source)
            throws TimeoutException, ExecutionException, InterruptedException {
        for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
            var keys = accounts.find(proof.username());
            var genuine = proof.isMadeWith(keys.map(Keys::ha1).orElse(nobody), request.method());
            if (keys.isEmpty()) {
                return new Verdict.Refused(Optional.empty());
            }
            var refusal = refusal(request, keys.get(), genuine, source);
            if (refusal.isPresent()) {
                refuse(request, keys.get(), refusal.get(), source);
                return new Verdict.Refused(refusal);
            }
            var outcome = writer.submit(registering(request, proof, nonce, keys.get(), source))
                    .get(WAIT_MILLIS, MILLISECONDS);
            if (!(outcome instanceof Outcome.AccountChanged)) {
                guard.succeeded(keys.get().accountId(), source.address().getAddress());
                return new Verdict.Accepted(outcome);
            }
            accounts.forget(proof.username());
        }
        throw new TimeoutException("the account changes all the time");
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
            guard.failed(keys.accountId(), source.address().getAddress());
        }
    }

    private static Registering registering(SipRequest request, Proof proof, long nonce, Keys keys, Source source) {
        return new Registering(
                keys.accountId(),
                keys.version(),
                nonce,
                proof.count(),
                source.address(),
                source.transport().name(),
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
