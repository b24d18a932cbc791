package io.seatline.cli.account;

import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.REQUIRE_SHA256;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;

import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.PhoneSecret;
import io.seatline.account.SipAccount;
import io.seatline.audit.Actor;
import io.seatline.cli.command.CommandException;
import io.seatline.cli.command.OperatorScopedCommand;
import io.seatline.cli.command.Terminal;
import io.seatline.validation.Violation;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code account update}. */
@Command(
        name = "update",
        description = {
            "Changes an account's password, allow-list or digest; what is not given stays as it is.",
            "Phones that may not register any more are offline at once, all of them after a new password."
        })
final class AccountUpdateCommand extends OperatorScopedCommand {
    @ArgGroup
    private @Nullable NewPassword newPassword;

    @Option(
            names = "--allowed-ips",
            paramLabel = "LIST",
            description = "Addresses and blocks it may register from, separated by commas; empty for none."
                    + " They count where the list is used.")
    private @Nullable String allowedIps;

    @Option(
            names = "--use-allowed-ips",
            negatable = true,
            description = "Whether it may register from --allowed-ips only.")
    private @Nullable Boolean useAllowedIps;

    @Option(
            names = "--require-sha256",
            negatable = true,
            description = "Whether MD5 is refused: a phone that can do nothing else can't register then.")
    private @Nullable Boolean requireSha256;

    @Parameters(paramLabel = "ACCOUNT", description = "Its id or its username.")
    private String name;

    /** The ways to say a new password. */
    private static final class NewPassword {
        @Option(
                names = "--password",
                paramLabel = "TEXT",
                description = "The new password, 12 to 32 printable ASCII characters. Others on this machine may see"
                        + " it in the list of processes.")
        private @Nullable String text;

        @Option(names = "--password-stdin", description = "Read the new password from the standard input.")
        private boolean stdin;

        @Option(names = "--generate-password", description = "Make a new password, and print it.")
        private boolean generate;

        PhoneSecret get(Terminal terminal) {
            return new PhoneSecret.Password(
                    text != null ? text : stdin ? terminal.line() : AccountSettings.generatePassword());
        }
    }

    @Override
    public void run() {
        if (newPassword == null && allowedIps == null && useAllowedIps == null && requireSha256 == null) {
            throw wrongUsage("Say what to change: --password, --password-stdin, --generate-password, --allowed-ips,"
                    + " --use-allowed-ips or --require-sha256.");
        }
        var password = Optional.ofNullable(newPassword).map(given -> given.get(terminal()));
        var entries = Optional.ofNullable(allowedIps).map(AllowList::parse);
        var violations = new ArrayList<Violation>();
        password.ifPresent(secret -> violations.addAll(secret.violations(name)));
        entries.ifPresent(list -> violations.addAll(list.problems()));
        CommandException.refuse(violations);
        withOperator(context -> {
            var accounts = context.accounts();
            var found = context.account(name);
            var updated = accounts.update(
                            context.operatorId(),
                            found.id(),
                            false,
                            Actor.commandLine(),
                            account -> settings(account, entries, password))
                    .orElseThrow(() -> CommandException.notFound("There is no account " + name + " any more."));
            output().one(AccountCommand.row(updated, newPassword != null && newPassword.generate));
        });
    }

    private AccountSettings settings(SipAccount account, Optional<AllowList> entries, Optional<PhoneSecret> password) {
        var before = account.settings();
        var after = before.with(USE_ALLOWED_IPS, useAllowedIps == null ? before.useAllowedIps() : useAllowedIps)
                .with(ALLOWED_IPS, entries.orElse(before.allowedIps()))
                .with(REQUIRE_SHA256, requireSha256 == null ? before.requireSha256() : requireSha256)
                .withSecret(password.orElse(before.secret()));
        if (useAllowedIps != null || entries.isPresent()) {
            CommandException.refuse(after.closedToAll());
        }
        if (requireSha256 != null) {
            CommandException.refuse(after.unprovable());
        }
        return after;
    }
}
