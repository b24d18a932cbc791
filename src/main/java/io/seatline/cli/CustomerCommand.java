package io.seatline.cli;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.account.SipAccounts;
import io.seatline.audit.Actor;
import io.seatline.cli.Output.Row;
import io.seatline.cli.SeatlineCommand.Failed;
import io.seatline.customer.Customer;
import io.seatline.customer.Customers;
import io.seatline.validation.Violation;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code customer}: the customers of an operator. */
@Command(
        name = "customer",
        description = "The customers of an operator.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CustomerCommand.Create.class,
            CustomerCommand.ListCustomers.class,
            CustomerCommand.Show.class,
            CustomerCommand.Update.class,
            CustomerCommand.Delete.class
        })
final class CustomerCommand {
    /** What can be set. */
    static final class Attributes {
        @Option(names = "--name", paramLabel = "TEXT", description = "The customer's name.")
        private @Nullable String name;

        @Option(names = "--language", paramLabel = "CODE", description = "EN, RU, LT or LV; EN where none is given.")
        private @Nullable String language;

        @Option(
                names = "--capacity-limit",
                paramLabel = "NUMBER",
                description = "How many calls at a time, or \"none\" for no limit.")
        private @Nullable String capacityLimit;

        @Option(
                names = "--sip-account-limit",
                paramLabel = "NUMBER",
                description = "How many SIP accounts, or \"none\" for no limit.")
        private @Nullable String sipAccountLimit;

        Customer applyTo(Customer before) {
            var after = new Customer(
                    before.id(),
                    name == null ? before.name() : name,
                    language == null ? before.language() : language,
                    limit("--capacity-limit", capacityLimit, before.capacityLimit()),
                    limit("--sip-account-limit", sipAccountLimit, before.sipAccountLimit()),
                    before.version());
            refuse(after.violations());
            return after;
        }

        private static @Nullable Long limit(String option, @Nullable String text, @Nullable Long otherwise) {
            if (text == null) {
                return otherwise;
            }
            if (text.equals("none")) {
                return null;
            }
            if (!text.matches("[0-9]{1,10}")) {
                throw new Failed(SeatlineCommand.REFUSED, option + " must be a number or none.");
            }
            return Long.valueOf(text);
        }
    }

    /** Refuses with every violation, each on a line of its own. */
    static void refuse(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw new Failed(
                    SeatlineCommand.REFUSED,
                    violations.stream()
                            .map(violation -> violation.attribute() + " " + violation.message() + ".")
                            .collect(Collectors.joining("\n")));
        }
    }

    private static Customer lock(Handle handle, int operatorId, String id) {
        return Customers.lock(handle, operatorId, id).orElseThrow(() -> notFound(id));
    }

    private static Failed notFound(String id) {
        return new Failed(SeatlineCommand.NOT_FOUND, "There is no customer " + id + ".");
    }

    private static Row row(Customer customer) {
        return new Row()
                .with("id", customer.id())
                .with("name", customer.name())
                .with("language", customer.language())
                .with("capacity_limit", customer.capacityLimit())
                .with("sip_account_limit", customer.sipAccountLimit());
    }

    /** {@code customer create}. */
    @Command(name = "create", description = "Creates a customer.", mixinStandardHelpOptions = true)
    static final class Create implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Attributes attributes;

        @Option(
                names = "--id",
                paramLabel = "ID",
                description = "1 to 64 of A-Z a-z 0-9 . _ -; made where none is given.")
        private @Nullable String id;

        @Override
        public void run() {
            var customer = attributes.applyTo(new Customer(
                    id == null ? UuidCreator.getTimeOrderedEpoch().toString() : id, "", "EN", null, null, 0));
            work.with(installation -> {
                var created = installation
                        .database()
                        .jdbi()
                        .inTransaction(handle -> Customers.create(
                                        handle, operator.find(handle).id(), customer, Actor.commandLine())
                                .orElseThrow(() -> new Failed(
                                        SeatlineCommand.REFUSED,
                                        "There is a customer " + customer.id() + " already.")));
                work.output().one(row(created));
            });
        }
    }

    /** {@code customer list}. */
    @Command(name = "list", description = "Lists an operator's customers.", mixinStandardHelpOptions = true)
    static final class ListCustomers implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @Override
        public void run() {
            work.with(installation -> installation
                    .database()
                    .jdbi()
                    .useHandle(handle -> work.output()
                            .list(Customers.all(handle, operator.find(handle).id()).stream()
                                    .map(CustomerCommand::row)
                                    .toList())));
        }
    }

    /** {@code customer show}. */
    @Command(name = "show", description = "Shows a customer and its seats.", mixinStandardHelpOptions = true)
    static final class Show implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @Parameters(paramLabel = "ID", description = "The customer's id.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Override
        public void run() {
            work.with(installation -> installation.database().jdbi().useHandle(handle -> {
                var operatorId = operator.find(handle).id();
                var customer = Customers.find(handle, operatorId, id).orElseThrow(() -> notFound(id));
                work.output()
                        .one(row(customer)
                                .with(
                                        "sip_accounts",
                                        SipAccounts.seats(handle, operatorId, customer.id())
                                                .used()));
            }));
        }
    }

    /** {@code customer update}. */
    @Command(
            name = "update",
            description = "Changes a customer; what is not given stays as it is.",
            mixinStandardHelpOptions = true)
    static final class Update implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Attributes attributes;

        @Parameters(paramLabel = "ID", description = "The customer's id.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Override
        public void run() {
            work.with(installation -> {
                var updated = installation.database().jdbi().inTransaction(handle -> {
                    var operatorId = operator.find(handle).id();
                    var before = lock(handle, operatorId, id);
                    return Customers.update(
                            handle, operatorId, before, attributes.applyTo(before), Actor.commandLine());
                });
                work.output().one(row(updated));
            });
        }
    }

    /** {@code customer delete}. */
    @Command(
            name = "delete",
            description = "Deletes a customer with its accounts and their registrations.",
            mixinStandardHelpOptions = true)
    static final class Delete implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @Parameters(paramLabel = "ID", description = "The customer's id.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Override
        public void run() {
            work.with(installation -> {
                var accounts = installation.database().jdbi().inTransaction(handle -> {
                    var operatorId = operator.find(handle).id();
                    var customer = lock(handle, operatorId, id);
                    var count =
                            SipAccounts.seats(handle, operatorId, customer.id()).used();
                    Customers.delete(handle, operatorId, customer, Actor.commandLine());
                    return count;
                });
                work.output().one(new Row().with("deleted", id).with("sip_accounts", accounts));
            });
        }
    }
}
