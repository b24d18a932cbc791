package io.seatline.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small chart of the last 24 hours in steps of ten minutes, drawn as steps: what was not counted is a gap. The labels
 * of its axes are text of the page, which stays readable at any width.
 *
 * @param line the path along the values, in a box of {@link #STEPS} by {@link #HEIGHT}
 * @param area the path around what lies below them
 * @param top the value at the upper edge, an even number
 * @param hours the same as a table
 */
public record Chart(String line, String area, long top, long latest, List<Hour> hours) {
    /** How many steps there are, and how wide the box is. */
    public static final int STEPS = 144;

    /** How high the box is. */
    public static final int HEIGHT = 100;

    static final Duration STEP = Duration.ofMinutes(10);
    private static final int STEPS_OF_AN_HOUR = 6;

    /** An hour's value, null where nobody counted. */
    public record Hour(Instant from, @Nullable Long value) {}

    /** How the steps of an hour become one value. */
    enum Together {
        /** What was counted at a time: the most. */
        MAX,
        /** What happened within a time: all of it. */
        SUM
    }

    /** The beginning of the first step of a chart that is drawn at {@code now}. */
    static Instant begin(Instant now) {
        var seconds = now.getEpochSecond();
        return Instant.ofEpochSecond(seconds - seconds % STEP.toSeconds()).minus(STEP.multipliedBy(STEPS - 1));
    }

    /**
     * Draws it.
     *
     * @param steps the values by the beginning of their step
     */
    static Chart draw(Instant now, Map<Instant, Long> steps, Together together) {
        var begin = begin(now);
        var top = top(steps.values().stream().mapToLong(value -> value).max().orElse(0));
        var line = new StringBuilder();
        var area = new StringBuilder();
        var hours = new ArrayList<Hour>();
        Long hour = null;
        var joined = false;
        var latest = 0L;
        for (var i = 0; i < STEPS; i++) {
            var value = steps.get(begin.plus(STEP.multipliedBy(i)));
            if (value != null) {
                var y = HEIGHT - Math.round(value * 10.0 * HEIGHT / top) / 10.0;
                line.append(joined ? "V" + y : "M" + i + " " + y).append("H").append(i + 1);
                area.append("M" + i + " " + HEIGHT + "V" + y + "H" + (i + 1) + "V" + HEIGHT + "Z");
                hour = hour == null ? value : together == Together.SUM ? hour + value : Math.max(hour, value);
                latest = value;
            }
            joined = value != null;
            if (i % STEPS_OF_AN_HOUR == STEPS_OF_AN_HOUR - 1) {
                hours.add(new Hour(begin.plus(STEP.multipliedBy(i + 1L - STEPS_OF_AN_HOUR)), hour));
                hour = null;
            }
        }
        return new Chart(
                line.toString(),
                area.toString(),
                top,
                latest,
                List.copyOf(hours).reversed());
    }

    /** The next of 2, 4, 10, 20, 40, 100 …: its half is a whole number too. */
    private static long top(long greatest) {
        for (var unit = 2L; ; unit *= 10) {
            for (var top : new long[] {unit, 2 * unit}) {
                if (top >= greatest) {
                    return top;
                }
            }
        }
    }
}
