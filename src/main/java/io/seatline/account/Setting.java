package io.seatline.account;

import io.seatline.jsonapi.ResourceType;
import io.seatline.jsonapi.ResourceType.Attribute;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A setting of an account. What stands here is all that is said of it: the API's attributes, the audit, CSV files, the
 * command line, the portal's form and SQL are made from the list {@link #ALL}. A setting has one name: in the API, the
 * table, a file's header and the form.
 *
 * @param <T> what its values are
 */
public abstract sealed class Setting<T extends @Nullable Object> {
    private static final List<Setting<?>> DECLARED = new ArrayList<>();

    /** 1 to 64 of A-Z a-z 0-9 . _ + -, unique on the server in any letters. */
    public static final Setting<@Nullable String> USERNAME = new Text("username");

    /** Whether calls that come from inside are recorded. */
    public static final Setting<Boolean> INCOMING_INTERNAL = new Flag("incoming_internal");

    /** Whether calls that come from outside are recorded. */
    public static final Setting<Boolean> INCOMING_EXTERNAL = new Flag("incoming_external");

    /** Whether calls that go to the inside are recorded. */
    public static final Setting<Boolean> OUTGOING_INTERNAL = new Flag("outgoing_internal");

    /** Whether calls that go to the outside are recorded. */
    public static final Setting<Boolean> OUTGOING_EXTERNAL = new Flag("outgoing_external");

    /** Whether calls are recorded when the person on the phone asks for it. */
    public static final Setting<Boolean> ON_DEMAND = new Flag("on_demand");

    /** The name that others see. */
    public static final Setting<@Nullable String> CALLER_ID_NAME = new Text("caller_id_name");

    /** The extension number. */
    public static final Setting<@Nullable Long> INTERNAL_CALLER_ID = new Digits("internal_caller_id");

    /** The phone number shown outside. */
    public static final Setting<@Nullable Long> EXTERNAL_CALLER_ID = new Digits("external_caller_id");

    /** Whether it may call outside. */
    public static final Setting<Boolean> ALLOW_EXTERNAL_CALLS = new Flag("allow_external_calls");

    /** Whether its phones may register from {@link #ALLOWED_IPS} alone. */
    public static final Setting<Boolean> USE_ALLOWED_IPS = new Flag("use_allowed_ips");

    /** The addresses and blocks that its phones may register from. */
    public static final Setting<AllowList> ALLOWED_IPS = new Addresses("allowed_ips");

    /** Whether phones must prove the password with SHA-256, and MD5 is refused. */
    public static final Setting<Boolean> REQUIRE_SHA256 = new Flag("require_sha256");

    /** The switches of call recording. */
    public static final List<Setting<Boolean>> RECORDING =
            List.of(INCOMING_INTERNAL, INCOMING_EXTERNAL, OUTGOING_INTERNAL, OUTGOING_EXTERNAL, ON_DEMAND);

    /** Extensions of the contract, which the API shows by name alone: see docs/decisions/0018. */
    static final Set<Setting<?>> EXTENSIONS = Set.of(REQUIRE_SHA256);

    /** All settings but the secret, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.copyOf(DECLARED);

    /** Those that are about neither the login, nor recording, nor addresses: what others see, and whom one may call. */
    public static final List<Setting<?>> CALLS = ALL.stream()
            .filter(setting -> !RECORDING.contains(setting))
            .filter(setting -> !List.of(USERNAME, REQUIRE_SHA256, USE_ALLOWED_IPS, ALLOWED_IPS)
                    .contains(setting))
            .toList();

    private final String name;
    private final int index;
    private final T usual;

    private Setting(String name, T usual) {
        this.name = name;
        this.usual = usual;
        this.index = DECLARED.size();
        DECLARED.add(this);
    }

    /** Its one name. */
    public final String name() {
        return name;
    }

    /** Its place in {@link #ALL}. */
    final int index() {
        return index;
    }

