package io.seatline.cli;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.account.AccountFile;
import io.seatline.account.AccountSettings;
import io.seatline.account.AllowedIps;
import io.seatline.account.NewAccount;
import io.seatline.account.PhoneSecret;
import io.seatline.account.SipAccount;
import io.seatline.account.SipAccount.Recording;
import io.seatline.account.SipAccounts.Creation;
import io.seatline.audit.Actor;
import io.seatline.cli.Output.Row;
import io.seatline.customer.Customers;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code account}: SIP accounts. */
@Command(
        name = "account",
        description = "SIP accounts.",
        mixinStandardHelpOptions = true,
        subcommands = {
            AccountCommand.Create.class,
            AccountCommand.ListAccounts.class,
            AccountCommand.Show.class,
            AccountUpdateCommand.class,
            AccountCommand.Delete.class,
            AccountImportCommand.class,
            AccountCommand.Export.class
        })
final class AccountCommand {
    /** Refuses a customer that is not there, of whom there would be nothing to show. */
    private static void requireCustomer(CommandContext context, @Nullable String customer) {
        if (customer != null
                && context.jdbi()
                        .withHandle(handle -> Customers.find(handle, context.operatorId(), customer))
                        .isEmpty()) {
            throw CommandException.notFound("There is no customer " + customer + ".");
        }
    }

    static Row row(SipAccount account, boolean password) {
        var row = new Row()
                .with("id", account.id())
                .with("customer_id", account.customerId())
                .with("username", account.username());
        if (password) {
            row.with("password", account.secret().get().password());
        }
        return row.with("ha1_realm", account.ha1Realm())
                .with("incoming_internal", account.recording().incomingInternal())
                .with("incoming_external", account.recording().incomingExternal())
                .with("outgoing_internal", account.recording().outgoingInternal())
                .with("outgoing_external", account.recording().outgoingExternal())
                .with("on_demand", account.recording().onDemand())
                .with("caller_id_name", account.callerIdName())
                .with("internal_caller_id", account.internalCallerId())
                .with("external_caller_id", account.externalCallerId())
                .with("allow_external_calls", account.allowExternalCalls())
                .with("is_online", account.online())
                .with("user_agent", account.userAgent())
                .with("use_allowed_ips", account.useAllowedIps())
                .with("allowed_ips", account.allowedIps())
                .with("require_sha256", account.requireSha256());
    }

    /** What fits on a terminal's line. */
    private static Row brief(SipAccount account) {
        return new Row()
                .with("id", account.id())
                .with("customer_id", account.customerId())
                .with("username", account.username())
                .with("caller_id_name", account.callerIdName())
                .with("is_online", account.online())
                .with("allowed_ips", account.useAllowedIps() ? account.allowedIps() : "any");
    }

    /** Which calls to record. */
    enum Recorded {
        /** Inbound, from inside. */
        incoming_internal,
        /** Inbound, from outside. */
        incoming_external,
        /** Outbound, to inside. */
        outgoing_internal,
        /** Outbound, to outside. */
        outgoing_external,
        /** When asked for on the phone. */
        on_demand
    }

    /** {@code account create}. */
    @Command(name = "create", description = "Creates an account, if the customer's limit allows.")
    static final class Create extends OperatorScopedCommand {
        @Option(names = "--customer", required = true, paramLabel = "ID", description = "The customer it belongs to.")
        private String customer;

        @Option(
                names = "--username",
                paramLabel = "TEXT",
                description =
                        "1 to 64 of A-Z a-z 0-9 . _ + -, unique on this server in any letters; made when left out.")
        private @Nullable String username;

        @Option(
                names = "--password-stdin",
                description =
                        "Read the password, 12 to 32 printable ASCII characters, from the standard input instead of"
                                + " making one.")
        private boolean passwordStdin;

        @Option(
                names = "--record",
                paramLabel = "WHICH",
                split = ",",
                description = "Calls to record: ${COMPLETION-CANDIDATES}.")
        private @Nullable EnumSet<Recorded> record;

        @Option(names = "--caller-id-name", paramLabel = "TEXT", description = "The name that others see.")
        private @Nullable String callerIdName;

        @Option(
                names = "--internal-caller-id",
                paramLabel = "NUMBER",
                description = "The extension number: up to 10 digits, without leading zeros.")
        private @Nullable String internalCallerId;

        @Option(
                names = "--external-caller-id",
                paramLabel = "NUMBER",
                description = "The phone number shown outside: up to 15 digits, without leading zeros.")
        private @Nullable String externalCallerId;

        @Option(names = "--allow-external-calls", description = "Allow outside calls; needs --external-caller-id.")
        private boolean allowExternalCalls;

        @Option(
                names = "--allowed-ips",
                paramLabel = "LIST",
                description = "Addresses and blocks it may register from, separated by commas, and use that list.")
        private @Nullable String allowedIps;

        @Option(
                names = "--require-sha256",
                description = "Refuse MD5: a phone that can do nothing else can't register.")
        private boolean requireSha256;

