package io.seatline.account;

import io.seatline.account.SipAccount.Recording;
import io.seatline.validation.Names;
import io.seatline.validation.Names.Fault;
import io.seatline.validation.Violation;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everything about an account that its customer decides, and the rules for it. */
public record AccountSettings(
        String username,
        PhoneSecret secret,
        Recording recording,
        @Nullable String callerIdName,
        @Nullable Long internalCallerId,
        @Nullable Long externalCallerId,
        boolean allowExternalCalls,
        boolean useAllowedIps,
        AllowedIps allowedIps,
        boolean requireSha256) {

    private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9._+-]{1,64}");

    /** How many characters a caller ID name has at the most. */
    public static final int MAXIMUM_NAME = 128;

    /** Digits as the API shows them: a zero in front is part of what people dial, and no number could keep it. */
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

    /** What no extension or telephone number is. */
    private static final long NO_NUMBER = -1;

    /** The largest internal caller ID. */
    public static final long MAXIMUM_EXTENSION = 9_999_999_999L;

    /** The largest external caller ID. */
    public static final long MAXIMUM_PHONE = 999_999_999_999_999L;

    private static final String LOWER_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + LOWER_AND_DIGITS;
    private static final RandomGenerator RANDOM = new SecureRandom();

    /** Whether an account can have that username. */
    public static boolean isUsername(String text) {
        return USERNAME.matcher(text).matches();
    }

    /** Ten of a-z and 0-9. */
    public static String generateUsername() {
        return random(10, LOWER_AND_DIGITS);
    }

    /** Twenty letters and digits: 119 bits, and every phone's keypad can enter it. */
    public static String generatePassword() {
        return random(20, ALPHANUMERIC);
    }

    private static String random(int length, String alphabet) {
        var text = new StringBuilder(length);
        for (var i = 0; i < length; i++) {
            text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** The settings that {@code account} has. */
    public static AccountSettings of(SipAccount account) {
        return new AccountSettings(
                account.username(),
                account.secret().get(),
                account.recording(),
                account.callerIdName(),
                account.internalCallerId(),
                account.externalCallerId(),
                account.allowExternalCalls(),
                account.useAllowedIps(),
                AllowedIps.parse(account.allowedIps()),
                account.requireSha256());
    }

    /** The same with another secret. */
    public AccountSettings withSecret(PhoneSecret other) {
        return new AccountSettings(
                username,
                other,
                recording,
                callerIdName,
                internalCallerId,
                externalCallerId,
                allowExternalCalls,
                useAllowedIps,
                allowedIps,
                requireSha256);
    }

    /** The same with another allow-list. */
    public AccountSettings withAllowList(boolean used, AllowedIps entries) {
        return new AccountSettings(
                username,
                secret,
                recording,
                callerIdName,
                internalCallerId,
                externalCallerId,
                allowExternalCalls,
                used,
                entries,
                requireSha256);
    }

    /** The same, but phones must prove the password with SHA-256, or need not. */
    public AccountSettings withRequireSha256(boolean required) {
        return new AccountSettings(
                username,
                secret,
                recording,
                callerIdName,
                internalCallerId,
                externalCallerId,
                allowExternalCalls,
                useAllowedIps,
                allowedIps,
                required);
    }

    /**
     * Reads an extension or telephone number that somebody has written. What is none, such as one with a zero in front, becomes a number
     * that breaks the rules.
     */
    public static long callerId(String text) {
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : NO_NUMBER;
    }

    /** What breaks the rules, if anything. */
    public List<Violation> violations() {
        var violations = new ArrayList<Violation>();
        if (!isUsername(username)) {
            violations.add(
                    new Violation("username", AccountRule.USERNAME_FORM, "must be 1 to 64 of A-Z a-z 0-9 . _ + -"));
        }
        violations.addAll(secret.violations(username));
        Optional.ofNullable(callerIdName)
                .flatMap(name -> Names.fault(name, MAXIMUM_NAME))
                .map(AccountSettings::nameViolation)
                .ifPresent(violations::add);
        number(
                violations,
                "internal_caller_id",
                AccountRule.INTERNAL_CALLER_ID_FORM,
                internalCallerId,
                MAXIMUM_EXTENSION,
                "an extension of up to 10 digits, without leading zeros");
        number(
                violations,
                "external_caller_id",
                AccountRule.EXTERNAL_CALLER_ID_FORM,
                externalCallerId,
                MAXIMUM_PHONE,
                "a phone number of up to 15 digits, without leading zeros");
        if (allowExternalCalls && externalCallerId == null) {
            violations.add(new Violation(
                    "allow_external_calls",
                    AccountRule.ALLOW_EXTERNAL_CALLS_CALLER_ID,
                    "needs an external_caller_id to call with"));
        }
        violations.addAll(allowedIps.problems());
        violations.addAll(closedToAll());
        violations.addAll(unprovable());
        return violations;
    }

    private static Violation nameViolation(Fault fault) {
        return switch (fault) {
            case BLANK, LONG, CONTROL ->
                new Violation(
                        "caller_id_name",
                        AccountRule.CALLER_ID_NAME_FORM,
                        "must be 1 to " + MAXIMUM_NAME
                                + " characters without control characters, at least one of them visible",
                        MAXIMUM_NAME);
            case LARGE ->
                new Violation(
                        "caller_id_name",
                        AccountRule.CALLER_ID_NAME_LARGE,
                        fault.message(MAXIMUM_NAME),
                        Names.MAXIMUM_BYTES);
        };
    }

    private static void number(
            List<Violation> violations,
            String attribute,
            AccountRule rule,
            @Nullable Long number,
            long most,
            String meaning) {
        if (number != null && (number < 0 || number > most)) {
            violations.add(new Violation(attribute, rule, "must be " + meaning));
        }
    }

    /** The rule that an account's list is not empty when it is used. */
    public List<Violation> closedToAll() {
        return useAllowedIps && allowedIps.entries().isEmpty()
                ? List.of(new Violation(
                        "use_allowed_ips",
                        AccountRule.USE_ALLOWED_IPS_EMPTY,
                        "needs at least one address in allowed_ips: nobody could register"))
                : List.of();
    }

    /** The rule that SHA-256 is not required where only a hash of MD5 is known. */
    public List<Violation> unprovable() {
        return requireSha256 && secret.realm() != null
                ? List.of(new Violation(
                        "require_sha256",
                        AccountRule.REQUIRE_SHA256_HASH,
                        "needs a password: only its MD5 hash is known, by which SHA-256 can't be checked; set a new password"
                                + " first"))
                : List.of();
    }
}
