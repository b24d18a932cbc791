package io.seatline.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs Jazzer in a process of its own: with so many inputs for all parsers here, for as long as is said on each with
 * {@code bin/fuzz}. What it finds fails the test; the input that did it stays in {@code target/fuzz}.
 */
@Order(1)
@Tag("slow")
@Tag("pure")
class FuzzTest {
    private static final int INPUTS = 20_000;
    private static final Optional<Integer> SECONDS = Optional.ofNullable(Integer.getInteger("fuzz.seconds"));
    private static final Pattern NEEDED = Pattern.compile("/(jazzer|ipaddress|jspecify)[^/]*\\.jar$");
    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units: (\\d+)");

    /** For a short run all of them in one process, since most of it is the fuzzer's own start. */
    static Stream<Class<?>> targets() {
        return SECONDS.isEmpty() ? Stream.of(EveryParserFuzz.class) : EveryParserFuzz.PARSERS.stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void target_fuzzed_holds(Class<?> target) throws IOException, InterruptedException {
        var folder = Path.of("target/fuzz", target.getSimpleName()).toAbsolutePath();
        var corpus = Files.createDirectories(folder.resolve("corpus"));
        var log = folder.resolve("log");
        var process = new ProcessBuilder(command(target, corpus))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            var exit = process.waitFor();
            var output = Files.readString(log, UTF_8);
            var executed = EXECUTED.matcher(output);

            assertThat(exit)
                    .as(() -> output.substring(Math.max(0, output.length() - 4_000)))
                    .isZero();
            assertThat(executed.find()).as("executions counted").isTrue();
            assertThat(Integer.parseInt(executed.group(1)))
                    .as("executions")
                    .isGreaterThanOrEqualTo(SECONDS.isPresent() ? 1_000 : INPUTS);
            System.out.printf("%s: %s executions%n", target.getSimpleName(), executed.group(1));
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * Our classes, Jazzer and what the targets need: it looks through all that it is given, which takes longer than a
     * short run.
     */
    private static String classPath() {
        var all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(all.split(File.pathSeparator, -1))
                .filter(part -> !part.endsWith(".jar") || NEEDED.matcher(part).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> command(Class<?> target, Path corpus) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // most of a short run is its start
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=io.seatline.**",
                SECONDS.map(seconds -> "-max_total_time=" + seconds).orElse("-runs=" + INPUTS),
                "-timeout=30",
                "-max_len=4096",
                "-print_final_stats=1",
                corpus.toString()));
        if (target != AllowListFuzz.class) {
            command.add(
                    Path.of("src/test/resources/sip/rfc4475").toAbsolutePath().toString());
        }
        return command;
    }
}
