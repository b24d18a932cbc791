package io.seatline.account.foreign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.seatline.account.AccountFile.Problem;
import io.seatline.account.AccountSettings;
import io.seatline.account.Setting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was found in a file. */
final class Found implements ForeignRows {
    private final List<ForeignAccount> accounts = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private Found() {}

    /** Reads a sample of {@code src/test/resources/foreign}. */
    static Found inSample(AccountFormat format, String name) {
        try (var file = requireNonNull(Found.class.getResourceAsStream("/foreign/" + name), name)) {
            return in(format, file.readAllBytes(), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Found in(AccountFormat format, String text) {
        return in(format, text.getBytes(UTF_8), Optional.empty());
    }

    static Found in(AccountFormat format, byte[] file, Optional<Charset> encoding) {
        var found = new Found();
        format.read(new ByteArrayInputStream(file), encoding, found);
        return found;
    }

    @Override
    public void account(ForeignAccount account) {
        accounts.add(account);
    }

    @Override
    public void remark(Remark remark) {
        remarks.add(remark);
    }

    @Override
    public void problem(Problem problem) {
        problems.add(problem);
    }

    List<ForeignAccount> accounts() {
        return accounts;
    }

    AccountSettings settings(String username) {
        return account(username).settings();
    }

    /** Which calls of an account are recorded. */
    List<Setting<Boolean>> recorded(String username) {
        return Setting.RECORDING.stream().filter(settings(username)::get).toList();
    }

    ForeignAccount account(String username) {
        return accounts.stream()
                .filter(account -> account.settings().username().equals(username))
                .findFirst()
                .orElseThrow(() -> new AssertionError(username + " is not in " + accounts));
    }

    /** Usernames with passwords or HA1s. */
    List<String> logins() {
        return accounts.stream()
                .map(account -> account.settings().username() + " "
                        + (account.settings().secret().realm() == null
                                ? ""
                                : account.settings().secret().realm() + " ")
                        + account.settings().secret().kept())
                .toList();
    }

    List<String> problems() {
        return problems.stream().map(Problem::toString).toList();
    }

    List<Remark> remarks() {
        return remarks;
    }

    /** Whose setting is not kept, in the file's order. */
    List<String> notKept(String setting) {
        return remarks.stream()
                .filter(remark -> remark.setting().equals(setting))
                .map(remark -> String.valueOf(remark.account()))
                .toList();
    }

    List<String> summary() {
        var summary = new RemarkSummary();
        remarks.forEach(summary::add);
        return summary.lines();
    }

    /** All that is shown to somebody, or could come into a log. */
    String shown() {
        return accounts + "\n" + summary() + "\n" + remarks + "\n" + problems();
    }
}
