package io.seatline.portal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.seatline.account.AccountSettings;
import io.seatline.account.AllowedIps;
import io.seatline.account.PhoneSecret;
import io.seatline.account.SipAccount;
import io.seatline.account.SipAccount.Recording;
import io.seatline.validation.Characters;
import io.seatline.web.Fields;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an account as they stand in a form.
 *
 * @param values texts as they were typed and {@code true} for a checked box, by the settings' names in the API; what is empty is
 *     not there
 */
public record AccountForm(Map<String, String> values) {
    static final String USERNAME = "username";
    static final String PASSWORD = "password";
    static final String CALLER_ID_NAME = "caller_id_name";
    static final String INTERNAL_CALLER_ID = "internal_caller_id";
    static final String EXTERNAL_CALLER_ID = "external_caller_id";
    static final String ALLOW_EXTERNAL_CALLS = "allow_external_calls";
    static final String USE_ALLOWED_IPS = "use_allowed_ips";
    static final String ALLOWED_IPS = "allowed_ips";
    static final String REQUIRE_SHA256 = "require_sha256";

    /** The switches of call recording. */
    static final List<String> RECORDING =
            List.of("incoming_internal", "incoming_external", "outgoing_internal", "outgoing_external", "on_demand");

    private static final List<String> SWITCHES = List.of(REQUIRE_SHA256, ALLOW_EXTERNAL_CALLS, USE_ALLOWED_IPS);

    /** All settings, in the order of the form. */
    static final List<String> SETTINGS = Stream.of(
                    Stream.of(
                            USERNAME,
                            PASSWORD,
                            REQUIRE_SHA256,
                            CALLER_ID_NAME,
                            INTERNAL_CALLER_ID,
                            EXTERNAL_CALLER_ID,
                            ALLOW_EXTERNAL_CALLS),
                    RECORDING.stream(),
                    Stream.of(USE_ALLOWED_IPS, ALLOWED_IPS))
            .flatMap(names -> names)
            .toList();

    private static final String ON = "true";

    /** Copies. */
    public AccountForm {
        values = Map.copyOf(values);
    }

    /** What was typed. */
    static AccountForm read(Fields fields) {
        var values = new HashMap<String, String>();
        for (var name : SETTINGS) {
            if (isSwitch(name) ? fields.checked(name) : !fields.raw(name).isEmpty()) {
                values.put(name, isSwitch(name) ? ON : fields.raw(name));
            }
        }
        return new AccountForm(values);
    }

    /** For a new account. */
    static AccountForm fresh() {
        return new AccountForm(Map.of(
                USERNAME, AccountSettings.generateUsername(),
                PASSWORD, AccountSettings.generatePassword()));
    }

    /** The settings of {@code account}, without its password: an empty one leaves it as it is. */
    static AccountForm of(SipAccount account) {
        var values = new HashMap<String, String>();
        values.put(USERNAME, account.username());
        values.put(REQUIRE_SHA256, shown(account.requireSha256()));
        values.put(CALLER_ID_NAME, Objects.requireNonNullElse(account.callerIdName(), ""));
        values.put(INTERNAL_CALLER_ID, shown(account.internalCallerId()));
        values.put(EXTERNAL_CALLER_ID, shown(account.externalCallerId()));
        values.put(ALLOW_EXTERNAL_CALLS, shown(account.allowExternalCalls()));
        var recording = account.recording();
        values.put("incoming_internal", shown(recording.incomingInternal()));
        values.put("incoming_external", shown(recording.incomingExternal()));
        values.put("outgoing_internal", shown(recording.outgoingInternal()));
        values.put("outgoing_external", shown(recording.outgoingExternal()));
        values.put("on_demand", shown(recording.onDemand()));
        values.put(USE_ALLOWED_IPS, shown(account.useAllowedIps()));
        values.put(ALLOWED_IPS, account.allowedIps().replace(',', '\n'));
        values.values().removeIf(String::isEmpty);
        return new AccountForm(values);
    }

    private static String shown(@Nullable Long number) {
        return number == null ? "" : Long.toString(number);
    }

    private static String shown(boolean on) {
        return on ? ON : "";
    }

    /** Whether a setting is on or off, and no text. */
    public static boolean isSwitch(String setting) {
        return RECORDING.contains(setting) || SWITCHES.contains(setting);
    }

    /** A text as it was typed. */
    public String text(String setting) {
        return values.getOrDefault(setting, "");
    }

    /** Whether a box is checked. */
    public boolean on(String setting) {
        return values.containsKey(setting);
    }

    /** The list as it would be stored. */
    public AllowedIps allowedIps() {
        return AllowedIps.parse(text(ALLOWED_IPS));
    }

    /** The same with another text. */
    AccountForm with(String setting, String text) {
        var changed = new HashMap<>(values);
        changed.put(setting, text);
        changed.values().removeIf(String::isEmpty);
        return new AccountForm(changed);
    }

    /** Whether a setting is another one than in {@code other}; how it is written does not matter. */
    boolean differs(AccountForm other, String setting) {
        return !meaning(setting).equals(other.meaning(setting));
    }

    private String meaning(String setting) {
        if (setting.equals(CALLER_ID_NAME)) {
            return Objects.requireNonNullElse(callerIdName(), "");
        }
        var text = text(setting).strip();
        if (!setting.equals(ALLOWED_IPS)) {
            return text;
        }
        var list = allowedIps();
        return list.problems().isEmpty() ? list.joined() : text;
    }

    /** The settings that this makes; {@code present} is the secret where no password was typed. What breaks their rules is among them. */
    AccountSettings settings(PhoneSecret present) {
        var password = text(PASSWORD).strip();
        return new AccountSettings(
                text(USERNAME).strip(),
                password.isEmpty() ? present : new PhoneSecret.Password(password),
                new Recording(
                        on("incoming_internal"),
                        on("incoming_external"),
                        on("outgoing_internal"),
                        on("outgoing_external"),
                        on("on_demand")),
                callerIdName(),
                callerId(INTERNAL_CALLER_ID),
                callerId(EXTERNAL_CALLER_ID),
                on(ALLOW_EXTERNAL_CALLS),
                on(USE_ALLOWED_IPS),
                allowedIps(),
                on(REQUIRE_SHA256));
    }

    private @Nullable String callerIdName() {
        var name = text(CALLER_ID_NAME).strip();
        return Characters.areInvisible(name) ? null : name;
    }

    private @Nullable Long callerId(String setting) {
        var text = text(setting).strip();
        return text.isEmpty() ? null : AccountSettings.callerId(text);
    }

    /** The form as a browser would send it. */
    String encoded() {
        return SETTINGS.stream()
                .filter(values::containsKey)
                .map(name -> name + "=" + URLEncoder.encode(text(name), UTF_8))
                .collect(joining("&"));
    }
}
