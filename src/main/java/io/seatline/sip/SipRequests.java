package io.seatline.sip;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.seatline.db.Failures;
import io.seatline.registration.RefusalReason;
import io.seatline.registration.RegisterOutcome;
import io.seatline.sip.Edges.Origin;
import io.seatline.sip.Registrar.Verdict;
import io.seatline.sip.Transactions.Transaction;
import io.seatline.sip.auth.Digest.Algorithm;
import io.seatline.sip.auth.DigestResponse;
import io.seatline.sip.auth.Nonces;
import io.seatline.sip.auth.Realms;
import io.seatline.sip.auth.Sha256Clients;
import io.seatline.sip.message.SipMessage;
import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.sip.message.SipRequest;
import io.seatline.sip.message.SipResponse;
import io.seatline.sip.transport.MessageHandler;
import io.seatline.sip.transport.RemoteAddress;
import io.seatline.sip.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers requests. What needs no account is answered at once, by the thread that read it, which also checks what needs
 * nothing but the memory. So many registrations are being carried out at a time and no more: beyond them 503, before
 * any digest or SQL.
 */
final class SipRequests implements MessageHandler {
    private static final Logger LOG = System.getLogger(SipRequests.class.getName());

    /** Registrations that are being carried out at a time. */
    static final int MAX_AT_A_TIME = 2_000;

    /** As many of them may one source have: a site, or a proxy that phones come by. */
    private static final int MAX_OF_ONE_SOURCE = MAX_AT_A_TIME / 4;

    /** Refusals that wait to be sent, in about a kilobyte each. Beyond them they are lost, as datagrams are. */
    private static final int MAX_WAITING = 20_000;

    /**
     * While fewer than these are free, who has no nonce yet is told to come later, so that those who have one get
     * through.
     */
    private static final int KEPT_FREE = MAX_AT_A_TIME / 4;

    /** It is stored with each binding. */
    private static final int MAX_CALL_ID = 250;

    /** Refusals leave at the end of such a step after their request came: how long the look-up took can't be seen. */
    private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();

    private final Realms realms;
    private final List<Algorithm> algorithms;
    private final Sha256Clients sha256;
    private final Edges edges;
    private final Nonces nonces;
    private final Responses responses = new Responses();
    private final Registrar registrar;
    private final SipMeters meters;
    private final Transactions transactions = new Transactions();
    private final Places places = new Places(MAX_AT_A_TIME, MAX_OF_ONE_SOURCE);
    private final ResponseBudget budget = new ResponseBudget();
    private final AtomicInteger waiting = new AtomicInteger();
    private final long tagSecret = ThreadLocalRandom.current().nextLong();

    /**
     * Answers in {@code realms}.
     *
     * @param algorithms those of the digest that are taken, the preferred first
     * @param sha256 who is offered what, when both are taken
     * @param edges who may say where a request comes from
     */
    SipRequests(
            Realms realms,
            List<Algorithm> algorithms,
            Sha256Clients sha256,
            Edges edges,
            Nonces nonces,
            Registrar registrar,
            SipMeters meters) {
        this.realms = realms;
        this.algorithms = List.copyOf(algorithms);
        this.sha256 = sha256;
        this.edges = edges;
        this.nonces = nonces;
        this.registrar = registrar;
        this.meters = meters;
    }

    /**
     * A response with a good nonce.
     *
     * @param nonce the time of it
     */
    private record FreshResponse(DigestResponse response, long nonce) {}

    /** A message that came, and the way back. */
    private record Exchange(
            SipRequest request,
            Origin origin,
            Consumer<byte[]> reply,
            long arrived,
            Optional<Transaction> transaction) {
        Exchange in(Transaction begun) {
            return new Exchange(request, origin, reply, arrived, Optional.of(begun));
        }

        RemoteAddress source() {
            return origin.phone();
        }
    }

