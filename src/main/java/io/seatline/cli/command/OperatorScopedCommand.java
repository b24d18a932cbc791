package io.seatline.cli.command;

import io.seatline.operator.Operator;
import io.seatline.operator.Operators;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that works with what one operator has. */
public abstract class OperatorScopedCommand extends DatabaseCommand {
    @Option(
            names = "--operator",
            paramLabel = "NAME",
            description = "The operator. May be left out while there is only one.")
    private @Nullable String operatorName;

    /** Does {@code work} with the database for the operator that is named, or the only one. */
    protected final void withOperator(Consumer<CommandContext> work) {
        withDatabase(environment -> work.accept(
                new CommandContext(environment, environment.database().jdbi().withHandle(this::operator))));
    }

    private Operator operator(Handle handle) {
        if (operatorName != null) {
            return CommandContext.operator(handle, operatorName);
        }
        var all = Operators.all(handle);
        if (all.size() == 1) {
            return all.getFirst();
        }
        throw all.isEmpty()
                ? CommandException.notFound("There is no operator yet: `seatline operator create NAME` makes one.")
                : CommandException.refused(
                        "There are several operators: say which with --operator NAME (`seatline operator list`).");
    }
}
