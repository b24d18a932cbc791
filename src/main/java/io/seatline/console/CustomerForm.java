package io.seatline.console;

import io.seatline.customer.Customer;
import io.seatline.web.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a customer's form, as it was typed.
 *
 * @param values by the attributes' names on the wire
 */
public record CustomerForm(Map<String, String> values) {
    private static final String NAME = "name";
    private static final String LANGUAGE = "language";
    private static final String CAPACITY = "capacity_limit";
    private static final String ACCOUNTS = "sip_account_limit";

    static CustomerForm of(Customer customer) {
        return read(name -> switch (name) {
            case NAME -> customer.name();
            case LANGUAGE -> customer.language();
            case CAPACITY -> text(customer.capacityLimit());
            default -> text(customer.sipAccountLimit());
        });
    }

    /** What a form sent in the fields whose names begin with {@code prefix}. */
    static CustomerForm of(Fields fields, String prefix) {
        return read(name -> fields.text(prefix + name));
    }

    private static CustomerForm read(UnaryOperator<String> source) {
        var values = new LinkedHashMap<String, String>();
        for (var name : new String[] {NAME, LANGUAGE, CAPACITY, ACCOUNTS}) {
            values.put(name, source.apply(name));
        }
        return new CustomerForm(values);
    }

    private static String text(@Nullable Long limit) {
        return limit == null ? "" : limit.toString();
    }

    /** The text of a field. */
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    /** The customer that it makes, which may break the rules. */
    Customer customer(String id, long version) {
        return new Customer(id, value(NAME), value(LANGUAGE), limit(value(CAPACITY)), limit(value(ACCOUNTS)), version);
    }

    /** What is no number is out of every limit's range. */
    private static @Nullable Long limit(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1L;
    }

    /**
     * The same with the values of {@code now} in those fields that are still as in {@code before}: nobody meant to
     * change them.
     */
    CustomerForm over(CustomerForm before, CustomerForm now) {
        return read(name -> value(name).equals(before.value(name)) ? now.value(name) : value(name));
    }
}
