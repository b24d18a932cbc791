package io.seatline.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.secret.Hashes;
import io.seatline.validation.Violation;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an account's phones prove to know. */
public sealed interface PhoneSecret {
    /** Good in any realm, and with any algorithm. */
    record Password(String text) implements PhoneSecret {
        private static final Pattern RULE = Pattern.compile("[\\x21-\\x7e]{12,32}");

        @Override
        public List<Violation> violations(String account) {
            return RULE.matcher(text).matches()
                    ? List.of()
                    : List.of(new Violation(
                            "password",
                            AccountRule.PASSWORD_FORM,
                            "must be 12 to 32 printable ASCII characters without spaces"));
        }

        @Override
        public String toString() {
            return "Password[…]";
        }
    }

    /**
     * The MD5 of {@code username:realm:password} (RFC 7616 section 3.4.2): all that is known of a password that came
     * from elsewhere. Good with MD5 alone, for a phone that logs in with just that username, to that realm.
     *
     * @param hex 32 digits
     */
    record Ha1(String username, String realm, String hex) implements PhoneSecret {
        private static final Pattern REALM = Pattern.compile("[\\x20-\\x7e&&[^\"\\\\]]{1,64}");
        private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{32}");

        /** In small letters. */
        public Ha1 {
            hex = hex.toLowerCase(Locale.ROOT);
        }

        /** The one of a password. */
        public static Ha1 of(String username, String realm, String password) {
            var hash = Hashes.md5((username + ":" + realm + ":" + password).getBytes(UTF_8));
            return new Ha1(username, realm, HexFormat.of().formatHex(hash));
        }

        /** Whether it can be one. */
        public static boolean isHash(String hex) {
            return HASH.matcher(hex).matches();
        }

        /** Whether phones can be asked to log in to it. */
        public static boolean isRealm(String text) {
            return REALM.matcher(text).matches();
        }

        @Override
        public List<Violation> violations(String account) {
            return account.equals(username)
                    ? List.of()
                    : List.of(new Violation(
                            "username",
                            AccountRule.USERNAME_HASH,
                            "can't change while only the HA1 of its password is known, which is made with the username:"
                                    + " set a new password too"));
        }

        @Override
        public String toString() {
            return "Ha1[…]";
        }
    }

    /**
     * One that is kept sealed: opening costs something, so only what is shown or checked is opened.
     *
     * @param realm see {@link #realm}
     * @param open opens what is {@link #kept}
     */
    record Sealed(String username, @Nullable String realm, Supplier<String> open) implements PhoneSecret {
        @Override
        public PhoneSecret opened() {
            return realm == null ? new Password(open.get()) : new Ha1(username, realm, open.get());
        }

        @Override
        public List<Violation> violations(String account) {
            return opened().violations(account);
        }

        @Override
        public String toString() {
            return "Sealed[…]";
        }
    }

    /** What is wrong with it as the secret of the account with that username, if anything. */
    List<Violation> violations(String account);

    /** Itself, not sealed. */
    default PhoneSecret opened() {
        return this;
    }

    /** Whether phones that know the one know the other. */
    default boolean isSame(PhoneSecret other) {
        return equals(other) || opened().equals(other.opened());
    }

    /** The password, null where it is not known. */
    default @Nullable String password() {
        return opened() instanceof Password(var text) ? text : null;
    }

    /** The realm that a HA1 is bound to; null for a password. */
    default @Nullable String realm() {
        return switch (this) {
            case Password _ -> null;
            case Ha1 ha1 -> ha1.realm;
            case Sealed sealed -> sealed.realm;
        };
    }

    /** What is stored, sealed, beside the {@link #realm}. */
    default String kept() {
        return switch (this) {
            case Password(var text) -> text;
            case Ha1 ha1 -> ha1.hex();
            case Sealed sealed -> sealed.open.get();
        };
    }
}
