package io.seatline.cli.registration;

import io.seatline.account.SipAccount;
import io.seatline.audit.Actor;
import io.seatline.cli.command.CommandContext;
import io.seatline.cli.command.CommandException;
import io.seatline.cli.command.OperatorScopedCommand;
import io.seatline.cli.command.Output.Row;
import io.seatline.jsonapi.Kind;
import io.seatline.listing.Scope;
import io.seatline.registration.BlockedSource;
import io.seatline.registration.Blocks;
import io.seatline.registration.Refusal;
import io.seatline.registration.Registration;
import io.seatline.registration.Registrations;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code registration}: the phones that are registered, and those that are not let in. */
@Command(
        name = "registration",
        description = "The phones that are registered, and those that are not let in.",
        mixinStandardHelpOptions = true,
        subcommands = {
            RegistrationCommand.ListRegistrations.class,
            RegistrationCommand.Kick.class,
            RegistrationCommand.Refused.class,
            RegistrationCommand.Blocked.class,
            RegistrationCommand.Unblock.class
        })
public final class RegistrationCommand {
    private static Registrations registrations(CommandContext context) {
        return new Registrations(context.jdbi());
    }

    private static Blocks blocks(CommandContext context) {
        return new Blocks(context.jdbi());
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** {@code registration list}. */
    @Command(
            name = "list",
            description = "Lists the registered phones of an operator, or of one account, the newest first.")
    static final class ListRegistrations extends OperatorScopedCommand {
        @Parameters(paramLabel = "ACCOUNT", arity = "0..1", description = "Only this one's: its id or its username.")
        private @Nullable String name;

        @Override
        public void run() {
            withOperator(context -> {
                var accountId = Optional.ofNullable(name)
                        .map(text -> context.account(text).id());
                var rows = new ArrayList<Row>();
                registrations(context)
                        .forEach(
                                Scope.operator(context.operatorId()),
                                accountId,
                                registration -> rows.add(forScript() ? row(registration) : brief(registration)));
                output().list(rows);
            });
        }

        private static Row row(Registration registration) {
            return new Row()
                    .with("id", registration.id())
                    .with("account_id", registration.accountId())
                    .with("username", registration.username())
                    .with("contact", registration.contact())
                    .with("source_address", registration.sourceAddress())
                    .with("source_port", registration.sourcePort())
                    .with("transport", registration.transport())
                    .with("user_agent", registration.userAgent())
                    .with("expires_at", seconds(registration.expiresAt()))
                    .with("expires_in", registration.expiresIn())
                    .with("first_seen_at", seconds(registration.firstSeenAt()))
                    .with("last_seen_at", seconds(registration.lastSeenAt()));
        }

        private static Row brief(Registration registration) {
            return new Row()
                    .with("id", registration.id())
                    .with("username", registration.username())
                    .with("contact", registration.contact())
                    .with("source", registration.sourceAddress())
                    .with("transport", registration.transport())
                    .with("user_agent", registration.userAgent())
                    .with("expires_in", registration.expiresIn() + " s");
        }
    }

    /** {@code registration kick}. */
    @Command(
            name = "kick",
            description = {
                "Ends one registration of an account, or all of them. The phone is offline at once, until it registers"
                        + " again: to keep it out, change the account's password or allow-list."
            })
    static final class Kick extends OperatorScopedCommand {
        @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its id or its username.")
        private String name;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "REGISTRATION",
                description = "The id or the contact of one; without it all of the account's end.")
        private @Nullable String registration;

        @Override
        public void run() {
            withOperator(context -> {
                var account = context.account(name);
                output().one(new Row().with("kicked", kicked(context, account)).with("username", account.username()));
            });
        }

        private long kicked(CommandContext context, SipAccount account) {
            var registrations = registrations(context);
            if (registration == null) {
                return registrations
                        .kickAll(Scope.operator(context.operatorId()), account.id(), Actor.commandLine())
                        .orElse(0);
            }
            if (!registrations.kick(
                    Scope.operator(context.operatorId()), account.id(), registration, Actor.commandLine())) {
                throw CommandException.notFound("Account " + account.username() + " has no registration " + registration
                        + " (`seatline registration list " + account.username() + "`).");
            }
            return 1;
        }
    }

    /** {@code registration refused}. */
    @Command(
            name = "refused",
            description = "Shows why registrations of an account were refused lately, the newest first.")
    static final class Refused extends OperatorScopedCommand {
        @Parameters(paramLabel = "ACCOUNT", description = "Its id or its username.")
        private String name;

        @Override
        public void run() {
            withOperator(context -> {
                var account = context.account(name);
                var refusals = registrations(context).refusals(Scope.operator(context.operatorId()), account.id());
                output().list(refusals.stream().map(this::row).toList());
                if (!forScript()) {
                    refusals.stream()
                            .map(Refusal::reason)
                            .distinct()
                            .forEach(reason -> say(reason.wireName() + ": " + reason.explanation()));
                }
            });
        }

        private Row row(Refusal refusal) {
            var row = new Row().with("reason", refusal.reason().wireName());
            if (forScript()) {
                row.with("explanation", refusal.reason().explanation());
            }
            return row.with("source_address", refusal.sourceAddress())
                    .with("source_port", refusal.sourcePort())
                    .with("transport", refusal.transport())
                    .with("user_agent", refusal.userAgent())
                    .with("times", refusal.times())
                    .with("first_seen_at", seconds(refusal.firstSeenAt()))
                    .with("last_seen_at", seconds(refusal.lastSeenAt()));
        }
    }

    /** {@code registration blocked}. */
    @Command(
            name = "blocked",
            description =
                    "Lists the sources that are blocked for an operator's accounts, because they failed too often.")
    static final class Blocked extends OperatorScopedCommand {
        @Override
        public void run() {
            withOperator(context -> output().list(blocks(context).all(Scope.operator(context.operatorId())).stream()
                    .map(this::row)
                    .toList()));
        }

        private Row row(BlockedSource blocked) {
            var row = new Row().with("id", blocked.id());
            if (forScript()) {
                row.with("account_id", blocked.accountId());
            }
            return row.with("username", blocked.username())
                    .with("source", blocked.source())
                    .with("blocked_at", seconds(blocked.blockedAt()))
                    .with("expires_at", seconds(blocked.expiresAt()));
        }
    }

    /** {@code registration unblock}. */
    @Command(name = "unblock", description = "Lets blocked sources in again, at once and on every node.")
    static final class Unblock extends OperatorScopedCommand {
        @ArgGroup(multiplicity = "1")
        private Which which;

        /** One block, those of an account, or all. */
        private static final class Which {
            @Parameters(
                    paramLabel = "ID|ACCOUNT",
                    description = "The id of one (`registration blocked` shows it), or the id or the username of an"
                            + " account, all of whose sources are let in.")
            private @Nullable String name;

            @Option(names = "--all", description = "All that are blocked for the operator's accounts.")
            private boolean all;
        }

        @Override
        public void run() {
            withOperator(context -> output().one(new Row().with("unblocked", unblocked(context))));
        }

        private long unblocked(CommandContext context) {
            var blocks = blocks(context);
            var name = which.name;
            if (which.all || name == null) {
                return blocks.unblockAll(Scope.operator(context.operatorId()), Actor.commandLine());
            }
            if (Kind.uuid(name)
                    .filter(id -> blocks.unblock(Scope.operator(context.operatorId()), id, Actor.commandLine()))
                    .isPresent()) {
                return 1;
            }
            return blocks.unblockAccount(
                    Scope.operator(context.operatorId()), context.account(name).id(), Actor.commandLine());
        }
    }
}
