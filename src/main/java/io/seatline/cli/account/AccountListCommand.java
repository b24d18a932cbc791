package io.seatline.cli.account;

import io.seatline.account.SipAccount;
import io.seatline.cli.command.OperatorScopedCommand;
import io.seatline.cli.command.Output.Row;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code account list}. */
@Command(name = "list", description = "Lists an operator's accounts, or one customer's, without passwords.")
final class AccountListCommand extends OperatorScopedCommand {
    @Option(names = "--customer", paramLabel = "ID", description = "Only this customer's.")
    private @Nullable String customer;

    @Override
    public void run() {
        withOperator(context -> {
            AccountCommand.requireCustomer(context, customer);
            var rows = new ArrayList<Row>();
            context.accounts()
                    .forEach(
                            context.operatorId(),
                            Optional.ofNullable(customer),
                            account -> rows.add(forScript() ? AccountCommand.row(account, false) : brief(account)));
            output().list(rows);
        });
    }

    /** What fits on a terminal's line. */
    private static Row brief(SipAccount account) {
        return new Row()
                .with("id", account.id())
                .with("customer_id", account.customerId())
                .with("username", account.username())
                .with("caller_id_name", account.settings().callerIdName())
                .with("is_online", account.phone().online())
                .with(
                        "allowed_ips",
                        account.settings().useAllowedIps()
                                ? account.settings().allowedIps().toString()
                                : "any");
    }
}
