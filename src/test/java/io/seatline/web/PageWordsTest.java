package io.seatline.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountRule;
import io.seatline.customer.CustomerRule;
import io.seatline.registration.RefusalReason;
import io.seatline.support.TextFile;
import io.seatline.validation.Language;
import io.seatline.validation.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of the pages: there are all that a page asks for, in every language, and none that no page asks for. */
final class PageWordsTest {
    /** Where a page asks for a text. */
    private static final Pattern CALL = Pattern.compile("(?:\\bcontext\\.t|\\btexts(?:\\(\\))?\\.get)\\(\\s*");

    private static final Pattern LITERAL = Pattern.compile("\"([A-Za-z0-9_.]+)\"");
    private static final Pattern CHOICE =
            Pattern.compile("[^\"]*(?:\"[^\"]*\"[^\"?]*)*\\?\\s*\"([^\"]+)\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern COMPUTED = Pattern.compile("\"([A-Za-z0-9_.]+\\.)\"\\s*\\+.*", Pattern.DOTALL);

    /** What might be a key: words with dots between them. */
    private static final Predicate<String> DOTTED =
            Pattern.compile("[a-z0-9_]+(\\.[a-z0-9_]+)+").asMatchPredicate();

    /** What keys are made of at run time: the prefix in the source, and what can follow it. */
    private static final Map<String, Map<String, String>> PREFIXES = Map.of(
            "portal",
            Map.of(
                    "rule.",
                    keys(AccountRule.values()),
                    "refusal.",
                    reasons() + "(\\.mend)?",
                    "done.",
                    "[a-z.]+",
                    "registrations.done.",
                    "kicked|gone|allowed|unblocked",
                    "list.",
                    "online|offline|deleted",
                    "form.",
                    "(username|password|password\\.new|caller_id_name|internal_caller_id|external_caller_id"
                            + "|allow_external_calls|(incoming|outgoing)_(internal|external)|on_demand"
                            + "|use_allowed_ips|allowed_ips|require_sha256)(\\.hint)?"),
            "console",
            Map.ofEntries(
                    Map.entry("customer.rule.", keys(CustomerRule.values())),
                    Map.entry("customer.", "(id|name|language|capacity_limit|sip_account_limit)(\\.hint)?"),
                    Map.entry("account.", "[a-z_.]+"),
                    Map.entry("language.", String.join("|", Language.codes())),
                    Map.entry("reason.", reasons()),
                    Map.entry("refusal.", reasons()),
                    Map.entry("chart.", "[a-z_]+(\\.desc|\\.value)?"),
                    Map.entry("audit.type.", "[a-z_]+"),
                    Map.entry("audit.action.", "[a-z_]+"),
                    Map.entry("audit.done.", "[a-z_.]+"),
                    Map.entry("audit.field.", "[a-z0-9_]+"),
                    Map.entry("audit.one.", "[a-z_]+")),
            "web",
            Map.of());

    /** What a template is handed as a key, by a page whose source has it as a literal. */
    private static final Set<String> HANDED =
            Set.of("key", "label", "key + \".hint\"", "view.choice()", "fact.label()", "view.done()", "view.problem()");

    /** What looks like one in the code of the pages; the last stands behind "done.". */
    private static final Set<String> NO_KEYS =
            Set.of("io.seatline.portal.texts", "io.seatline.console.texts", "accounts.csv", "1.0", "saved.phones");

    private static String keys(Rule... rules) {
        return Arrays.stream(rules).map(Rule::key).collect(Collectors.joining("|"));
    }

    private static String reasons() {
        return Arrays.stream(RefusalReason.values())
                .map(RefusalReason::wireName)
                .collect(Collectors.joining("|", "(", ")"));
    }

