package io.seatline.cli.account;

import io.seatline.cli.command.OperatorScopedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code account show}. */
@Command(name = "show", description = "Shows an account.")
final class AccountShowCommand extends OperatorScopedCommand {
    @Option(names = "--show-password", description = "With its password, which is null where only its HA1 is known.")
    private boolean password;

    @Parameters(paramLabel = "ACCOUNT", description = "Its id or its username.")
    private String name;

    @Override
    public void run() {
        withOperator(context -> output().one(AccountCommand.row(context.account(name), password)));
    }
}
