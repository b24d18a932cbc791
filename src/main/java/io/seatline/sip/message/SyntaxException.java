package io.seatline.sip.message;

/** A part of a message that can't be read. Says what is wrong in words of ours; costs no stack trace. */
final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    SyntaxException(String what) {
        super(what, null, false, false);
    }

    /** What is wrong, such as "a quoted string without its end". */
    String what() {
        return String.valueOf(getMessage());
    }
}
