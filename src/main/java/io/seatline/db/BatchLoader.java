package io.seatline.db;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * Looks things up by their keys for many callers with one statement: whoever asks while a statement runs shares the
 * next one. One caller alone waits for nobody; under load a round trip, and the switching between processes that it
 * costs, is shared by all.
 *
 * <p>Every statement begins after its callers asked, so each sees all that was committed before.
 */
public final class BatchLoader<K, V> implements AutoCloseable {
    private static final int MAX = 500;

    private final Function<Set<K>, Map<K, V>> read;
    private final LinkedBlockingQueue<Waiting<K, V>> queue = new LinkedBlockingQueue<>();
    private final Thread worker;
    private volatile boolean closed;

    private record Waiting<K, V>(K key, CompletableFuture<Optional<V>> found) {}

    /** Looks up with {@code read}, which gives what it finds by key. */
    public BatchLoader(Function<Set<K>, Map<K, V>> read) {
        this.read = read;
        this.worker = Thread.ofVirtual().name("grouped-lookup").start(this::work);
    }

    /** What has that key; throws what reading it threw. */
    public Optional<V> find(K key) {
        try {
            return ask(key).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** What has that key, later: for callers that go on meanwhile. What they do with it must not wait for anything. */
    public CompletableFuture<Optional<V>> ask(K key) {
        var waiting = new Waiting<K, V>(key, new CompletableFuture<>());
        queue.add(waiting);
        if (closed) {
            failAll(new IllegalStateException("closed"));
        }
        return waiting.found();
    }

    private void work() {
        var group = new ArrayList<Waiting<K, V>>();
        try {
            while (true) {
                group.add(queue.take());
                queue.drainTo(group, MAX - 1);
                answer(group);
                group.clear();
            }
        } catch (InterruptedException e) {
            failAll(new IllegalStateException("closed", e));
        }
    }

    private void answer(List<Waiting<K, V>> group) {
        try {
            var keys = new HashSet<K>();
            group.forEach(waiting -> keys.add(waiting.key()));
            var found = read.apply(keys);
            group.forEach(waiting -> waiting.found().complete(Optional.ofNullable(found.get(waiting.key()))));
        } catch (RuntimeException e) {
            group.forEach(waiting -> waiting.found().completeExceptionally(e));
        }
    }

    private void failAll(RuntimeException reason) {
        for (var waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            waiting.found().completeExceptionally(reason);
        }
    }

    @Override
    public void close() {
        closed = true;
        worker.interrupt();
    }
}
