package io.seatline.registration;

import io.seatline.db.Failures;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Carries registrations out, many in one commit: whatever comes while one transaction runs shares the next. Nobody is
 * told of an outcome before the commit that it is true by.
 */
public final class RegistrationWriter implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RegistrationWriter.class.getName());

    /** In one transaction; a change of an account waits for one transaction at most. */
    private static final int MAX = 500;

    private final Jdbi jdbi;
    private final BindingLimits limits;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Thread worker;
    private final ExecutorService answers = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("registration-answers").daemon().factory());
    private volatile boolean closed;

    private record Waiting(RegisterCommand request, CompletableFuture<RegisterOutcome> outcome) {}

    /** Writes to the database behind {@code jdbi}. */
    public RegistrationWriter(Jdbi jdbi, BindingLimits limits) {
        this.jdbi = jdbi;
        this.limits = limits;
        this.worker = Thread.ofPlatform().name("registration-writer").daemon().start(this::work);
    }

    /**
     * Carries it out soon. The future fails as the database did; whether the registration is stored is unknown then.
     * What is done with it must not wait for anything.
     */
    public CompletableFuture<RegisterOutcome> submit(RegisterCommand request) {
        var waiting = new Waiting(request, new CompletableFuture<>());
        queue.add(waiting);
        if (closed) {
            failAll();
        }
        return waiting.outcome();
    }

    private void work() {
        var arrived = new ArrayList<Waiting>();
        try {
            while (true) {
                if (arrived.isEmpty()) {
                    arrived.add(queue.take());
                }
                queue.drainTo(arrived, MAX - arrived.size());
                var group = new LinkedHashMap<UUID, Waiting>();
                // An account's second request must see what its first one did.
                arrived.removeIf(waiting -> group.putIfAbsent(waiting.request().accountId(), waiting) == null);
                carryOut(List.copyOf(group.values()));
            }
        } catch (InterruptedException e) {
            arrived.forEach(waiting -> waiting.outcome().completeExceptionally(e));
            failAll();
        }
    }

    private void carryOut(List<Waiting> group) {
        try {
            commit(group);
        } catch (RuntimeException e) {
            if (Failures.isAway(e)) {
                group.forEach(waiting -> waiting.outcome().completeExceptionally(e));
            } else {
                LOG.log(Level.DEBUG, "registrations that can't be stored together are stored one by one", e);
                group.forEach(this::carryOutAlone);
            }
        }
    }

    private void carryOutAlone(Waiting waiting) {
        try {
            commit(List.of(waiting));
        } catch (RuntimeException e) {
            waiting.outcome().completeExceptionally(e);
        }
    }

    private void commit(List<Waiting> group) {
        var outcomes = jdbi.inTransaction(
                handle -> apply(handle, group.stream().map(Waiting::request).toList()));
        // by another thread: the next transaction begins meanwhile
        answers.execute(() -> {
            for (var i = 0; i < group.size(); i++) {
                group.get(i).outcome().complete(outcomes.get(i));
            }
        });
    }

    private List<RegisterOutcome> apply(Handle handle, List<RegisterCommand> requests) {
        Bindings.passGate(handle);
        var accounts = Bindings.read(
                handle, requests.stream().map(RegisterCommand::accountId).toList());
        var outcomes = new HashMap<UUID, RegisterOutcome>();
        var good = new ArrayList<RegisterCommand>();
        for (var request : requests) {
            var account = accounts.get(request.accountId());
            if (account == null || account.version() != request.accountVersion()) {
                outcomes.put(request.accountId(), new RegisterOutcome.AccountChanged());
            } else if (request.onlyContinues() && !BindingRules.continuesOne(request, account.bindings())) {
                // Before the nonce is looked at: to be told that it is stale would tell that the password is right.
                outcomes.put(request.accountId(), new RegisterOutcome.NothingToContinue());
            } else {
                good.add(request);
            }
        }
        var fresh = good.isEmpty() ? Set.<UUID>of() : Bindings.useNonces(handle, good);
        var changed = new ArrayList<Binding>();
        var gone = new HashMap<UUID, List<String>>();
        for (var request : good) {
            var account = accounts.get(request.accountId());
            if (account == null || !fresh.contains(request.accountId())) {
                outcomes.put(request.accountId(), new RegisterOutcome.NonceUsed());
            } else {
                var applied = BindingRules.apply(
                        request, account.bindings(), account.now(), limits, ThreadLocalRandom.current()::nextInt);
                outcomes.put(request.accountId(), applied.outcome());
                changed.addAll(applied.bindings());
                gone.put(request.accountId(), applied.gone());
            }
        }
        Bindings.delete(handle, gone);
        Bindings.store(handle, changed);
        return requests.stream()
                .map(request -> Objects.requireNonNull(outcomes.get(request.accountId())))
                .toList();
    }

    private void failAll() {
        for (var waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            waiting.outcome().completeExceptionally(new IllegalStateException("closed"));
        }
    }

    @Override
    public void close() {
        closed = true;
        worker.interrupt();
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        answers.close();
    }
}
