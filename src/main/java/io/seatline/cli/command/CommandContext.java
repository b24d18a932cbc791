package io.seatline.cli.command;

import io.seatline.account.SipAccount;
import io.seatline.account.SipAccounts;
import io.seatline.environment.Environment;
import io.seatline.jsonapi.Kind;
import io.seatline.operator.Operator;
import io.seatline.operator.Operators;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What a command works with while the database is open: everything in it that is this operator's. */
public record CommandContext(Environment environment, Operator operator) {
    /** The operator of that name. */
    public static Operator operator(Handle handle, String name) {
        return Operators.find(handle, name)
                .orElseThrow(() -> CommandException.notFound("There is no operator " + name + "."));
    }

    /** The operator's number in the database. */
    public int operatorId() {
        return operator.id();
    }

    /** The database. */
    public Jdbi jdbi() {
        return environment.database().jdbi();
    }

    /** The accounts, with their passwords. */
    public SipAccounts accounts() {
        return new SipAccounts(jdbi(), environment.accountPasswords());
    }

    /** The account that a person names by its id or its username. */
    public SipAccount account(String name) {
        var accounts = accounts();
        return Kind.uuid(name)
                .flatMap(id -> accounts.find(operatorId(), id, false))
                .or(() -> accounts.findByUsername(operatorId(), name))
                .orElseThrow(() -> CommandException.notFound("There is no account " + name + "."));
    }
}
