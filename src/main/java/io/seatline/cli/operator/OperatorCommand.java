package io.seatline.cli.operator;

import io.seatline.account.AccountSettings;
import io.seatline.audit.Actor;
import io.seatline.cli.command.CommandContext;
import io.seatline.cli.command.CommandException;
import io.seatline.cli.command.DatabaseCommand;
import io.seatline.cli.command.OperatorScopedCommand;
import io.seatline.cli.command.Output.Row;
import io.seatline.cli.command.Terminal;
import io.seatline.operator.Credential;
import io.seatline.operator.Credentials;
import io.seatline.operator.Operator;
import io.seatline.operator.Operators;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code operator}: tenants and their credentials. */
@Command(
        name = "operator",
        description = "Operators, the tenants of this server, and the credentials their systems log in with.",
        mixinStandardHelpOptions = true,
        subcommands = {
            OperatorCommand.Create.class,
            OperatorCommand.ListOperators.class,
            OperatorCommand.Delete.class,
            OperatorCommand.CredentialCommand.class
        })
public final class OperatorCommand {
    /** How a new credential's username and password are given. */
    static final class NewPassword {
        @Option(
                names = "--password-stdin",
                description = "Read the password, 12 to 128 characters, from the standard input instead of making one.")
        private boolean stdin;

        String get(Terminal terminal) {
            return stdin ? read(terminal) : AccountSettings.generatePassword() + AccountSettings.generatePassword();
        }

        private static String read(Terminal terminal) {
            var line = terminal.line();
            Credential.passwordProblem(line).ifPresent(problem -> {
                throw CommandException.refused("The password on the standard input " + problem + ".");
            });
            return line;
        }

        /** Shows a credential, with its password only where nobody knows it yet. */
        Row row(Operator operator, String username, String password) {
            var row = new Row().with("operator", operator.name()).with("username", username);
            return stdin ? row : row.with("password", password);
        }
    }

    private static void add(Handle handle, Operator operator, String username, String password) {
        Credential.usernameProblem(username).ifPresent(problem -> {
            throw CommandException.refused("The username " + username + " can't be used: " + problem + ".");
        });
        if (!Credentials.add(handle, operator, username, password, Actor.commandLine())) {
            throw CommandException.refused("The username " + username + " is taken: choose another.");
        }
    }

    /** {@code operator create}. */
    @Command(
            name = "create",
            description = "Creates an operator with its first credential, and prints its password once.")
    static final class Create extends DatabaseCommand {
        @Mixin
        private NewPassword password;

        @Parameters(paramLabel = "NAME", description = "The operator's name, unique on this server.")
        private String name;

        @Option(names = "--username", paramLabel = "LOGIN", description = "What to log in with; default: the name.")
        private @Nullable String username;

        @Override
        public void run() {
            Operator.nameProblem(name).ifPresent(problem -> {
                throw CommandException.refused("The name " + problem + ".");
            });
            var login = username == null ? name : username;
            var secret = password.get(terminal());
            withDatabase(environment -> {
                var operator = environment.database().jdbi().inTransaction(handle -> {
                    var created = Operators.create(handle, name, Actor.commandLine())
                            .orElseThrow(() -> CommandException.refused("There is an operator " + name + " already."));
                    add(handle, created, login, secret);
                    return created;
                });
                output().one(password.row(operator, login, secret));
            });
        }
    }

    /** {@code operator list}. */
    @Command(name = "list", description = "Lists the operators.")
    static final class ListOperators extends DatabaseCommand {
        @Override
        public void run() {
            withDatabase(environment -> output().list(environment.database().jdbi().withHandle(Operators::all).stream()
                    .map(operator -> new Row().with("name", operator.name()).with("created", operator.createdAt()))
                    .toList()));
        }
    }

    /** {@code operator delete}. */
    @Command(name = "delete", description = "Deletes an operator with its credentials, customers and accounts.")
    static final class Delete extends DatabaseCommand {
        @Parameters(paramLabel = "NAME", description = "The operator's name.")
        private String name;

        @Option(names = "--yes", description = "Do it: everything that is the operator's own goes with it.")
        private boolean yes;

        @Override
        public void run() {
            if (!yes) {
                throw CommandException.refused("This deletes the operator " + name
                        + " with its credentials, customers and accounts: add --yes to do it.");
            }
            withDatabase(environment -> {
                environment
                        .database()
                        .jdbi()
                        .useTransaction(handle ->
                                Operators.delete(handle, CommandContext.operator(handle, name), Actor.commandLine()));
                output().one(new Row().with("deleted", name));
            });
        }
    }

    /** {@code operator credential}. */
    @Command(
            name = "credential",
            description = "What an operator's systems log in with. Every change counts at once on every node.",
            mixinStandardHelpOptions = true,
            subcommands = {AddCredential.class, ListCredentials.class, Rotate.class, Revoke.class})
    static final class CredentialCommand {}

    /** {@code operator credential add}. */
    @Command(name = "add", description = "Adds a credential, and prints its password once.")
    static final class AddCredential extends OperatorScopedCommand {
        @Mixin
        private NewPassword password;

        @Parameters(paramLabel = "LOGIN", description = "The username, unique on this server.")
        private String username;

        @Override
        public void run() {
            var secret = password.get(terminal());
            withOperator(context -> {
                context.jdbi().useTransaction(handle -> add(handle, context.operator(), username, secret));
                output().one(password.row(context.operator(), username, secret));
            });
        }
    }

    /** {@code operator credential list}. */
    @Command(name = "list", description = "Lists an operator's credentials.")
    static final class ListCredentials extends OperatorScopedCommand {
        @Override
        public void run() {
            withOperator(context -> output().list(
                            context.jdbi().withHandle(handle -> Credentials.of(handle, context.operator())).stream()
                                    .map(credential -> new Row()
                                            .with("operator", credential.operator())
                                            .with("username", credential.username())
                                            .with("created", credential.createdAt())
                                            .with("changed", credential.changedAt()))
                                    .toList()));
        }
    }

    /** {@code operator credential rotate}. */
    @Command(
            name = "rotate",
            description = "Gives a credential a new password, and prints it once; the old one ends at once.")
    static final class Rotate extends DatabaseCommand {
        @Mixin
        private NewPassword password;

        @Parameters(paramLabel = "LOGIN", description = "The credential's username.")
        private String username;

        @Override
        public void run() {
            var secret = password.get(terminal());
            withDatabase(environment -> {
                if (!environment
                        .database()
                        .jdbi()
                        .inTransaction(handle -> Credentials.rotate(handle, username, secret, Actor.commandLine()))) {
                    throw CommandException.notFound("There is no credential " + username + ".");
                }
                var row = new Row().with("username", username);
                output().one(password.stdin ? row : row.with("password", secret));
            });
        }
    }

    /** {@code operator credential revoke}. */
    @Command(name = "revoke", description = "Takes a credential away: it is refused from now on, on every node.")
    static final class Revoke extends DatabaseCommand {
        @Parameters(paramLabel = "LOGIN", description = "The credential's username.")
        private String username;

        @Override
        public void run() {
            withDatabase(environment -> {
                if (!environment
                        .database()
                        .jdbi()
                        .inTransaction(handle -> Credentials.revoke(handle, username, Actor.commandLine()))) {
                    throw CommandException.notFound("There is no credential " + username + ".");
                }
                output().one(new Row().with("revoked", username));
            });
        }
    }
}
