package io.seatline.cli.account;

import io.seatline.account.SipAccount;
import io.seatline.cli.CommandContext;
import io.seatline.cli.CommandException;
import io.seatline.cli.Output.Row;
import io.seatline.customer.Customers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code account}: SIP accounts. */
@Command(
        name = "account",
        description = "SIP accounts.",
        mixinStandardHelpOptions = true,
        subcommands = {
            AccountCreateCommand.class,
            AccountListCommand.class,
            AccountShowCommand.class,
            AccountUpdateCommand.class,
            AccountDeleteCommand.class,
            AccountImportCommand.class,
            AccountExportCommand.class
        })
public final class AccountCommand {
    /** Refuses a customer that is not there, of whom there would be nothing to show. */
    static void requireCustomer(CommandContext context, @Nullable String customer) {
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
}
