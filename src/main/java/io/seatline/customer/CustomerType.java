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
    /** What people search by, in the pages only: the API's filters are exact. */
    public static final Filter SEARCHED = new Filter("search", "(a.id || ' ' || a.name)", Kind.CONTAINED);

    /** Those whom the pages speak a language to. */
    public static final Filter LANGUAGE = new Filter("language", "a.language", Kind.STRING);

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
            List.of(new Filter("id", "a.id", Kind.STRING), new Filter("name", "a.name", Kind.STRING), LANGUAGE),
            Optional.empty());

    private CustomerType() {}
}
