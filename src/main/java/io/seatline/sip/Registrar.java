package io.seatline.sip;

import io.seatline.registration.ConnectionBindings;
import io.seatline.registration.ConnectionBindings.Connection;
import io.seatline.registration.RefusalReason;
import io.seatline.registration.Refusals;
import io.seatline.registration.Refusals.Refused;
import io.seatline.registration.RegisterCommand;
import io.seatline.registration.RegisterOutcome;
import io.seatline.registration.RegistrationWriter;
import io.seatline.registration.RequestedContact;
import io.seatline.sip.Edges.Origin;
import io.seatline.sip.auth.BruteForceGuard;
import io.seatline.sip.auth.CredentialCache;
import io.seatline.sip.auth.CredentialCache.PhoneCredentials;
import io.seatline.sip.auth.Digest.Algorithm;
import io.seatline.sip.auth.DigestResponse;
import io.seatline.sip.message.SipRequest;
import io.seatline.sip.transport.RemoteAddress;
import io.seatline.sip.transport.Transport;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Carries out a REGISTER that has a nonce of ours: digest, then what the account allows, then the binding. */
final class Registrar {
    /**
     * An account that changes between check and commit is checked again; one that never rests is told to come later.
     */
    private static final int ATTEMPTS = 3;

    private static final int MAX_AGENT = 250;

    private final CredentialCache accounts;
    private final BruteForceGuard guard;
    private final RegistrationWriter writer;
    private final Refusals refusals;
    private final Optional<ConnectionBindings> connections;

    /** What became of a REGISTER. */
    sealed interface Verdict {
        /** The sender is who it says. */
        record Accepted(RegisterOutcome outcome) implements Verdict {}

        /**
         * It is not, or not from there; empty when it claims to be nobody we know, or in a way that can't be checked.
         */
        record Refused(Optional<RefusalReason> reason) implements Verdict {}
    }

    /**
     * Stores with {@code writer}.
     *
     * @param connections there when bindings end with their connections
     */
    Registrar(
            CredentialCache accounts,
            BruteForceGuard guard,
            RegistrationWriter writer,
            Refusals refusals,
            Optional<ConnectionBindings> connections) {
        this.accounts = accounts;
        this.guard = guard;
        this.writer = writer;
        this.refusals = refusals;
        this.connections = connections;
    }

    /**
     * The verdict, when what it says is stored; fails as the database did.
     *
     * @param nonce the time of the response's nonce, which is a good one
     */
    CompletableFuture<Verdict> register(SipRequest request, DigestResponse response, long nonce, Origin origin) {
        tell(origin.peer(), ConnectionBindings::opened);
        return register(new Attempt(request, response, nonce, origin, ATTEMPTS));
    }

    /** A connection has ended. */
    void ended(RemoteAddress source) {
        tell(source, ConnectionBindings::ended);
    }

    private void tell(RemoteAddress peer, BiConsumer<ConnectionBindings, Connection> event) {
        if (peer.transport() != Transport.UDP) {
            var connection = new Connection(
                    peer.connection(), peer.address(), peer.transport().name());
            connections.ifPresent(open -> event.accept(open, connection));
        }
    }

    private record Attempt(SipRequest request, DigestResponse response, long nonce, Origin origin, int left) {
        Attempt next() {
            return new Attempt(request, response, nonce, origin, left - 1);
        }

        RemoteAddress source() {
            return origin.phone();
        }
    }

    private CompletableFuture<Verdict> register(Attempt attempt) {
        return accounts.find(attempt.response().username()).thenCompose(credentials -> check(attempt, credentials));
    }

    private CompletableFuture<Verdict> check(Attempt attempt, Optional<PhoneCredentials> found) {
        var request = attempt.request();
        var response = attempt.response();
        var genuine = response.isMadeWith(accounts.ha1(found, response), request.method());
        if (found.filter(credentials -> credentials.canCheck(response.algorithm()))
                .isEmpty()) {
            return CompletableFuture.completedFuture(new Verdict.Refused(Optional.empty()));
        }
        var credentials = found.get();
        return guard.isBlocked(
                        credentials.accountId(), attempt.source().address().getAddress())
                .thenCompose(blocked -> check(attempt, credentials, genuine, blocked));
    }