    private static List<Path> files(String root) {
        try (var files = Files.walk(Path.of(root))) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The texts in the compiled code of a face's pages, or of its templates. */
    private static Set<String> constants(String... parts) {
        return Arrays.stream(parts)
                .flatMap(part -> files("target/classes/io/seatline/" + part).stream())
                .filter(file -> file.toString().endsWith(".class"))
                .flatMap(file -> {
                    try {
                        return StreamSupport.stream(
                                ClassFile.of().parse(file).constantPool().spliterator(), false);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .flatMap(entry -> entry instanceof StringEntry text ? Stream.of(text.stringValue()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    /** The first argument of a call whose parenthesis opens before {@code start}. */
    private static String argument(String source, int start) {
        var depth = 0;
        var quoted = false;
        for (var i = start; ; i++) {
            var c = source.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '(' || c == ')' || c == ',')) {
                if (depth == 0 && c != '(') {
                    return source.substring(start, i).strip();
                }
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
        }
    }

    /** What the templates of a face ask for, as it is written there. */
    private static Stream<String> asked(String face) {
        return Stream.of(face, "web")
                .flatMap(part -> files("src/main/jte/" + part).stream())
                .flatMap(file -> {
                    try {
                        var template = Files.readString(file);
                        return CALL.matcher(template).results().map(call -> argument(template, call.end()));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"portal", "console"})
    void text_thatATemplateAsksFor_isThere(String face) {
        var keys = TextFile.of(face, "en").keys();
        var prefixes = Objects.requireNonNull(PREFIXES.get(face));
        var asked = asked(face).toList();
        assertThat(asked).isNotEmpty();
        for (var argument : asked) {
            var literal = LITERAL.matcher(argument);
            var choice = CHOICE.matcher(argument);
            var computed = COMPUTED.matcher(argument);
            if (literal.matches()) {
                assertThat(keys).contains(literal.group(1));
            } else if (choice.matches()) {
                assertThat(keys).contains(choice.group(1), choice.group(2));
            } else if (computed.matches()) {
                assertThat(prefixes).containsKey(computed.group(1));
            } else {
                assertThat(HANDED).contains(argument);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"portal", "console"})
    void text_thatAPageAsksFor_isThere(String face) {
        assertThat(constants(face).stream().filter(DOTTED).filter(text -> !NO_KEYS.contains(text)))
                .isNotEmpty()
                .isSubsetOf(TextFile.of(face, "en").keys());
    }

    @ParameterizedTest
    @EnumSource
    void error_isThereWithWhatIsBelowIt(PageError error) {
        assertThat(TextFile.of("web", "en").keys()).contains(error.key(), error.key() + ".why");
    }

    @Test
    void languages_haveNamesInTheConsole() {
        assertThat(TextFile.of("console", "en").keys())
                .containsAll(Language.codes().stream().map("language."::concat).toList());
    }

    @Test
    void refusals_areThereWithHowToMendThem() {
        for (var reason : RefusalReason.values()) {
            assertThat(TextFile.of("portal", "en").keys())
                    .contains("refusal." + reason.wireName(), "refusal." + reason.wireName() + ".mend");
            assertThat(TextFile.of("console", "en").keys()).contains("reason." + reason.wireName());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"portal", "console", "web"})
    void text_isAskedForSomewhere(String face) {
        var unused = new TreeSet<>(TextFile.of(face, "en").keys());
        unused.removeAll(constants(face, "templates/" + face, "templates/web"));
        Objects.requireNonNull(PREFIXES.get(face))
                .forEach((prefix, rest) -> unused.removeIf(key ->
                        key.startsWith(prefix) && key.substring(prefix.length()).matches(rest)));
        if (face.equals("web")) {
            Arrays.stream(PageError.values())
                    .map(PageError::key)
                    .forEach(key -> unused.removeAll(Set.of(key, key + ".why")));
        }
        assertThat(unused).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.seatline.support.BrowserSession#languages")
    void languages_haveTheSameTexts(String language) {
        for (var face : List.of("portal", "web")) {
            var english = TextFile.of(face, "en");
            var other = TextFile.of(face, language);
            assertThat(other.keys()).containsExactlyElementsOf(english.keys());
            for (var key : english.keys()) {
                assertThat(other.placeholders(key)).as(language + " " + key).isEqualTo(english.placeholders(key));
                assertThat(other.texts().get(key)).as(language + " " + key).isNotBlank();
            }
        }
    }
}
