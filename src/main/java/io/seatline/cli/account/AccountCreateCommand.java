package io.seatline.cli.account;

import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.ALLOW_EXTERNAL_CALLS;
import static io.seatline.account.Setting.CALLER_ID_NAME;
import static io.seatline.account.Setting.EXTERNAL_CALLER_ID;
import static io.seatline.account.Setting.INTERNAL_CALLER_ID;
import static io.seatline.account.Setting.RECORDING;
import static io.seatline.account.Setting.REQUIRE_SHA256;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.NewAccount;
import io.seatline.account.PhoneSecret;
import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts.Creation;
import io.seatline.audit.Actor;
import io.seatline.cli.command.CommandException;
import io.seatline.cli.command.OperatorScopedCommand;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code account create}. */
@Command(name = "create", description = "Creates an account, if the customer's limit allows.")
final class AccountCreateCommand extends OperatorScopedCommand {
    @Option(names = "--customer", required = true, paramLabel = "ID", description = "The customer it belongs to.")
    private String customer;

    @Option(
            names = "--username",
            paramLabel = "TEXT",
            description = "1 to 64 of A-Z a-z 0-9 . _ + -, unique on this server in any letters; made when left out.")
    private @Nullable String username;

    @Option(
            names = "--password-stdin",
            description = "Read the password, 12 to 32 printable ASCII characters, from the standard input instead of"
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

    @Option(names = "--require-sha256", description = "Refuse MD5: a phone that can do nothing else can't register.")
    private boolean requireSha256;

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

    @Override
    public void run() {
        var recorded = record == null ? EnumSet.noneOf(Recorded.class) : record;
        var settings = AccountSettings.of(
                        username == null ? AccountSettings.generateUsername() : username,
                        new PhoneSecret.Password(
                                passwordStdin ? terminal().line() : AccountSettings.generatePassword()))
                .with(CALLER_ID_NAME, callerIdName)
                .with(INTERNAL_CALLER_ID, callerId(internalCallerId))
                .with(EXTERNAL_CALLER_ID, callerId(externalCallerId))
                .with(ALLOW_EXTERNAL_CALLS, allowExternalCalls)
                .with(USE_ALLOWED_IPS, allowedIps != null)
                .with(ALLOWED_IPS, AllowList.parse(allowedIps == null ? "" : allowedIps))
                .with(REQUIRE_SHA256, requireSha256);
        for (var calls : RECORDING) {
            settings = settings.with(
                    calls, recorded.stream().anyMatch(one -> one.name().equals(calls.name())));
        }
        var account = new NewAccount(UuidCreator.getTimeOrderedEpoch(), customer, settings);
        CommandException.refuse(account.violations());
        withOperator(context -> {
            var creation = context.accounts().create(context.operatorId(), account, Actor.commandLine());
            output().one(AccountCommand.row(created(creation), true));
        });
    }

    private static @Nullable Long callerId(@Nullable String text) {
        return text == null ? null : AccountSettings.callerId(text);
    }

    private SipAccount created(Creation creation) {
        return switch (creation) {
            case Creation.Created created -> created.account();
            case Creation.UsernameTaken() -> throw CommandException.refused("The username is taken: choose another.");
            case Creation.LimitReached(var limit) ->
                throw CommandException.refused(
                        "Customer " + customer + " has as many accounts as it may have (" + limit + ").");
            case Creation.NoCustomer() -> throw CommandException.notFound("There is no customer " + customer + ".");
        };
    }
}
