package io.seatline.customer;

import io.seatline.validation.Language;
import io.seatline.validation.Names;
import io.seatline.validation.Names.Fault;
import io.seatline.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A customer of an operator.
 *
 * @param id the operator's own: two operators may both have a "123"
 * @param language the code of the {@link Language} that the web interface speaks to the customer
 * @param capacityLimit simultaneous calls, null for no limit
 * @param sipAccountLimit SIP accounts, null for no limit; one below the present number only locks "create"
 * @param version drawn anew at each change
 */
public record Customer(
        String id,
        String name,
        String language,
        @Nullable Long capacityLimit,
        @Nullable Long sipAccountLimit,
        long version) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MAX_NAME = 255;
    private static final long MAX_LIMIT = Integer.MAX_VALUE;

    /** What breaks the rules, if anything. */
    public List<Violation> violations() {
        var violations = new ArrayList<Violation>();
        violations.addAll(idViolations("id", id));
        Names.fault(name, MAX_NAME).map(Customer::nameViolation).ifPresent(violations::add);
        if (!Language.codes().contains(language)) {
            violations.add(new Violation(
                    "language",
                    CustomerRule.LANGUAGE_UNKNOWN,
                    "must be one of " + String.join(", ", Language.codes())));
        }
        limit(violations, "capacity_limit", capacityLimit);
        limit(violations, "sip_account_limit", sipAccountLimit);
        return violations;
    }

    private static Violation nameViolation(Fault fault) {
        var message = fault.message(MAX_NAME);
        return switch (fault) {
            case BLANK -> new Violation("name", CustomerRule.NAME_BLANK, message);
            case LONG -> new Violation("name", CustomerRule.NAME_LONG, message, MAX_NAME);
            case CONTROL -> new Violation("name", CustomerRule.NAME_CONTROL, message);
            case LARGE -> new Violation("name", CustomerRule.NAME_LARGE, message, Names.MAX_BYTES);
        };
    }

    /** What is wrong with a text as a customer's id, if anything. */
    public static List<Violation> idViolations(String attribute, String id) {
        // An address that ends in one or two dots is another address to every client (RFC 3986 section 5.2.4).
        return ID.matcher(id).matches() && !id.equals(".") && !id.equals("..")
                ? List.of()
                : List.of(new Violation(attribute, CustomerRule.ID_FORM, "must be 1 to 64 of A-Z a-z 0-9 . _ -"));
    }

    private static void limit(List<Violation> violations, String attribute, @Nullable Long limit) {
        if (limit != null && (limit < 0 || limit > MAX_LIMIT)) {
            violations.add(new Violation(
                    attribute,
                    CustomerRule.LIMIT_RANGE,
                    "must be an integer from 0 (none) to " + MAX_LIMIT + ", or null (no limit)"));
        }
    }
}
