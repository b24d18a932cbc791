package io.seatline.customer;

import static io.seatline.jsonapi.ResourceType.number;
import static io.seatline.jsonapi.ResourceType.text;

import io.seatline.jsonapi.Kind;
import io.seatline.jsonapi.ResourceType;
import io.seatline.jsonapi.ResourceType.Filter;
import java.util.List;
import java.util.Optional;

/** {@code customers} on the wire. */
public final class CustomerType {
    /** The type. */
    public static final ResourceType<Customer> CUSTOMERS = new ResourceType<>(
            "customers",
            true,
            Customer::id,
            "a.id",
            List.of(
                    text("name", "a.name", Customer::name),
                    text("language", "a.language", Customer::language),
                    number("capacity_limit", "a.capacity_limit", Customer::capacityLimit),
                    number("sip_account_limit", "a.sip_account_limit", Customer::sipAccountLimit)),
            List.of(
                    new Filter("id", "a.id", Kind.STRING),
                    new Filter("name", "a.name", Kind.STRING),
                    new Filter("language", "a.language", Kind.STRING)),
            Optional.empty());

    private CustomerType() {}
}
