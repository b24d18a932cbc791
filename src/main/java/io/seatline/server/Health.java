package io.seatline.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.seatline.db.Database;
import io.seatline.http.Exchange;
import io.seatline.http.Handler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor and a balancer ask: {@code /health/live}, whether the process is worth keeping;
 * {@code /health/ready}, whether it can do its work now, changes included; and {@code /metrics}.
 */
final class Health implements Handler {
    private static final Duration ANSWER_WITHIN = Duration.ofMillis(900);

    /** What lasts longer does not mend itself: a new start may. */
    private static final Duration MAX_DOWN = Duration.ofMinutes(5);

    private final Database database;
    private final PrometheusMeterRegistry meters;
    private final BooleanSupplier stopping;

    /** What must listen, by its name. */
    private final Map<String, BooleanSupplier> listeners = new ConcurrentHashMap<>();

    private volatile boolean started;

    private @Nullable CompletableFuture<Optional<String>> check;

    Health(Database database, PrometheusMeterRegistry meters, BooleanSupplier stopping) {
        this.database = database;
        this.meters = meters;
        this.stopping = stopping;
    }

    /** Asks this one too, from now on. */
    void watch(String name, BooleanSupplier listens) {
        listeners.put(name, listens);
    }

    /** All is there. */
    void started() {
        started = true;
    }

    @Override
    public boolean handle(Exchange exchange) {
        if (!exchange.method().equals("GET") && !exchange.isHead()) {
            return false;
        }
        switch (exchange.path()) {
            case "/health/live" -> say(exchange, "live", whyNotLive());
            case "/health/ready" -> say(exchange, "ready", whyNotReady());
            case "/metrics" ->
                exchange.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .send(meters.scrape().getBytes(UTF_8));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void say(Exchange exchange, String what, Optional<String> whyNot) {
        var text = whyNot.map(why -> "not " + what + ": " + why).orElse(what);
        exchange.status(whyNot.isPresent() ? 503 : 200)
                .set("Content-Type", "text/plain; charset=utf-8")
                .send((text + "\n").getBytes(UTF_8));
    }

    private Optional<String> whyNotLive() {
        return silent().or(() -> database.downFor().compareTo(MAX_DOWN) > 0
                ? Optional.of("the embedded database does not come back")
                : Optional.empty());
    }

    private Optional<String> silent() {
        return listeners.entrySet().stream()
                .filter(listener -> !listener.getValue().getAsBoolean())
                .map(listener -> listener.getKey() + " does not listen")
                .findFirst();
    }

    private Optional<String> whyNotReady() {
        if (stopping.getAsBoolean() || !started) {
            return Optional.of(started ? "stopping" : "starting");
        }
        return silent().or(this::whyNotWritable);
    }

    private Optional<String> whyNotWritable() {
        try {
            return check().get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("stopping");
        } catch (TimeoutException e) {
            return Optional.of("the database does not answer in time");
        } catch (ExecutionException e) {
            return Optional.of("the database does not answer");
        }
    }

    /** One at a time, however many ask. */
    private synchronized CompletableFuture<Optional<String>> check() {
        if (check == null || check.isDone()) {
            check = CompletableFuture.supplyAsync(database::whyNotWritable, Thread::startVirtualThread);
        }
        return check;
    }
}
