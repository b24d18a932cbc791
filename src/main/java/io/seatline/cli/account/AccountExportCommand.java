package io.seatline.cli.account;

import io.seatline.account.AccountFile;
import io.seatline.cli.command.CommandException;
import io.seatline.cli.command.OperatorScopedCommand;
import io.seatline.cli.command.Output.Row;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code account export}. */
@Command(
        name = "export",
        description = "Writes an operator's accounts as a CSV file that `account import` reads.",
        footerHeading = "%n",
        footer =
                "A text that a spreadsheet would take for a formula has an apostrophe before it, and with --spreadsheet"
                        + " also one that it would take for a number or a date, such as 0101; the import takes it away.")
final class AccountExportCommand extends OperatorScopedCommand {
    @Option(names = "--customer", paramLabel = "ID", description = "Only this customer's.")
    private @Nullable String customer;

    @Option(
            names = "--spreadsheet",
            paramLabel = "LANGUAGE",
            converter = Language.class,
            description = "For a spreadsheet that speaks this language, such as en or lt: with the separator that it"
                    + " expects, and a mark of its encoding.")
    private @Nullable Locale language;

    @Option(names = "--without-passwords", description = "Leave the passwords empty.")
    private boolean withoutPasswords;

    @Parameters(
            paramLabel = "FILE",
            description = "The file, which must not be there yet and which only you will be able to read,"
                    + " or - for the standard output.")
    private String file;

    /** A language by its code, of which the country may be a part: lt, de-CH. */
    private static final class Language implements ITypeConverter<Locale> {
        private static final Set<String> KNOWN = Set.of(Locale.getISOLanguages());

        @Override
        public Locale convert(String code) {
            var locale = Locale.forLanguageTag(code.replace('_', '-'));
            if (!KNOWN.contains(locale.getLanguage())) {
                throw new TypeConversionException(
                        "there is no language " + code + ": give its code, such as en, lt, lv or ru");
            }
            return locale;
        }
    }

    @Override
    public void run() {
        withOperator(context -> {
            AccountCommand.requireCustomer(context, customer);
            var count = new long[1];
            try (var writer = open()) {
                AccountFile.write(
                        writer,
                        Optional.ofNullable(language),
                        line -> context.accounts()
                                .forEach(context.operatorId(), Optional.ofNullable(customer), account -> {
                                    line.accept(
                                            account,
                                            withoutPasswords
                                                    ? Optional.empty()
                                                    : Optional.of(
                                                            account.settings().secret()));
                                    count[0]++;
                                }));
            } catch (FileAlreadyExistsException e) {
                throw CommandException.refused("There is a file " + file + " already.");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (!file.equals("-")) {
                output().one(new Row().with("accounts", count[0]).with("file", file));
            }
        });
    }

    private Writer open() throws IOException {
        if (file.equals("-")) {
            return new OutputStreamWriter(terminal().out(), StandardCharsets.UTF_8);
        }
        Files.createFile(
                Path.of(file), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.newBufferedWriter(Path.of(file), StandardOpenOption.WRITE);
    }
}