        @Override
        public void run() {
            var recorded = record == null ? EnumSet.noneOf(Recorded.class) : record;
            var account = new NewAccount(
                    UuidCreator.getTimeOrderedEpoch(),
                    customer,
                    new AccountSettings(
                            username == null ? AccountSettings.generateUsername() : username,
                            new PhoneSecret.Password(
                                    passwordStdin ? terminal().line() : AccountSettings.generatePassword()),
                            new Recording(
                                    recorded.contains(Recorded.incoming_internal),
                                    recorded.contains(Recorded.incoming_external),
                                    recorded.contains(Recorded.outgoing_internal),
                                    recorded.contains(Recorded.outgoing_external),
                                    recorded.contains(Recorded.on_demand)),
                            callerIdName,
                            callerId(internalCallerId),
                            callerId(externalCallerId),
                            allowExternalCalls,
                            allowedIps != null,
                            AllowedIps.parse(allowedIps == null ? "" : allowedIps),
                            requireSha256));
            CommandException.refuse(account.violations());
            withOperator(context -> {
                var creation = context.accounts().create(context.operatorId(), account, Actor.commandLine());
                output().one(row(created(creation), true));
            });
        }

        private static @Nullable Long callerId(@Nullable String text) {
            return text == null ? null : AccountSettings.callerId(text);
        }

        private SipAccount created(Creation creation) {
            return switch (creation) {
                case Creation.Created created -> created.account();
                case Creation.UsernameTaken() ->
                    throw CommandException.refused("The username is taken: choose another.");
                case Creation.LimitReached(var limit) ->
                    throw CommandException.refused(
                            "Customer " + customer + " has as many accounts as it may have (" + limit + ").");
                case Creation.NoCustomer() -> throw CommandException.notFound("There is no customer " + customer + ".");
            };
        }
    }

    /** {@code account list}. */
    @Command(name = "list", description = "Lists an operator's accounts, or one customer's, without passwords.")
    static final class ListAccounts extends OperatorScopedCommand {
        @Option(names = "--customer", paramLabel = "ID", description = "Only this customer's.")
        private @Nullable String customer;

        @Override
        public void run() {
            withOperator(context -> {
                requireCustomer(context, customer);
                var rows = new ArrayList<Row>();
                context.accounts()
                        .forEach(
                                context.operatorId(),
                                Optional.ofNullable(customer),
                                account -> rows.add(forScript() ? row(account, false) : brief(account)));
                output().list(rows);
            });
        }
    }

    /** {@code account show}. */
    @Command(name = "show", description = "Shows an account.")
    static final class Show extends OperatorScopedCommand {
        @Option(
                names = "--show-password",
                description = "With its password, which is null where only its HA1 is known.")
        private boolean password;

        @Parameters(paramLabel = "ACCOUNT", description = "Its id or its username.")
        private String name;

        @Override
        public void run() {
            withOperator(context -> output().one(row(context.account(name), password)));
        }
    }

    /** {@code account delete}. */
    @Command(name = "delete", description = "Deletes an account and its registrations.")
    static final class Delete extends OperatorScopedCommand {
        @Parameters(paramLabel = "ACCOUNT", description = "Its id or its username.")
        private String name;

        @Override
        public void run() {
            withOperator(context -> {
                var accounts = context.accounts();
                var account = context.account(name);
                accounts.delete(context.operatorId(), account.id(), Actor.commandLine());
                output().one(new Row().with("deleted", account.id()).with("username", account.username()));
            });
        }
    }

    /** {@code account export}. */
    @Command(
            name = "export",
            description = "Writes an operator's accounts as a CSV file that `account import` reads.",
            footerHeading = "%n",
            footer =
                    "A text that a spreadsheet would take for a formula has an apostrophe before it, and with --spreadsheet"
                            + " also one that it would take for a number or a date, such as 0101; the import takes it away.")
    static final class Export extends OperatorScopedCommand {
        @Option(names = "--customer", paramLabel = "ID", description = "Only this customer's.")
        private @Nullable String customer;

        @Option(
                names = "--spreadsheet",
                paramLabel = "LANGUAGE",
                description =
                        "For a spreadsheet that speaks this language, such as en or lt: with the separator that it"
                                + " expects, and a mark of its encoding.")
        private @Nullable String language;

        @Option(names = "--without-passwords", description = "Leave the passwords empty.")
        private boolean withoutPasswords;

        @Parameters(
                paramLabel = "FILE",
                description = "The file, which must not be there yet and which only you will be able to read,"
                        + " or - for the standard output.")
        private String file;

        @Override
        public void run() {
            withOperator(context -> {
                requireCustomer(context, customer);
                var count = new long[1];
                try (var writer = open()) {
                    AccountFile.write(
                            writer,
                            Optional.ofNullable(language).map(Locale::forLanguageTag),
                            line -> context.accounts()
                                    .forEach(context.operatorId(), Optional.ofNullable(customer), account -> {
                                        line.accept(
                                                account,
                                                withoutPasswords
                                                        ? Optional.empty()
                                                        : Optional.of(
                                                                account.secret().get()));
                                        count[0]++;
                                    }));
                } catch (FileAlreadyExistsException e) {
                    throw CommandException.refused("There is a file " + file + " already.");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                if (!file.equals("-")) {
                    output().one(new Row().with("accounts", count[0]).with("file", file));
                }
            });
        }

        private Writer open() throws IOException {
            if (file.equals("-")) {
                return new OutputStreamWriter(terminal().out(), StandardCharsets.UTF_8);
            }
            Files.createFile(
                    Path.of(file), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.newBufferedWriter(Path.of(file), StandardOpenOption.WRITE);
        }
    }
}