    /** What it is where nobody has said anything. */
    public final T usual() {
        return usual;
    }

    /** As somebody reads it: a text, a number, a boolean or null. */
    public @Nullable Object shown(AccountSettings settings) {
        return settings.get(this);
    }

    /** As {@link #shown}, in a text, which is empty for null. */
    public final String text(AccountSettings settings) {
        return Objects.toString(shown(settings), "");
    }

    /**
     * What somebody has written. What breaks a rule of the settings is a value all the same, and is told by
     * {@link AccountSettings#violations()}.
     *
     * @param text not empty
     * @throws IllegalArgumentException when it can't be such a value at all; the message tells what it must be
     */
    public abstract T parse(String text);

    /** Whether it is on or off, and off where nobody has said anything. */
    public final boolean isFlag() {
        return this instanceof Flag;
    }

    /** Whether it is a number. */
    public final boolean isNumber() {
        return this instanceof Digits;
    }

    /** It on the wire. */
    abstract Attribute<SipAccount> attribute();

    /** The SQL expression that {@link #read} reads, of the table {@code a}. */
    String column() {
        return "a." + name;
    }

    abstract T read(ResultSet row, int column) throws SQLException;

    /** The SQL expression for the bound {@link #stored}. */
    String parameter() {
        return ":" + name;
    }

    @Nullable
    Object stored(AccountSettings settings) {
        return settings.get(this);
    }

    @Override
    public final String toString() {
        return name;
    }

    private static final class Text extends Setting<@Nullable String> {
        Text(String name) {
            super(name, null);
        }

        @Override
        public String parse(String text) {
            return text;
        }

        @Override
        Attribute<SipAccount> attribute() {
            return ResourceType.text(
                    name(), column(), account -> account.settings().get(this));
        }

        @Override
        @Nullable
        String read(ResultSet row, int column) throws SQLException {
            return row.getString(column);
        }
    }

    private static final class Flag extends Setting<Boolean> {
        Flag(String name) {
            super(name, false);
        }

        @Override
        public Boolean parse(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default ->
                    throw new IllegalArgumentException(
                            "must be true or false, in English: a spreadsheet writes them in its own language");
            };
        }

        @Override
        Attribute<SipAccount> attribute() {
            return ResourceType.flag(
                    name(), column(), account -> account.settings().get(this));
        }

        @Override
        Boolean read(ResultSet row, int column) throws SQLException {
            return row.getBoolean(column);
        }
    }

    /** A whole number that people dial, so that a zero in front counts and can't be kept. */
    private static final class Digits extends Setting<@Nullable Long> {
        Digits(String name) {
            super(name, null);
        }

        @Override
        public Long parse(String text) {
            return AccountSettings.callerId(text);
        }

        @Override
        Attribute<SipAccount> attribute() {
            return ResourceType.number(
                    name(), column(), account -> account.settings().get(this));
        }

        @Override
        @Nullable
        Long read(ResultSet row, int column) throws SQLException {
            var number = row.getLong(column);
            return row.wasNull() ? null : number;
        }
    }

    private static final class Addresses extends Setting<AllowList> {
        Addresses(String name) {
            super(name, AllowList.NONE);
        }

        @Override
        public String shown(AccountSettings settings) {
            return settings.get(this).toString();
        }

        @Override
        public AllowList parse(String text) {
            return AllowList.parse(text);
        }

        @Override
        Attribute<SipAccount> attribute() {
            return ResourceType.text(name(), column(), account -> shown(account.settings()));
        }

        @Override
        String column() {
            return "array_to_string(" + super.column() + ", ',')";
        }

        @Override
        AllowList read(ResultSet row, int column) throws SQLException {
            return AllowList.stored(row.getString(column));
        }

        @Override
        String parameter() {
            return super.parameter() + "::cidr[]";
        }

        @Override
        String stored(AccountSettings settings) {
            return "{" + shown(settings) + "}";
        }
    }
}
