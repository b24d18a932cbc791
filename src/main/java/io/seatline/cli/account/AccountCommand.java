package io.seatline.cli.account;

import io.seatline.account.Setting;
import io.seatline.account.SipAccount;
import io.seatline.cli.command.CommandContext;
import io.seatline.cli.command.CommandException;
import io.seatline.cli.command.Output.Row;
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
            row.with("password", account.settings().secret().password());
        }
        row.with("ha1_realm", account.settings().secret().realm());
        for (var setting : Setting.ALL) {
            if (setting == Setting.USE_ALLOWED_IPS) {
                row.with("is_online", account.phone().online())
                        .with("user_agent", account.phone().userAgent());
            }
            if (setting != Setting.USERNAME) {
                row.with(setting.name(), setting.shown(account.settings()));
            }
        }
        return row;
    }
}
