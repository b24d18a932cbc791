package io.seatline.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Counts what a run came to and leaves it in {@code target/test-summary}, with its ten slowest classes, for
 * {@code bin/test} to show.
 */
public final class RunSummary implements TestExecutionListener {
    private static final Path SUMMARY = Path.of("target", "test-summary");
    private static final int SHOWN = 10;

    private final Map<String, Long> started = new ConcurrentHashMap<>();
    private final Map<String, Duration> classes = new ConcurrentHashMap<>();
    private final LongAdder passed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder skipped = new LongAdder();

    @Override
    public void executionStarted(TestIdentifier identifier) {
        started.put(identifier.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        skipped.increment();
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        var took =
                Duration.ofNanos(System.nanoTime() - Objects.requireNonNull(started.remove(identifier.getUniqueId())));
        if (identifier.isContainer() && identifier.getSource().orElse(null) instanceof ClassSource source) {
            classes.put(source.getClassName(), took);
        }
        switch (result.getStatus()) {
            case FAILED -> failed.increment();
            case ABORTED -> skipped.increment();
            case SUCCESSFUL -> passed.add(identifier.isTest() ? 1 : 0);
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        var slowest = classes.entrySet().stream()
                .sorted(Map.Entry.<String, Duration>comparingByValue(Comparator.reverseOrder()))
                .limit(SHOWN)
                .map(entry -> "%7.1f s  %s%n".formatted(entry.getValue().toMillis() / 1000.0, entry.getKey()))
                .collect(Collectors.joining());
        try {
            Files.writeString(
                    SUMMARY,
                    slowest
                            + Promptness.summary()
                            + "%d passed, %d failed, %d skipped%n"
                                    .formatted(passed.sum(), failed.sum(), skipped.sum()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
