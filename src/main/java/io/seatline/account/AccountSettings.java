package io.seatline.account;

import static io.seatline.account.Setting.ALL;
import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.ALLOW_EXTERNAL_CALLS;
import static io.seatline.account.Setting.CALLER_ID_NAME;
import static io.seatline.account.Setting.EXTERNAL_CALLER_ID;
import static io.seatline.account.Setting.INTERNAL_CALLER_ID;
import static io.seatline.account.Setting.REQUIRE_SHA256;
import static io.seatline.account.Setting.USERNAME;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;
import static java.util.Objects.requireNonNull;

import io.seatline.validation.Names;
import io.seatline.validation.Names.Fault;
import io.seatline.validation.Violation;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything about an account that its customer decides, and the rules for it.
 *
 * @param secret what its phones prove to know
 * @param values one for each of {@link Setting#ALL}
 */
public record AccountSettings(PhoneSecret secret, List<@Nullable Object> values) {
    private static final Pattern USERNAME_FORM = Pattern.compile("[A-Za-z0-9._+-]{1,64}");

    /** How many characters a caller ID name has at the most. */
    public static final int MAX_NAME = 128;

    /** Digits as the API shows them: a zero in front is part of what people dial, and no number could keep it. */
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

    /** What no extension or telephone number is. */
    private static final long NO_NUMBER = -1;

    /** The largest internal caller ID. */
    public static final long MAX_EXTENSION = 9_999_999_999L;

    /** The largest external caller ID. */
    public static final long MAX_PHONE = 999_999_999_999_999L;

    private static final String LOWER_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + LOWER_AND_DIGITS;
    private static final RandomGenerator RANDOM = new SecureRandom();

    public AccountSettings {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** The settings of an account of which only that is known. */
    public static AccountSettings of(String username, PhoneSecret secret) {
        return new AccountSettings(
                        secret,
                        ALL.stream().<@Nullable Object>map(Setting::usual).toList())
                .with(USERNAME, username);
    }

    /** The value of a setting. */
    @SuppressWarnings("unchecked") // with() lets nothing else in
    public <T extends @Nullable Object> T get(Setting<T> setting) {
        return (T) values.get(setting.index());
    }

    /** The same with another value of one setting. */
    public <T extends @Nullable Object> AccountSettings with(Setting<T> setting, T value) {
        var others = new ArrayList<@Nullable Object>(values);
        others.set(setting.index(), value);
        return new AccountSettings(secret, others);
    }

    /** The same with another secret. */
    public AccountSettings withSecret(PhoneSecret other) {
        return new AccountSettings(other, values);
    }

    /** See {@link Setting#USERNAME}. */
    public String username() {
        @Nullable String username = get(USERNAME);
        return requireNonNull(username);
    }

    /** See {@link Setting#CALLER_ID_NAME}. */
    public @Nullable String callerIdName() {
        return get(CALLER_ID_NAME);
    }

    /** See {@link Setting#INTERNAL_CALLER_ID}. */
    public @Nullable Long internalCallerId() {
        return get(INTERNAL_CALLER_ID);
    }

    /** See {@link Setting#EXTERNAL_CALLER_ID}. */
    public @Nullable Long externalCallerId() {
        return get(EXTERNAL_CALLER_ID);
    }

    /** See {@link Setting#ALLOW_EXTERNAL_CALLS}. */
    public boolean allowExternalCalls() {
        return get(ALLOW_EXTERNAL_CALLS);
    }

    /** See {@link Setting#USE_ALLOWED_IPS}. */
    public boolean useAllowedIps() {
        return get(USE_ALLOWED_IPS);
    }

    /** See {@link Setting#ALLOWED_IPS}. */
    public AllowList allowedIps() {
        return get(ALLOWED_IPS);
    }

    /** See {@link Setting#REQUIRE_SHA256}. */
    public boolean requireSha256() {
        return get(REQUIRE_SHA256);
    }

    /** Whether an account can have that username. */
    public static boolean isUsername(String text) {
        return USERNAME_FORM.matcher(text).matches();
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

    /**
     * Reads an extension or telephone number that somebody has written. What is none, such as one with a zero in front,
     * becomes a number that breaks the rules.
     */
    public static long callerId(String text) {
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : NO_NUMBER;
    }

    /** What breaks the rules, if anything. */
    public List<Violation> violations() {
        var violations = new ArrayList<Violation>();
        if (!isUsername(username())) {
            violations.add(
                    new Violation("username", AccountRule.USERNAME_FORM, "must be 1 to 64 of A-Z a-z 0-9 . _ + -"));
        }
        violations.addAll(secret.violations(username()));
        Optional.ofNullable(callerIdName())
                .flatMap(name -> Names.fault(name, MAX_NAME))
                .map(AccountSettings::nameViolation)
                .ifPresent(violations::add);
        number(
                violations,
                "internal_caller_id",
                AccountRule.INTERNAL_CALLER_ID_FORM,
                internalCallerId(),
                MAX_EXTENSION,
                "an extension of up to 10 digits, without leading zeros");
        number(
                violations,
                "external_caller_id",
                AccountRule.EXTERNAL_CALLER_ID_FORM,
                externalCallerId(),
                MAX_PHONE,
                "a phone number of up to 15 digits, without leading zeros");
        if (allowExternalCalls() && externalCallerId() == null) {
            violations.add(new Violation(
                    "allow_external_calls",
                    AccountRule.ALLOW_EXTERNAL_CALLS_CALLER_ID,
                    "needs an external_caller_id to call with"));
        }
        violations.addAll(allowedIps().problems());
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
                        "must be 1 to " + MAX_NAME
                                + " characters without control characters, at least one of them visible",
                        MAX_NAME);
            case LARGE ->
                new Violation(
                        "caller_id_name", AccountRule.CALLER_ID_NAME_LARGE, fault.message(MAX_NAME), Names.MAX_BYTES);
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
        return useAllowedIps() && allowedIps().isEmpty()
                ? List.of(new Violation(
                        "use_allowed_ips",
                        AccountRule.USE_ALLOWED_IPS_EMPTY,
                        "needs at least one address in allowed_ips: nobody could register"))
                : List.of();
    }

    /** The rule that SHA-256 is not required where only a hash of MD5 is known. */
    public List<Violation> unprovable() {
        return requireSha256() && secret.realm() != null
                ? List.of(new Violation(
                        "require_sha256",
                        AccountRule.REQUIRE_SHA256_HASH,
                        "needs a password: only its MD5 hash is known, by which SHA-256 can't be checked; set a new password"
                                + " first"))
                : List.of();
    }
}
