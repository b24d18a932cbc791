package io.seatline.support;

import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Values drawn at random, of which those at the edges, where mistakes are, come far more often than the others. */
public final class Drawn {
    private Drawn() {}

    /** A number from {@code least} to {@code most}: every third time one of the two. */
    public static int between(RandomGenerator random, int least, int most) {
        return switch (random.nextInt(6)) {
            case 0 -> least;
            case 1 -> most;
            default -> (int) random.nextLong(least, most + 1L);
        };
    }

    /** A text of the letters of {@code alphabet}, as long as one of {@link #between} says. */
    public static String text(RandomGenerator random, String alphabet, int shortest, int longest) {
        var points = alphabet.codePoints().toArray();
        return IntStream.range(0, between(random, shortest, longest))
                .map(_ -> points[random.nextInt(points.length)])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** One of {@code values}. */
    @SafeVarargs
    public static <T> T oneOf(RandomGenerator random, T... values) {
        return values[random.nextInt(values.length)];
    }

    /** At most {@code most} values, often none or that many; {@code value} makes each from its place in the list. */
    public static <T> List<T> several(RandomGenerator random, int most, IntFunction<T> value) {
        return IntStream.range(0, between(random, 0, most)).mapToObj(value).toList();
    }
}
