package io.seatline.account.foreign;

import io.seatline.account.AllowedIps;
import io.seatline.account.SipAccount.Recording;
import io.seatline.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An account of another system, with what of it can be kept. It has either a password or an HA1. The username, the caller IDs and the
 * allow-list keep the rules for accounts here; the password is as it stands in the file.
 *
 * @param line of the file, from 1
 * @param domain that it belonged to, where the file tells it
 * @param allowedIps where it may register from; empty for anywhere
 */
public record ForeignAccount(
        long line,
        String username,
        @Nullable Secret password,
        @Nullable Ha1 ha1,
        @Nullable String domain,
        @Nullable String callerIdName,
        @Nullable Long internalCallerId,
        @Nullable Long externalCallerId,
        AllowedIps allowedIps,
        Recording recording) {

    /** Checks that there is one thing to log in with. */
    public ForeignAccount {
        if ((password == null) == (ha1 == null)) {
            throw new IllegalArgumentException("an account has either a password or an HA1");
        }
    }

    /**
     * MD5(username ":" realm ":" password) (RFC 7616 section 3.4.2), which is all that digest needs in that realm, and as secret as a
     * password.
     *
     * @param md5 32 hexadecimal digits, small
     */
    public record Ha1(String realm, Secret md5) {
        private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{32}");

        /** Checks the digits. */
        public Ha1 {
            if (!DIGITS.matcher(md5.value()).matches()) {
                throw new IllegalArgumentException("an HA1 has 32 hexadecimal digits");
            }
        }

        /** Whether a text is an MD5 hash in hexadecimal digits, large or small. */
        static boolean isMd5(String text) {
            return DIGITS.matcher(text.toLowerCase(Locale.ROOT)).matches();
        }

        static Ha1 of(String realm, String digits) {
            return new Ha1(realm, new Secret(digits.toLowerCase(Locale.ROOT)));
        }

        /** Whether this is what becomes of that password. */
        boolean isOf(String username, String password) {
            try {
                var text = (username + ":" + realm + ":" + password).getBytes(StandardCharsets.UTF_8);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("MD5").digest(text))
                        .equals(md5.value());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has MD5", e);
            }
        }
    }
}
