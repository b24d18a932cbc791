package io.seatline.account;

import io.seatline.customer.Customer;
import io.seatline.validation.Violation;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** An account that is to be created. */
public record NewAccount(UUID id, String customerId, AccountSettings settings) {
    /** What breaks the rules, if anything. */
    public List<Violation> violations() {
        return Stream.concat(Customer.idViolations("customer_id", customerId).stream(), settings.violations().stream())
                .toList();
    }
}
