package io.seatline.cli.account;

import static java.util.Objects.requireNonNull;

import io.seatline.account.AccountFile;
import io.seatline.account.AccountImport;
import io.seatline.account.NewAccount;
import io.seatline.account.foreign.AccountFormat;
import io.seatline.account.foreign.ForeignImport;
import io.seatline.account.foreign.ForeignImport.Terms;
import io.seatline.audit.Actor;
import io.seatline.cli.command.CommandException;
import io.seatline.cli.command.OperatorScopedCommand;
import io.seatline.cli.command.Output.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code account import}. */
@Command(
        name = "import",
        description = {
            "Creates the accounts of a CSV file: all of them, or with anything wrong none.",
            "Other systems' files are read too, and what of them can't be kept is said."
        },
        footerHeading = "%n",
        footer = {
            "The first line names the columns; only customer_id must be there:",
            "  id, customer_id, username, password, ha1, realm, incoming_internal,",
            "  incoming_external, outgoing_internal, outgoing_external, on_demand,",
            "  caller_id_name, internal_caller_id, external_caller_id,",
            "  allow_external_calls, use_allowed_ips, allowed_ips, require_sha256",
            "An empty username or password is made. An account of which only the HA1",
            "is known has it and its realm instead of a password. `account export`",
            "writes such files. Cells are parted by commas, semicolons or tabs, as",
            "spreadsheets save them. An apostrophe before what a spreadsheet would take",
            "for a formula, a number or a date is no part of it.",
            "",
            "Accounts of other systems become one customer's:",
            "  pjsip     Asterisk's pjsip.conf",
            "  freepbx   extensions as FreePBX's Bulk Handler exports them",
            "  fusionpbx extensions as FusionPBX exports them",
            "  kamailio, opensips  the table subscriber as CSV with a header"
        })
final class AccountImportCommand extends OperatorScopedCommand {
    /** How many accounts a dry run shows. */
    private static final int SHOWN = 20;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Whose file it is: ${COMPLETION-CANDIDATES}. Seatline's own when left out.")
    private @Nullable AccountFormat format;

    @Option(names = "--customer", paramLabel = "ID", description = "With --format: the customer they become.")
    private @Nullable String customer;

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            description = "With --format: only the accounts of this domain, where the file has several.")
    private @Nullable String domain;

    @Option(
            names = "--keep-weak-passwords",
            description = "With --format: keep a password that is too weak here, as a hash with which the phone goes"
                    + " on, instead of refusing it.")
    private boolean keepWeakPasswords;

    @Option(names = "--dry-run", description = "Check everything, show the first accounts, and keep nothing.")
    private boolean dryRun;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            converter = Encoding.class,
            description =
                    "The file's encoding, such as windows-1257, where it is neither UTF-8 nor has a mark of its own.")
    private @Nullable Charset encoding;

    @Parameters(paramLabel = "FILE", description = "The file, or - for the standard input.")
    private String file;

    /** An encoding by its name, as Java knows it. */
    private static final class Encoding implements ITypeConverter<Charset> {
        @Override
        public Charset convert(String name) {
            try {
                return Charset.forName(name);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("there is no encoding " + name + "; there are windows-1252 (Western"
                        + " European), windows-1257 (Baltic), windows-1251 (Cyrillic) and many others");
            }
        }
    }

    @Override
    public void run() {
        if (format != null && customer == null) {
            throw wrongUsage("Say whose accounts they become: --customer ID.");
        }
        if (format == null && (customer != null || domain != null || keepWeakPasswords)) {
            throw wrongUsage(
                    "--customer, --domain and --keep-weak-passwords go with --format; a file of Seatline's names each"
                            + " account's customer.");
        }
        withOperator(context -> {
            AccountCommand.requireCustomer(context, customer);
            var foreign = Optional.ofNullable(format).map(other -> new ForeignImport(other, terms()));
            var first = new ArrayList<Row>();
            try (var bytes = open()) {
                var outcome = new AccountImport(
                                context.jdbi(), context.environment().accountPasswords())
                        .run(
                                rows -> read(bytes, foreign, remembering(first, rows)),
                                context.operatorId(),
                                Actor.commandLine(),
                                dryRun,
                                new Progress(this::say));
                foreign.ifPresent(read -> read.remarks().forEach(this::say));
                if (outcome.problemCount() > 0) {
                    throw CommandException.refused(explain(outcome));
                }
                if (dryRun && !forScript()) {
                    output().list(first);
                    if (outcome.accounts() > first.size()) {
                        say("and " + (outcome.accounts() - first.size()) + " more");
                    }
                }
                output().one(new Row().with("accounts", outcome.accounts()).with("kept", !dryRun));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Has what is read taken, and remembers the first few accounts. */
    private AccountFile.Rows remembering(List<Row> first, AccountFile.Rows rows) {
        return new AccountFile.Rows() {
            @Override
            public void account(long line, NewAccount account) {
                if (first.size() < SHOWN) {
                    var settings = account.settings();
                    first.add(new Row()
                            .with("line", line)
                            .with("customer_id", account.customerId())
                            .with("username", settings.username())
                            .with("caller_id_name", settings.callerIdName())
                            .with("internal_caller_id", settings.internalCallerId())
                            .with("external_caller_id", settings.externalCallerId()));
                }
                rows.account(line, account);
            }

            @Override
            public void problem(AccountFile.Problem problem) {
                rows.problem(problem);
            }
        };
    }

    private void read(InputStream bytes, Optional<ForeignImport> foreign, AccountFile.Rows rows) {
        var named = Optional.ofNullable(encoding);
        foreign.ifPresentOrElse(other -> other.read(bytes, named, rows), () -> AccountFile.read(bytes, named, rows));
    }

    private Terms terms() {
        var sip = terminal().config().sip();
        return new Terms(
                requireNonNull(customer),
                Optional.ofNullable(domain),
                keepWeakPasswords,
                sip.realm(),
                sip.moreRealms(),
                sip.digest().contains("MD5"));
    }

    private InputStream open() throws IOException {
        if (file.equals("-")) {
            return terminal().in();
        }
        if (!Files.isReadable(Path.of(file))) {
            throw CommandException.refused("There is no readable file " + file + ".");
        }
        return Files.newInputStream(Path.of(file));
    }

    private static String explain(AccountImport.RegisterOutcome outcome) {
        var more = outcome.problemCount() - outcome.problems().size();
        return outcome.problems().stream().map(AccountFile.Problem::toString).collect(Collectors.joining("\n"))
                + (more > 0 ? "\nand " + more + " more." : "")
                + "\nNothing was imported.";
    }

    /** A line on the terminal that a long import keeps up to date, or in a log one every ten seconds. */
    private static final class Progress implements LongConsumer {
        private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;

        private final Consumer<String> say;
        private final boolean terminal = Help.Ansi.AUTO.enabled();
        private long next = System.nanoTime() + NANOS_BETWEEN_LINES / 10;

        Progress(Consumer<String> say) {
            this.say = say;
        }

        @Override
        public void accept(long lines) {
            if (System.nanoTime() - next >= 0) {
                next = System.nanoTime() + (terminal ? NANOS_BETWEEN_LINES / 40 : NANOS_BETWEEN_LINES);
                say.accept((terminal ? "\u001b[1A\u001b[2K" : "") + "%,d lines read".formatted(lines));
            }
        }
    }
}
