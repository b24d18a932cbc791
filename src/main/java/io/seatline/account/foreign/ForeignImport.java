package io.seatline.account.foreign;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.account.AccountFile;
import io.seatline.account.AccountFile.Problem;
import io.seatline.account.NewAccount;
import io.seatline.account.PhoneSecret;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes accounts of one customer's from another system's file, and remembers what of it can't be kept. */
public final class ForeignImport {
    /** How many of the file's domains are told where the one that is meant is none of them. */
    private static final int NAMED = 10;

    /** What is none of these is a name like Asterisk's, which no phone registers to. */
    private static final Pattern DOMAIN = Pattern.compile("[.:]");

    private final AccountFormat format;
    private final Terms terms;
    private final RemarkSummary remarks = new RemarkSummary();

    /**
     * What an operator says of the accounts, and where their phones will register.
     *
     * @param customerId whose they become
     * @param domain the only one whose accounts are meant; empty for all that the file has
     * @param keepsWeakPasswords whether a password that breaks the rules is kept as a hash, instead of being refused
     * @param realm what phones are asked for here
     * @param moreRealms domains whose phones are asked for just that
     * @param takesMd5 whether phones may use MD5, without which a hash is good for nothing
     */
    public record Terms(
            String customerId,
            Optional<String> domain,
            boolean keepsWeakPasswords,
            String realm,
            List<String> moreRealms,
            boolean takesMd5) {
        public Terms {
            moreRealms = List.copyOf(moreRealms);
        }
    }

    /** For files of that format. */
    public ForeignImport(AccountFormat format, Terms terms) {
        this.format = format;
        this.terms = terms;
    }

    /**
     * Reads a file from end to end.
     *
     * @param encoding of a file that does not tell it; UTF-8 when it is empty
     * @throws java.io.UncheckedIOException when it can't be read at all
     */
    public void read(InputStream file, Optional<Charset> encoding, AccountFile.Rows rows) {
        var domains = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        format.read(file, encoding, new ForeignRows() {
            @Override
            public void account(ForeignAccount account) {
                Optional.ofNullable(account.domain()).ifPresent(domains::add);
                if (terms.domain().isEmpty() || terms.domain().get().equalsIgnoreCase(account.domain())) {
                    take(account, rows);
                }
            }

            @Override
            public void remark(Remark remark) {
                remarks.add(remark);
            }

            @Override
            public void problem(Problem problem) {
                rows.problem(problem);
            }
        });
        terms.domain()
                .filter(domain -> !domains.contains(domain))
                .ifPresent(domain -> rows.problem(new Problem(
                        1,
                        null,
                        "no account here is of the domain " + domain + ": "
                                + (domains.isEmpty()
                                        ? "none names its domain"
                                        : "there are "
                                                + domains.stream().limit(NAMED).collect(Collectors.joining(", "))
                                                + (domains.size() > NAMED ? ", …" : "")))));
    }

    /** What can't be kept, a line for each kind. */
    public List<String> remarks() {
        return remarks.lines();
    }

    private void take(ForeignAccount account, AccountFile.Rows rows) {
        var given = account.settings().secret();
        var weak = given instanceof PhoneSecret.Password
                && !given.violations(account.settings().username()).isEmpty();
        if (weak && !terms.keepsWeakPasswords()) {
            rows.problem(new Problem(
                    account.line(),
                    null,
                    account.settings().username()
                            + ": the password must be 12 to 32 printable ASCII characters without spaces; with"
                            + " --keep-weak-passwords the phone may go on with it until there is a new one"));
            return;
        }
        var secret = weak ? hash(account, given.kept()) : given;
        if (secret instanceof PhoneSecret.Ha1 ha1) {
            checkRealm(account, ha1.realm());
        }
        rows.account(
                account.line(),
                new NewAccount(
                        UuidCreator.getTimeOrderedEpoch(),
                        terms.customerId(),
                        account.settings().withSecret(secret)));
    }

    private PhoneSecret hash(ForeignAccount account, String password) {
        remark(
                account,
                "password",
                "is too weak to be kept: its hash is, with which the phone registers until there is a new one");
        // the domain is what its phone registers to, and so what it can be asked for
        var realm = Optional.ofNullable(account.domain()).filter(PhoneSecret.Ha1::isRealm);
        return PhoneSecret.Ha1.of(account.settings().username(), realm.orElse(terms.realm()), password);
    }

    private void checkRealm(ForeignAccount account, String realm) {
        if (!terms.takesMd5()) {
            remark(account, "HA1", "is a hash of MD5: its phone can't register while sip.digest has no MD5");
        }
        if (!realm.equals(terms.realm()) && !terms.moreRealms().contains(realm)) {
            remark(
                    account,
                    "realm",
                    "phones are not asked for " + realm + " here: they can't register until it is "
                            + (DOMAIN.matcher(realm).find()
                                    ? "in sip.realms (where it is the domain they register to) or is sip.realm"
                                    : "sip.realm, for it is no domain that they register to"));
        }
    }

    private void remark(ForeignAccount account, String setting, String why) {
        remarks.add(new Remark(account.line(), account.settings().username(), setting, why));
    }
}
