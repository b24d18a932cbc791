package io.seatline.portal;

import static io.seatline.account.Setting.ALL;
import static io.seatline.account.Setting.CALLER_ID_NAME;
import static io.seatline.account.Setting.CALLS;
import static io.seatline.account.Setting.RECORDING;
import static io.seatline.account.Setting.REQUIRE_SHA256;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.PhoneSecret;
import io.seatline.account.Setting;
import io.seatline.account.SipAccount;
import io.seatline.validation.Characters;
import io.seatline.web.Fields;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an account as they stand in a form.
 *
 * @param values texts as they were typed and {@code true} for a checked box, by the settings' names in the API; what is
 *     empty is not there
 */
public record AccountForm(Map<String, String> values) {
    static final String USERNAME = Setting.USERNAME.name();
    static final String PASSWORD = "password";
    static final String ALLOWED_IPS = Setting.ALLOWED_IPS.name();

    /** All settings, in the order of the form. */
    static final List<String> SETTINGS = Stream.of(
                    Stream.of(USERNAME, PASSWORD, REQUIRE_SHA256.name()),
                    Stream.of(CALLS, RECORDING, List.of(USE_ALLOWED_IPS, Setting.ALLOWED_IPS))
                            .flatMap(List::stream)
                            .map(Setting::name))
            .flatMap(names -> names)
            .toList();

    private static final Set<String> SWITCHES =
            ALL.stream().filter(Setting::isFlag).map(Setting::name).collect(toSet());

    private static final String ON = "true";

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
        ALL.forEach(setting -> values.put(setting.name(), setting.text(account.settings())));
        values.computeIfPresent(ALLOWED_IPS, (_, list) -> list.replace(',', '\n'));
        values.entrySet()
                .removeIf(setting -> isSwitch(setting.getKey())
                        ? !setting.getValue().equals(ON)
                        : setting.getValue().isEmpty());
        return new AccountForm(values);
    }

    /** Whether a setting is on or off, and no text. */
    public static boolean isSwitch(String setting) {
        return SWITCHES.contains(setting);
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
    public AllowList allowedIps() {
        return AllowList.parse(text(ALLOWED_IPS));
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
        if (setting.equals(ALLOWED_IPS) && allowedIps().problems().isEmpty()) {
            return allowedIps().toString();
        }
        var text = text(setting).strip();
        return setting.equals(CALLER_ID_NAME.name()) && Characters.areInvisible(text) ? "" : text;
    }

    /**
     * The settings that this makes; {@code present} is the secret where no password was typed. What breaks their rules
     * is among them.
     */
    AccountSettings settings(PhoneSecret present) {
        var password = text(PASSWORD).strip();
        var settings = AccountSettings.of(
                text(USERNAME).strip(), password.isEmpty() ? present : new PhoneSecret.Password(password));
        for (var setting : ALL) {
            settings = setting == Setting.USERNAME ? settings : read(settings, setting);
        }
        return settings;
    }

    private <T extends @Nullable Object> AccountSettings read(AccountSettings settings, Setting<T> setting) {
        var meaning = meaning(setting.name());
        return meaning.isEmpty() ? settings : settings.with(setting, setting.parse(meaning));
    }

    /** The form as a browser would send it. */
    String encoded() {
        return SETTINGS.stream()
                .filter(values::containsKey)
                .map(name -> name + "=" + URLEncoder.encode(text(name), UTF_8))
                .collect(joining("&"));
    }
}
