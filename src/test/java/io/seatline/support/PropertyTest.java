package io.seatline.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** What the property tests stand on: a case that fails is shown, and can be had again. */
@Tag("pure")
@DisabledIfSystemProperty(named = "property.seed", matches = ".+", disabledReason = "one case is asked for")
class PropertyTest {
    @Test
    void failure_showsTheSeedAndTheCase_andTheSeedMakesTheSameCaseAgain() {
        var failed = new ArrayList<Integer>();
        var thrown = catchThrowable(() -> Property.holds(RandomGenerator::nextInt, number -> {
            if (number % 3 == 0) {
                failed.add(number);
                throw new IllegalStateException("a third of all");
            }
        }));
        assertThat(thrown).isInstanceOf(AssertionError.class).hasMessageContaining("a third of all");
        assertThat(failed).hasSize(1);
        var message = String.valueOf(thrown.getMessage());
        assertThat(message.lines()).contains(failed.getFirst().toString());

        var seed = message.replaceAll("(?s).*-Dproperty\\.seed=(-?\\d+)\\).*", "$1");
        var again = new ArrayList<Integer>();
        Property.check(Long.parseLong(seed), RandomGenerator::nextInt, again::add);
        assertThat(again).isEqualTo(failed);
    }

    @Test
    void caseThatCannotBeMade_showsTheSeed() {
        assertThatThrownBy(() -> Property.check(7, _ -> Integer.parseInt("none"), _ -> {}))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dproperty.seed=7")
                .hasRootCauseInstanceOf(NumberFormatException.class);
    }

    @Test
    void cases_areAsManyAsAskedFor_andOthersInEachRun() {
        var first = new HashSet<Long>();
        var second = new HashSet<Long>();
        Property.holds(RandomGenerator::nextLong, first::add);
        Property.holds(1_000, RandomGenerator::nextLong, second::add);
        assertThat(first).hasSize(Property.CASES).doesNotContainAnyElementsOf(second);
        assertThat(second).hasSize(1_000);
    }

    @Test
    void cases_fromAGivenSeed_areTheSameInEachRun() {
        var first = new ArrayList<Long>();
        var second = new ArrayList<Long>();
        Property.holdsFrom(4475, 100, RandomGenerator::nextLong, first::add);
        Property.holdsFrom(4475, 100, RandomGenerator::nextLong, second::add);
        assertThat(first).hasSize(100).doesNotHaveDuplicates().isEqualTo(second);
    }

    @Test
    void numbersAndTexts_oftenLieAtTheEdges() {
        var numbers = new ArrayList<Integer>();
        var lengths = new ArrayList<Integer>();
        Property.holds(1_000, random -> Drawn.between(random, 0, Integer.MAX_VALUE), numbers::add);
        Property.holds(1_000, random -> Drawn.text(random, "aä€", 0, 90), text -> lengths.add(text.length()));
        assertThat(numbers).filteredOn(number -> number == 0).hasSizeGreaterThan(50);
        assertThat(numbers).filteredOn(number -> number == Integer.MAX_VALUE).hasSizeGreaterThan(50);
        assertThat(numbers)
                .filteredOn(number -> number > 0 && number < Integer.MAX_VALUE)
                .hasSizeGreaterThan(300);
        assertThat(lengths).filteredOn(length -> length == 0).hasSizeGreaterThan(50);
        assertThat(lengths).filteredOn(length -> length == 90).hasSizeGreaterThan(50);
    }
}