    private CompletableFuture<Verdict> check(
            Attempt attempt, PhoneCredentials credentials, boolean genuine, boolean blocked) {
        var refusal = refusal(attempt, credentials, genuine, blocked);
        if (refusal.isPresent()) {
            return refuse(attempt, credentials, refusal.get());
        }
        // A blocked source may have a phone of the account beside the one that guesses: what is registered stays so.
        return writer.submit(registering(attempt, credentials, blocked)).thenCompose(outcome -> {
            if (outcome instanceof RegisterOutcome.AccountChanged && (attempt.left() > 1)) {
                accounts.forget(credentials.username());
                return register(attempt.next());
            }
            if (outcome instanceof RegisterOutcome.NothingToContinue) {
                return refuse(attempt, credentials, RefusalReason.BLOCKED);
            }
            guard.succeeded(credentials.accountId(), attempt.source().address().getAddress());
            if (outcome instanceof RegisterOutcome.Registered registered) {
                tell(
                        attempt.origin().peer(),
                        (open, connection) -> open.registered(credentials.accountId(), connection, registered.at()));
            }
            return CompletableFuture.completedFuture(new Verdict.Accepted(outcome));
        });
    }

    private static Optional<RefusalReason> refusal(
            Attempt attempt, PhoneCredentials credentials, boolean genuine, boolean blocked) {
        if (!genuine) {
            return Optional.of(blocked ? RefusalReason.BLOCKED : RefusalReason.WRONG_PASSWORD);
        }
        if (!attempt.request().to().uri().userOrNumber().equalsIgnoreCase(credentials.username())) {
            return Optional.of(RefusalReason.OTHER_ACCOUNT);
        }
        if (!credentials.allows(attempt.source().address().getAddress())) {
            return Optional.of(RefusalReason.ADDRESS_NOT_ALLOWED);
        }
        // The last: its answer tells that the password is right, which a blocked source is not told.
        return credentials.requiresSha256() && attempt.response().algorithm() != Algorithm.SHA_256
                ? Optional.of(blocked ? RefusalReason.BLOCKED : RefusalReason.WEAK_DIGEST)
                : Optional.empty();
    }

    private CompletableFuture<Verdict> refuse(Attempt attempt, PhoneCredentials credentials, RefusalReason reason) {
        var source = attempt.source();
        refusals.add(new Refused(
                credentials.accountId(),
                reason,
                source.address(),
                source.transport().name(),
                userAgent(attempt.request())));
        Verdict refused = new Verdict.Refused(Optional.of(reason));
        // Only what may be guessing: who has the password and comes from elsewhere shall succeed as soon as the list
        // allows.
        var address = source.address().getAddress();
        return reason == RefusalReason.WRONG_PASSWORD && guard.failed(credentials.accountId(), address)
                ? CompletableFuture.supplyAsync(
                        () -> {
                            guard.block(credentials.accountId(), address);
                            return refused;
                        },
                        Thread::startVirtualThread)
                : CompletableFuture.completedFuture(refused);
    }

    /** As much of it as is of use. */
    private static @Nullable String userAgent(SipRequest request) {
        var agent = request.userAgent();
        return agent == null || agent.length() <= MAX_AGENT ? agent : agent.substring(0, MAX_AGENT);
    }

    private static RegisterCommand registering(Attempt attempt, PhoneCredentials credentials, boolean onlyContinues) {
        var request = attempt.request();
        return new RegisterCommand(
                credentials.accountId(),
                credentials.version(),
                attempt.nonce(),
                attempt.response().count(),
                attempt.source().address(),
                attempt.source().transport().name(),
                userAgent(request),
                attempt.origin().path().orElse(null),
                request.callId(),
                request.sequence(),
                request.contacts().stream()
                        .map(contact -> new RequestedContact(
                                contact.uri().text(),
                                contact.expires(),
                                contact.instance(),
                                contact.regId(),
                                contact.q()))
                        .toList(),
                request.wildcardContact(),
                request.expires(),
                onlyContinues);
    }
}
