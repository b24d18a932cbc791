package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What an answer copies of its request (RFC 3261 section 8.2.6.2): all Vias in their order, From, To, Call-ID and CSeq,
 * as sent but unfolded. A copy: nothing of the request's bytes is kept. Of the topmost Via {@code received} and
 * {@code rport} are left out, because the answer says there what the transport knows.
 */
public final class ResponseHeaders {
    private final byte[] lines;
    private final int length;
    private final int sentByEnd;
    private final Via via;
    private final boolean toNeedsTag;

    /**
     * @param lines what is copied, up to {@code length}: To last, and the last without its line end
     * @param sentByEnd behind the topmost Via's sent-by, where received and rport go
     * @param toNeedsTag whether there is a To, and without a tag
     */
    ResponseHeaders(byte[] lines, int length, int sentByEnd, Via via, boolean toNeedsTag) {
        this.lines = lines;
        this.length = length;
        this.sentByEnd = sentByEnd;
        this.via = via;
        this.toNeedsTag = toNeedsTag;
    }

    byte[] lines() {
        return lines;
    }

    int length() {
        return length;
    }

    int sentByEnd() {
        return sentByEnd;
    }

    /** The topmost Via. */
    public Via via() {
        return via;
    }

    boolean toNeedsTag() {
        return toNeedsTag;
    }

    @Override
    public String toString() {
        return new String(lines, 0, length, UTF_8);
    }
}
