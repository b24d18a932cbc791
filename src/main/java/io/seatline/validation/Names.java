package io.seatline.validation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/** The rules for a text that people call something by. */
public final class Names {
    /**
     * How much a name takes in UTF-8 at the most. Names are in indexes, and PostgreSQL has room for some 2,700 bytes in
     * an entry; and a character may be made of any number of code points.
     */
    public static final int MAX_BYTES = 2048;

    /** What is wrong with a text as a name. */
    public enum Fault {
        /** There is nothing to be seen. */
        BLANK,
        /** It has too many characters. */
        LONG,
        /** It has a control character, such as a line break. */
        CONTROL,
        /** It takes more than {@link #MAX_BYTES}, with however few characters. */
        LARGE;

        /** What a name of {@code most} characters at the most must be instead. */
        public String message(int most) {
            return switch (this) {
                case BLANK -> "can't be blank";
                case LONG -> "must be at most " + most + " characters long";
                case CONTROL -> "must not have control characters";
                case LARGE -> "must take at most " + MAX_BYTES + " bytes in UTF-8";
            };
        }
    }

    private Names() {}

    /** What is wrong with {@code text}, if anything, as a name of {@code most} characters at the most. */
    public static Optional<Fault> fault(String text, int most) {
        return Characters.areInvisible(text)
                ? Optional.of(Fault.BLANK)
                : Characters.count(text, most) > most
                        ? Optional.of(Fault.LONG)
                        : text.chars().anyMatch(Character::isISOControl)
                                ? Optional.of(Fault.CONTROL)
                                : text.getBytes(UTF_8).length > MAX_BYTES ? Optional.of(Fault.LARGE) : Optional.empty();
    }
}
