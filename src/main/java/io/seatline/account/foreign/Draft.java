package io.seatline.account.foreign;

import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.CALLER_ID_NAME;
import static io.seatline.account.Setting.EXTERNAL_CALLER_ID;
import static io.seatline.account.Setting.INTERNAL_CALLER_ID;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;

import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.PhoneSecret;
import io.seatline.account.PhoneSecret.Ha1;
import io.seatline.account.Setting;
import io.seatline.validation.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One account while it is read: keeps what an account here can have, and remarks on what it can't. */
final class Draft {
    /** People part the digits of a number, and write what they dial before it in brackets. */
    private static final Pattern BETWEEN_DIGITS = Pattern.compile("[\\s\\p{Z}\\p{Pd}.()/]");

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private final long line;
    private final @Nullable String name;
    private final String username;
    private final Findings findings;
    private final List<String> problems = new ArrayList<>();
    private boolean leftOut;
    private AccountSettings settings;

    /**
     * Begins.
     *
     * @param name as the other system calls the account
     */
    Draft(long line, String name, String username, Findings findings) {
        this.line = line;
        this.username = username;
        this.settings = AccountSettings.of(username, new PhoneSecret.Password(""));
        this.findings = findings;
        if (AccountSettings.isUsername(username)) {
            this.name = name;
        } else {
            // it may be anything, and not only a username, that stands there in a file of another kind
            this.name = null;
            problem("the username must be 1 to 64 of A-Z a-z 0-9 . _ + -");
        }
    }

    void remark(String setting, String why) {
        findings.remark(line, name, setting, why);
    }

    void noCounterpart(String setting) {
        findings.noCounterpart(line, setting);
    }

    /** Says what keeps the account from being made, unless it is to be left out. */
    void problem(String message) {
        problems.add(message);
    }

    /** Remarks that there will be no such account. */
    void leaveOut(String setting, String why) {
        leftOut = true;
        remark(setting, why + ": left out");
    }

    void password(String setting, String text) {
        if (text.isEmpty()) {
            problem("there is no " + setting + ": nobody could log in");
        } else {
            settings = settings.withSecret(new PhoneSecret.Password(text));
        }
    }

    /**
     * Keeps the password where it can, since that is good in every realm, and the HA1 where phones log in with
     * something else or the password is not known.
     *
     * @param digits of the HA1; what is no MD5 hash is none
     */
    void credentials(String passwordSetting, String text, String ha1Setting, String digits, String realm) {
        if (digits.isEmpty() || (realm.isEmpty() && !text.isEmpty())) {
            password(passwordSetting, text);
        } else if (!Ha1.isHash(digits)) {
            if (text.isEmpty()) {
                problem("the " + ha1Setting + " must have 32 hexadecimal digits, and there is no " + passwordSetting);
            } else {
                remark(ha1Setting, "is no MD5 hash of 32 hexadecimal digits: the " + passwordSetting + " is kept");
                password(passwordSetting, text);
            }
        } else if (realm.isEmpty()) {
            problem("there is only an " + ha1Setting + ", and no domain that tells its realm");
        } else {
            var known = new Ha1(username, realm, digits);
            if (Ha1.of(username, realm, text).equals(known)) {
                password(passwordSetting, text);
            } else if (Ha1.isRealm(realm)) {
                settings = settings.withSecret(known);
                if (!text.isEmpty()) {
                    remark(passwordSetting, "does not make the " + ha1Setting + " beside it, which is kept instead");
                }
            } else {
                problem("the realm of the " + ha1Setting
                        + " can't be asked for: it is over 64 characters, or has others than"
                        + " printable ASCII, or quotes or backslashes");
            }
        }
    }

    void callerIdName(String setting, String text) {
        if (!text.isEmpty()) {
            Names.fault(text, AccountSettings.MAX_NAME)
                    .ifPresentOrElse(
                            fault -> remark(
                                    setting,
                                    "is no caller ID name here: it " + fault.message(AccountSettings.MAX_NAME)),
                            () -> settings = settings.with(CALLER_ID_NAME, text));
        }
    }

    /** Takes an extension number that was given as such, unless there is one already. */
    void internalCallerId(String setting, String text) {
        if (settings.internalCallerId() == null && !text.isEmpty()) {
            number(text, AccountSettings.MAX_EXTENSION)
                    .ifPresentOrElse(
                            number -> settings = settings.with(INTERNAL_CALLER_ID, number),
                            () -> remark(
                                    setting,
                                    "is no internal caller ID here: that has up to 10 digits, and no zero in front"));
        }
    }

    /** As {@link #internalCallerId}, of a name that may be a number or not. */
    void extension(String setting, String text) {
        if (DIGITS.matcher(text).matches()) {
            internalCallerId(setting, text);
        }
    }

    void externalCallerId(String setting, String text) {
        if (!text.isEmpty()) {
            number(text, AccountSettings.MAX_PHONE)
                    .ifPresentOrElse(
                            number -> settings = settings.with(EXTERNAL_CALLER_ID, number),
                            () -> remark(
                                    setting,
                                    "is no external caller ID here: that has up to 15 digits in the international form,"
                                            + " so no zero in front"));
        }
    }

    private static OptionalLong number(String text, long most) {
        var written = BETWEEN_DIGITS.matcher(text).replaceAll("");
        var number = AccountSettings.callerId(written.startsWith("+") ? written.substring(1) : written);
        return number < 0 || number > most ? OptionalLong.empty() : OptionalLong.of(number);
    }

    void access(String setting, AccessRules rules) {
        if (rules.unreadable()) {
            remark(setting, "has entries that are no IP address: they are left out of the allow-list");
        }
        if (rules.haveExceptions()) {
            problem(
                    "deny has exceptions from who is let in, and an allow-list has none, so that more would be let in here:"
                            + " deny all (0.0.0.0/0) first, then permit those who are meant");
        }
        if (rules.permitInVain()) {
            remark(setting, "restricts nobody, since nobody is denied: there is no allow-list");
        }
        if (rules.restrict()) {
            var list = AllowList.parse(rules.allowed());
            if (!list.problems().isEmpty()) {
                problem(setting + " " + list.problems().getFirst().message());
            } else if (list.isEmpty() && rules.unreadable()) {
                problem(setting + " permits no IP address that can be read: nobody could register");
            } else if (list.isEmpty()) {
                leaveOut(setting, "lets nobody register");
            }
            settings = settings.with(ALLOWED_IPS, list).with(USE_ALLOWED_IPS, true);
        }
    }

    /** Says whether calls of a kind are recorded. */
    void recording(Setting<Boolean> calls, boolean recorded) {
        settings = settings.with(calls, recorded);
    }

    /** Hands over the account or what is wrong with it. */
    void finish(@Nullable String domain) {
        if (leftOut) {
            return;
        }
        problems.forEach(message -> findings.problem(line, (name == null ? "" : name + ": ") + message));
        if (problems.isEmpty()) {
            findings.account(new ForeignAccount(line, settings, domain));
        }
    }
}
