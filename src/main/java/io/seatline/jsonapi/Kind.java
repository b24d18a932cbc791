package io.seatline.jsonapi;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The kind of value that an attribute has and a filter takes. */
public enum Kind {
    /** Any text. */
    STRING {
        @Override
        Optional<Object> read(String text) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
    },
    /** A whole number of up to 18 digits: extension and telephone numbers, of which none has a zero in front. */
    INTEGER {
        @Override
        Optional<Object> read(String text) {
            return DIGITS.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
        }

        @Override
        String hint(String text) {
            return LEADING_ZEROS.matcher(text).matches() ? ": numbers have no leading zeros" : "";
        }
    },
    /** {@code true} or {@code false}. */
    BOOLEAN {
        @Override
        Optional<Object> read(String text) {
            return flag(text);
        }
    },
    /** {@code true} or {@code false}, of an SQL condition that the database plans for either way. */
    CONDITION {
        @Override
        Optional<Object> read(String text) {
            return flag(text);
        }
    },
    /** A text that is part of another, in whatever letters; a condition has one. */
    CONTAINED {
        @Override
        Optional<Object> read(String text) {
            return STRING.read(text);
        }
    },
    /** A server-made id. A text of another form identifies nothing, which is not an error. */
    UUID {
        @Override
        Optional<Object> read(String text) {
            return uuid(text).map(id -> id);
        }

        @Override
        boolean refusesJunk() {
            return false;
        }
    };

    private static final Pattern DIGITS = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern LEADING_ZEROS = Pattern.compile("-?0[0-9]+");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private static Optional<Object> flag(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** The value as the database takes it, or empty when the text is not of this kind, or nothing at all. */
    abstract Optional<Object> read(String text);

    /** Whether a text that is not of this kind is an error, and not just one that nothing matches. */
    boolean refusesJunk() {
        return true;
    }

    /** What helps with a text that is not of this kind, to be put behind what is said of it; or nothing. */
    String hint(String text) {
        return "";
    }

    /** A UUID (RFC 9562 section 4), in capitals or not; the API shows it without. Empty for anything else. */
    public static Optional<UUID> uuid(String text) {
        return UUID_TEXT.matcher(text).matches() ? Optional.of(java.util.UUID.fromString(text)) : Optional.empty();
    }
}
