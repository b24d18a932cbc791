package io.seatline.support;

import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every case of a kind: cases are made at random, others in each run, and the first that fails is shown
 * with the seed it was made from. {@code bin/test -Dproperty.seed=SEED -Dtest=TheTest} makes that one case again.
 */
public final class Property {
    /** So many cases, unless a test says otherwise. */
    public static final int CASES = 300;

    private static final String SEED = "property.seed";

    private Property() {}

    /** Makes {@link #CASES} cases, and expects {@code property} of each. */
    public static <T> void holds(Function<RandomGenerator, T> made, Consumer<T> property) {
        holds(CASES, made, property);
    }

    /** As {@link #holds(Function, Consumer)}, of so many cases. */
    public static <T> void holds(int cases, Function<RandomGenerator, T> made, Consumer<T> property) {
        holds(only().orElse(0), only().isPresent() ? 1 : cases, only().isEmpty(), made, property);
    }

    /**
     * As {@link #holds(int, Function, Consumer)}, of the same cases in each run: those of {@code firstSeed} and the
     * seeds after it.
     */
    public static <T> void holdsFrom(
            long firstSeed, int cases, Function<RandomGenerator, T> made, Consumer<T> property) {
        holds(only().orElse(firstSeed), only().isPresent() ? 1 : cases, false, made, property);
    }

    private static OptionalLong only() {
        var seed = System.getProperty(SEED, "");
        return seed.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(seed));
    }

    private static <T> void holds(
            long firstSeed, int cases, boolean fresh, Function<RandomGenerator, T> made, Consumer<T> property) {
        var seeds = fresh ? new SplittableRandom().longs(cases) : LongStream.range(firstSeed, firstSeed + cases);
        seeds.forEach(seed -> check(seed, made, property));
    }

    /** Makes the case of {@code seed}, and expects {@code property} of it. */
    static <T> void check(long seed, Function<RandomGenerator, T> made, Consumer<T> property) {
        @Nullable T value = null;
        try {
            value = made.apply(new SplittableRandom(seed));
            property.accept(value);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "Not so with seed " + seed + " (again with -D" + SEED + "=" + seed + "):\n" + value + "\n"
                            + e.getMessage(),
                    e);
        }
    }
}