    @Override
    public void handle(SipMessage message, RemoteAddress source, Consumer<byte[]> reply) {
        var arrived = System.nanoTime();
        try {
            switch (message) {
                case Unanswerable unanswerable ->
                    meters.dropped(unanswerable.cause().name().toLowerCase(Locale.ROOT));
                case Malformed malformed -> {
                    meters.request("malformed", source.transport());
                    if (!mayBeAnswered(source)) {
                        return;
                    }
                    reply.accept(bytes(responses.malformed(malformed), source, Long.toHexString(tagSecret ^ arrived)));
                }
                case SipRequest request -> {
                    meters.request(request.method(), source.transport());
                    edges.origin(request, source)
                            .ifPresentOrElse(
                                    origin -> handle(new Exchange(request, origin, reply, arrived, Optional.empty())),
                                    () -> meters.dropped("no_edge"));
                }
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a SIP message is not answered", e);
        }
    }

    @Override
    public void ended(RemoteAddress source) {
        registrar.ended(source);
    }

    @Override
    public boolean mayBeAnswered(RemoteAddress source) {
        if (budget.spend(source)) {
            return true;
        }
        meters.dropped("too_many");
        return false;
    }

    private void handle(Exchange exchange) {
        var request = exchange.request();
        if (request.method().equals("REGISTER")) {
            register(exchange);
        } else if (mayBeAnswered(exchange.source())) {
            answerWithoutAccount(exchange);
        }
    }

    private void answerWithoutAccount(Exchange exchange) {
        var request = exchange.request();
        // RFC 3261 section 8.2.2.3
        if (Responses.hasBadExtension(request) && !request.method().equals("CANCEL")) {
            answer(exchange, responses.badExtension(request));
            return;
        }
        switch (request.method()) {
            case "OPTIONS" -> answer(exchange, responses.options(request));
            case "CANCEL" -> answer(exchange, responses.noTransaction(request));
            default -> answer(exchange, responses.notAllowed(request));
        }
    }

    private void register(Exchange exchange) {
        var request = exchange.request();
        var digests = DigestResponse.of(request.authorizations(), realms.of(request), algorithms);
        var fresh = digests.stream()
                .flatMap(response -> fresh(response, exchange.source()).stream())
                .findFirst();
        if (fresh.isPresent()) {
            budget.earn(exchange.source());
        } else if (!mayBeAnswered(exchange.source())) {
            return;
        }
        if (Responses.hasBadExtension(request)) {
            answer(exchange, responses.badExtension(request));
            return;
        }
        if (request.callId().length() > MAX_CALL_ID) {
            answer(exchange, responses.invalid(request, "Call-ID Longer Than " + MAX_CALL_ID));
            return;
        }
        if (fresh.isEmpty()) {
            if (places.free() < KEPT_FREE) {
                shed(exchange);
            } else {
                answer(exchange, challenge(exchange, !digests.isEmpty()));
            }
            return;
        }
        if (exchange.origin().peer().transport() != Transport.UDP) {
            carryOut(exchange, fresh.get());
            return;
        }
        var transaction = transactions.begin(request, exchange.origin().peer(), exchange.reply());
        if (transaction.isEmpty()) {
            meters.retransmission();
        } else {
            carryOut(exchange.in(transaction.get()), fresh.get());
        }
    }

    private Optional<FreshResponse> fresh(DigestResponse response, RemoteAddress source) {
        return nonces.time(response.nonce(), source.address().getAddress())
                .map(nonce -> new FreshResponse(response, nonce));
    }

    private void carryOut(Exchange exchange, FreshResponse fresh) {
        if (!places.take(exchange.source())) {
            shed(exchange);
            return;
        }
        var _ = registrar
                .register(exchange.request(), fresh.response(), fresh.nonce(), exchange.origin())
                .whenComplete((verdict, failure) -> {
                    switch (verdict) {
                        case null -> {
                            LOG.log(
                                    Failures.isAway(failure) ? Level.DEBUG : Level.ERROR,
                                    "a registration can't be stored",
                                    failure);
                            finish(exchange, () -> responses.unavailable(exchange.request()));
                        }
                        case Verdict.Refused refused -> {
                            meters.refused(refused.reason());
                            places.giveBack(exchange.source());
                            refused.reason()
                                    .filter(RefusalReason.WEAK_DIGEST::equals)
                                    .ifPresent(_ -> sha256.require(exchange.request(), exchange.source()));
                            refuse(exchange, fresh.response().algorithm());
                        }
                        case Verdict.Accepted(RegisterOutcome outcome) -> {
                            meters.registered(Duration.ofNanos(System.nanoTime() - exchange.arrived()));
                            if (fresh.response().algorithm() == Algorithm.SHA_256) {
                                sha256.add(exchange.request(), exchange.source());
                            }
                            finish(exchange, () -> answer(exchange, outcome));
                        }
                    }
                });
    }

    private void finish(Exchange exchange, Supplier<SipResponse.Builder> answer) {
        try {
            answer(exchange, answer.get());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a registration is not answered", e);
        } finally {
            places.giveBack(exchange.source());
        }
    }

    /**
     * Sends a refusal at the end of the step that it is now, since its request came. Until then it is bytes and nothing
     * more.
     */
    private void refuse(Exchange exchange, Algorithm failed) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            meters.dropped("too_many");
            exchange.transaction().ifPresent(Transaction::forget);
            return;
        }
        var answer = challenge(
                exchange, false, sha256.offeredAfter(failed, algorithms, exchange.request(), exchange.source()));
        var bytes = bytes(answer, exchange.origin().peer(), tag(exchange.request()));
        var transaction = exchange.transaction();
        var reply = exchange.reply();
        var since = System.nanoTime() - exchange.arrived();
        CompletableFuture.delayedExecutor(STEP_NANOS - since % STEP_NANOS, NANOSECONDS)
                .execute(() -> {
                    waiting.decrementAndGet();
                    send(bytes, transaction, reply);
                });
    }

    private SipResponse.Builder answer(Exchange exchange, RegisterOutcome outcome) {
        var request = exchange.request();
        return switch (outcome) {
            case RegisterOutcome.Registered registered ->
                responses.registered(request, registered, exchange.origin().path());
            case RegisterOutcome.TooBrief tooBrief -> responses.tooBrief(request, tooBrief.least());
            case RegisterOutcome.Invalid invalid -> responses.invalid(request, invalid.reason());
            case RegisterOutcome.OutOfOrder _ -> responses.invalid(request, "CSeq Is Not Higher Than Before");
            case RegisterOutcome.NonceUsed _ -> challenge(exchange, true);
            case RegisterOutcome.AccountChanged _, RegisterOutcome.NothingToContinue _ ->
                responses.unavailable(request);
        };
    }

    private SipResponse.Builder challenge(Exchange exchange, boolean stale) {
        return challenge(exchange, stale, sha256.offered(algorithms, exchange.request(), exchange.source()));
    }

    private SipResponse.Builder challenge(Exchange exchange, boolean stale, List<Algorithm> offered) {
        var request = exchange.request();
        var nonce = nonces.create(exchange.source().address().getAddress());
        return responses.challenge(request, realms.of(request), nonce, offered, stale);
    }

    private void shed(Exchange exchange) {
        meters.shed();
        // Not remembered: the same request may come again, and be carried out then.
        exchange.transaction().ifPresent(Transaction::forget);
        var answer = responses.unavailable(exchange.request());
        exchange.reply().accept(bytes(answer, exchange.origin().peer(), tag(exchange.request())));
    }

    private void answer(Exchange exchange, SipResponse.Builder answer) {
        send(
                bytes(answer, exchange.origin().peer(), tag(exchange.request())),
                exchange.transaction(),
                exchange.reply());
    }

    private static void send(byte[] bytes, Optional<Transaction> transaction, Consumer<byte[]> reply) {
        // Before it is sent: a client that hears it may repeat its request at once.
        transaction.ifPresent(remembered -> remembered.answered(bytes));
        reply.accept(bytes);
    }

    private byte[] bytes(SipResponse.Builder answer, RemoteAddress source, String tag) {
        meters.answer(answer.status());
        return answer.bytes(source.address(), tag);
    }

    /** The same for the same request (RFC 3261 8.2.7), and not to be foretold. */
    private String tag(SipRequest request) {
        var of = Objects.hash(
                request.via().branch(),
                request.callId(),
                request.sequence(),
                request.from().tag());
        return Long.toHexString((of ^ tagSecret) * 0x9E3779B97F4A7C15L);
    }
}
