package io.seatline.portal;

import static io.seatline.portal.AccountForm.PASSWORD;
import static io.seatline.portal.AccountForm.SETTINGS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.account.SipAccount;
import io.seatline.secret.Hashes;
import io.seatline.web.Fields;
import java.util.ArrayList;
import java.util.List;

/**
 * What a form was made from, which it carries and gives back. The version tells whether somebody else has changed the
 * account since, the settings tell what: so that a person's own changes can be told from what has only been standing in
 * the form, and each field that was not touched follows the account. Kept in the page and not on the server, it costs
 * nothing for forms that nobody sends.
 *
 * @param version the account's
 * @param passwordMark tells one password from another and says nothing of either
 * @param settings the account's, without its password
 */
record FormOrigin(String version, String passwordMark, AccountForm settings) {
    private static final String VERSION = "version";
    private static final String MARK = "password_mark";
    private static final int MARK_BYTES = 4;

    /**
     * A form's origin in {@code account} as it is.
     *
     * @param formToken the visitor's: marks of different sessions can't be compared
     */
    static FormOrigin of(SipAccount account, String formToken) {
        return new FormOrigin(Long.toString(account.version()), mark(account, formToken), AccountForm.of(account));
    }

    /** Short on purpose: from 32 bits nobody finds a password, and two of one account differ in them. */
    private static String mark(SipAccount account, String formToken) {
        var text = String.join(
                "\n",
                formToken,
                account.id().toString(),
                account.settings().secret().kept());
        return Hashes.mark(text.getBytes(UTF_8), MARK_BYTES);
    }

    /**
     * Reads what a form gives back. One that gives nothing back was made from nothing, and so everything has changed
     * since.
     */
    static FormOrigin parse(String encoded) {
        var fields = Fields.parse(encoded);
        return new FormOrigin(fields.raw(VERSION), fields.raw(MARK), AccountForm.read(fields));
    }

    /** The text that {@link #parse} reads. */
    String encoded() {
        return VERSION + "=" + version + "&" + MARK + "=" + passwordMark + "&" + settings.encoded();
    }

    /** The settings that are others in {@code present}. */
    List<String> changedIn(FormOrigin present) {
        var changed = new ArrayList<String>();
        if (!version.equals(present.version)) {
            for (var setting : SETTINGS) {
                if (setting.equals(PASSWORD)
                        ? !passwordMark.equals(present.passwordMark)
                        : settings.differs(present.settings, setting)) {
                    changed.add(setting);
                }
            }
        }
        return changed;
    }

    /** What was typed where the person changed something, and the account's present settings everywhere else. */
    AccountForm merged(AccountForm typed, FormOrigin present) {
        var merged = typed;
        for (var setting : SETTINGS) {
            if (!typed.differs(settings, setting)) {
                merged = merged.with(setting, present.settings.text(setting));
            }
        }
        return merged;
    }
}
