package io.seatline.cli.account;

import io.seatline.audit.Actor;
import io.seatline.cli.command.OperatorScopedCommand;
import io.seatline.cli.command.Output.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code account delete}. */
@Command(name = "delete", description = "Deletes an account and its registrations.")
final class AccountDeleteCommand extends OperatorScopedCommand {
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
