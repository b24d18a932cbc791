package io.seatline.cli;

import io.seatline.account.SipAccount;
import io.seatline.audit.Actor;
import io.seatline.cli.Output.Row;
import io.seatline.cli.SeatlineCommand.Failed;
import io.seatline.environment.Environment;
import io.seatline.jsonapi.Kind;
import io.seatline.registration.BlockedSource;
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
import picocli.CommandLine.Mixin;
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
final class RegistrationCommand {
    private static Registrations registrations(Environment installation) {
        return new Registrations(installation.database().jdbi());
    }

    private static SipAccount account(Environment installation, int operatorId, String name) {
        return AccountCommand.find(AccountCommand.accounts(installation), operatorId, name);
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** {@code registration list}. */
    @Command(
            name = "list",
            description = "Lists the registered phones of an operator, or of one account, the newest first.",
            mixinStandardHelpOptions = true)
    static final class ListRegistrations implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @Parameters(paramLabel = "ACCOUNT", arity = "0..1", description = "Only this one's: its id or its username.")
        private @Nullable String name;

        @Override
        public void run() {
            work.with(installation -> {
                var operatorId = AccountCommand.operatorId(installation, operator);
                var accountId = Optional.ofNullable(name)
                        .map(text -> account(installation, operatorId, text).id());
                var rows = new ArrayList<Row>();
                registrations(installation)
                        .forEach(
                                operatorId,
                                accountId,
                                registration -> rows.add(work.forScript() ? row(registration) : brief(registration)));
                work.output().list(rows);
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
            },
            mixinStandardHelpOptions = true)
    static final class Kick implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its id or its username.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "REGISTRATION",
                description = "The id or the contact of one; without it all of the account's end.")
        private @Nullable String registration;

        @Override
        public void run() {
            work.with(installation -> {
                var operatorId = AccountCommand.operatorId(installation, operator);
                var account = account(installation, operatorId, name);
                work.output()
                        .one(new Row()
                                .with("kicked", kicked(installation, operatorId, account))
                                .with("username", account.username()));
            });
        }

        private long kicked(Environment installation, int operatorId, SipAccount account) {
            var registrations = registrations(installation);
            if (registration == null) {
                return registrations
                        .kickAll(operatorId, account.id(), Actor.commandLine())
                        .orElse(0);
            }
            if (!registrations.kick(operatorId, account.id(), registration, Actor.commandLine())) {
                throw new Failed(
                        SeatlineCommand.NOT_FOUND,
                        "Account " + account.username() + " has no registration " + registration
                                + " (`seatline registration list " + account.username() + "`).");
            }
            return 1;
        }
    }

    /** {@code registration refused}. */
    @Command(
            name = "refused",
            description = "Shows why registrations of an account were refused lately, the newest first.",
            mixinStandardHelpOptions = true)
    static final class Refused implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @Parameters(paramLabel = "ACCOUNT", description = "Its id or its username.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Override
        public void run() {
            work.with(installation -> {
                var account = account(installation, AccountCommand.operatorId(installation, operator), name);
                var refusals = registrations(installation).refusals(account.id());
                work.output().list(refusals.stream().map(this::row).toList());
                if (!work.forScript()) {
                    refusals.stream()
                            .map(Refusal::reason)
                            .distinct()
                            .forEach(reason -> work.say(reason.wireName() + ": " + reason.explanation()));
                }
            });
        }

        private Row row(Refusal refusal) {
            var row = new Row().with("reason", refusal.reason().wireName());
            if (work.forScript()) {
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
                    "Lists the sources that are blocked for an operator's accounts, because they failed too often.",
            mixinStandardHelpOptions = true)
    static final class Blocked implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @Override
        public void run() {
            work.with(installation -> work.output()
                    .list(
                            registrations(installation)
                                    .allBlocked(AccountCommand.operatorId(installation, operator))
                                    .stream()
                                    .map(this::row)
                                    .toList()));
        }

        private Row row(BlockedSource blocked) {
            var row = new Row().with("id", blocked.id());
            if (work.forScript()) {
                row.with("account_id", blocked.accountId());
            }
            return row.with("username", blocked.username())
                    .with("source", blocked.source())
                    .with("blocked_at", seconds(blocked.blockedAt()))
                    .with("expires_at", seconds(blocked.expiresAt()));
        }
    }

    /** {@code registration unblock}. */
    @Command(
            name = "unblock",
            description = "Lets blocked sources in again, at once and on every node.",
            mixinStandardHelpOptions = true)
    static final class Unblock implements Runnable {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work work;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Work.OfOperator operator;

        @ArgGroup(multiplicity = "1")
        @SuppressWarnings("NullAway.Init")
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
            work.with(installation -> work.output()
                    .one(new Row()
                            .with(
                                    "unblocked",
                                    unblocked(installation, AccountCommand.operatorId(installation, operator)))));
        }

        private long unblocked(Environment installation, int operatorId) {
            var registrations = registrations(installation);
            var name = which.name;
            if (which.all || name == null) {
                return registrations.unblockAll(operatorId, Actor.commandLine());
            }
            if (Kind.uuid(name)
                    .filter(id -> registrations.unblock(operatorId, id, Actor.commandLine()))
                    .isPresent()) {
                return 1;
            }
            return registrations.unblockAccount(
                    operatorId, account(installation, operatorId, name).id(), Actor.commandLine());
        }
    }
}
