package io.seatline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.account.AllowedIps;
import io.seatline.account.PhoneSecret;
import io.seatline.account.SipAccount.Recording;
import io.seatline.customer.Customer;
import io.seatline.support.TextFile;
import io.seatline.validation.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule that accounts and customers have, with the words in which the pages say that it is broken. */
final class RuleWordsTest {
    private static final Path SOURCES = Path.of("src/main/java/io/seatline");

    /** A call that makes a violation, up to the end of its second argument; in AllowedIps the attribute is always the same. */
    private static final Pattern CALL =
            Pattern.compile("(?:new Violation\\(\\s*[^,]+,|(?<!Violation )\\bproblem\\()\\s*([^,]+),");

    private static final Pattern NAME = Pattern.compile("\"([a-z0-9_]+\\.[a-z_]+)\"");

    private static Stream<Violation> provoked() {
        var addresses = IntStream.range(0, 101).mapToObj(i -> "192.0.2." + i).collect(Collectors.joining(" "));
        return Stream.of(
                        account("", -1L, false, false, "nonsense 192.0.2.1/24").violations(),
                        account("", null, true, true, "").violations(),
                        new PhoneSecret.Ha1("anna", "", "").violations("ben"),
                        account("", null, false, false, "")
                                .withSecret(new PhoneSecret.Ha1("", "", ""))
                                .withRequireSha256(true)
                                .violations(),
                        account("e" + "\u0301".repeat(1024), null, false, false, addresses)
                                .violations(),
                        customer("").violations(),
                        customer("x".repeat(256)).violations(),
                        customer("\t.").violations(),
                        customer("e" + "\u0301".repeat(1024)).violations())
                .flatMap(List::stream);
    }

    private static AccountSettings account(
            String text, @Nullable Long number, boolean calls, boolean useAllowedIps, String allowedIps) {
        return new AccountSettings(
                text,
                new PhoneSecret.Password(text),
                Recording.NONE,
                text,
                number,
                number,
                calls,
                useAllowedIps,
                AllowedIps.parse(allowedIps),
                false);
    }

    private static Customer customer(String name) {
        return new Customer("", name, "", -1L, -1L, 0);
    }

    /** The rules in the sources, as they are named there. */
    private static List<String> rules(String... sources) {
        var rules = new ArrayList<String>();
        for (var source : sources) {
            try {
                var text = Files.readString(SOURCES.resolve(source));
                CALL.matcher(text).results().map(call -> call.group(1)).forEach(rule -> {
                    switch (rule) {
                        // AllowedIps names it where it calls this
                        case "rule" -> {}
                        case "attribute + \".form\"" ->
                            Pattern.compile("\\bnumber\\(\\s*violations,\\s*\"([a-z_]+)\"")
                                    .matcher(text)
                                    .results()
                                    .forEach(call -> rules.add(call.group(1) + ".form"));
                        default -> {
                            var name = NAME.matcher(rule);
                            assertThat(name.matches())
                                    .as(source + " names a rule in a way that this test knows: " + rule)
                                    .isTrue();
                            rules.add(name.group(1));
                        }
                    }
                });
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return rules;
    }

    @Test
    void rules_areAllProvoked() {
        assertThat(provoked().map(Violation::rule).collect(Collectors.toSet()))
                .hasSize(20)
                .containsExactlyInAnyOrderElementsOf(Stream.of(
                                "account/AccountSettings.java",
                                "account/PhoneSecret.java",
                                "account/AllowedIps.java",
                                "customer/Customer.java")
                        .flatMap(source -> rules(source).stream())
                        .collect(Collectors.toSet()));
    }

    /** What only the database knows has no values. */
    private static Stream<Violation> ofTheAccountForm() {
        return rules("portal/AccountFormPages.java").stream().map(rule -> new Violation("", rule, ""));
    }

    private static Stream<Violation> ofTheCustomerForm() {
        return rules("console/CustomerPages.java").stream().map(rule -> new Violation("", rule, ""));
    }

    @ParameterizedTest
    @MethodSource("io.seatline.support.BrowserSession#languages")
    void rule_hasWordsInThePortal(String language) {
        var words = TextFile.of("portal", language);
        Stream.concat(provoked(), ofTheAccountForm()).forEach(violation -> says(words, "rule.", violation));
    }

    @Test
    void rule_ofACustomer_hasWordsInTheConsole() {
        var words = TextFile.of("console", "en");
        var rules = rules("customer/Customer.java");
        Stream.concat(provoked().filter(violation -> rules.contains(violation.rule())), ofTheCustomerForm())
                .forEach(violation -> says(words, "customer.rule.", violation));
    }

    private static void says(TextFile words, String prefix, Violation violation) {
        var key = prefix + violation.rule();
        assertThat(words.keys()).contains(key);
        assertThat(words.placeholders(key))
                .as(key)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, violation.values().size()).boxed().toList());
    }
}
