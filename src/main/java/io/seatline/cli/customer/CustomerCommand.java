package io.seatline.cli.customer;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.account.SipAccounts;
import io.seatline.audit.Actor;
import io.seatline.cli.command.CommandException;
import io.seatline.cli.command.OperatorScopedCommand;
import io.seatline.cli.command.Output.Row;
import io.seatline.customer.Customer;
import io.seatline.customer.Customers;
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
public final class CustomerCommand {
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
            CommandException.refuse(after.violations());
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
                throw CommandException.refused(option + " must be a number or none.");
            }
            return Long.valueOf(text);
        }
    }

    private static Customer lock(Handle handle, int operatorId, String id) {
        return Customers.lock(handle, operatorId, id).orElseThrow(() -> notFound(id));
    }

    private static CommandException notFound(String id) {
        return CommandException.notFound("There is no customer " + id + ".");
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
    @Command(name = "create", description = "Creates a customer.")
    static final class Create extends OperatorScopedCommand {
        @Mixin
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
            withOperator(context -> {
                var created = context.jdbi()
                        .inTransaction(
                                handle -> Customers.create(handle, context.operatorId(), customer, Actor.commandLine())
                                        .orElseThrow(() -> CommandException.refused(
                                                "There is a customer " + customer.id() + " already.")));
                output().one(row(created));
            });
        }
    }

    /** {@code customer list}. */
    @Command(name = "list", description = "Lists an operator's customers.")
    static final class ListCustomers extends OperatorScopedCommand {
        @Override
        public void run() {
            withOperator(context -> context.jdbi()
                    .useHandle(handle -> output().list(Customers.all(handle, context.operatorId()).stream()
                            .map(CustomerCommand::row)
                            .toList())));
        }
    }

    /** {@code customer show}. */
    @Command(name = "show", description = "Shows a customer and its seats.")
    static final class Show extends OperatorScopedCommand {
        @Parameters(paramLabel = "ID", description = "The customer's id.")
        private String id;

        @Override
        public void run() {
            withOperator(context -> context.jdbi().useHandle(handle -> {
                var customer = Customers.find(handle, context.operatorId(), id).orElseThrow(() -> notFound(id));
                output().one(row(customer)
                        .with(
                                "sip_accounts",
                                SipAccounts.seats(handle, context.operatorId(), customer.id())
                                        .used()));
            }));
        }
    }

    /** {@code customer update}. */
    @Command(name = "update", description = "Changes a customer; what is not given stays as it is.")
    static final class Update extends OperatorScopedCommand {
        @Mixin
        private Attributes attributes;

        @Parameters(paramLabel = "ID", description = "The customer's id.")
        private String id;

        @Override
        public void run() {
            withOperator(context -> {
                var updated = context.jdbi().inTransaction(handle -> {
                    var before = lock(handle, context.operatorId(), id);
                    return Customers.update(
                            handle, context.operatorId(), before, attributes.applyTo(before), Actor.commandLine());
                });
                output().one(row(updated));
            });
        }
    }

    /** {@code customer delete}. */
    @Command(name = "delete", description = "Deletes a customer with its accounts and their registrations.")
    static final class Delete extends OperatorScopedCommand {
        @Parameters(paramLabel = "ID", description = "The customer's id.")
        private String id;

        @Override
        public void run() {
            withOperator(context -> {
                var accounts = context.jdbi().inTransaction(handle -> {
                    var customer = lock(handle, context.operatorId(), id);
                    var count = SipAccounts.seats(handle, context.operatorId(), customer.id())
                            .used();
                    Customers.delete(handle, context.operatorId(), customer, Actor.commandLine());
                    return count;
                });
                output().one(new Row().with("deleted", id).with("sip_accounts", accounts));
            });
        }
    }
}
