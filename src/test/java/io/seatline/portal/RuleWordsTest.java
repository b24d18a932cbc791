package io.seatline.portal;

import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.ALLOW_EXTERNAL_CALLS;
import static io.seatline.account.Setting.CALLER_ID_NAME;
import static io.seatline.account.Setting.EXTERNAL_CALLER_ID;
import static io.seatline.account.Setting.INTERNAL_CALLER_ID;
import static io.seatline.account.Setting.REQUIRE_SHA256;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountRule;
import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.PhoneSecret;
import io.seatline.customer.Customer;
import io.seatline.customer.CustomerRule;
import io.seatline.support.TextFile;
import io.seatline.validation.Rule;
import io.seatline.validation.Violation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule that accounts and customers have, with the words in which the pages say that it is broken. */
final class RuleWordsTest {
    /**
     * How many values a violation of each rule has. The database alone knows what is taken: a page says so, without
     * values.
     */
    private static final Map<Rule, Integer> VALUES = Stream.concat(
                    provoked(),
                    Stream.of(AccountRule.USERNAME_TAKEN, CustomerRule.ID_TAKEN)
                            .map(rule -> new Violation("", rule, "")))
            .collect(Collectors.toMap(
                    Violation::rule, violation -> violation.values().size(), (one, other) -> one));

    private static Stream<Violation> provoked() {
        var addresses = IntStream.range(0, 101).mapToObj(i -> "192.0.2." + i).collect(Collectors.joining(" "));
        return Stream.of(
                        account("", -1L, false, false, "nonsense 192.0.2.1/24").violations(),
                        account("", null, true, true, "").violations(),
                        new PhoneSecret.Ha1("anna", "", "").violations("ben"),
                        account("", null, false, false, "")
                                .withSecret(new PhoneSecret.Ha1("", "", ""))
                                .with(REQUIRE_SHA256, true)
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
        return AccountSettings.of(text, new PhoneSecret.Password(text))
                .with(CALLER_ID_NAME, text)
                .with(INTERNAL_CALLER_ID, number)
                .with(EXTERNAL_CALLER_ID, number)
                .with(ALLOW_EXTERNAL_CALLS, calls)
                .with(USE_ALLOWED_IPS, useAllowedIps)
                .with(ALLOWED_IPS, AllowList.parse(allowedIps));
    }

    private static Customer customer(String name) {
        return new Customer("", name, "", -1L, -1L, 0);
    }

    @ParameterizedTest
    @MethodSource("io.seatline.support.BrowserSession#languages")
    void rules_ofAnAccount_haveWordsInThePortal(String language) {
        assertThat(AccountRule.values()).allSatisfy(rule -> says(TextFile.of("portal", language), "rule.", rule));
    }

    @Test
    void rules_ofACustomer_haveWordsInTheConsole() {
        assertThat(CustomerRule.values())
                .allSatisfy(rule -> says(TextFile.of("console", "en"), "customer.rule.", rule));
    }

    private static void says(TextFile words, String prefix, Rule rule) {
        assertThat(VALUES).as("a violation of each rule").containsKey(rule);
        assertThat(words.keys()).contains(prefix + rule.key());
        assertThat(words.placeholders(prefix + rule.key()))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, Objects.requireNonNull(VALUES.get(rule)))
                        .boxed()
                        .toList());
    }
}
