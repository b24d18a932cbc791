package io.seatline.sip.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The values of the headers that were read so far. */
final class HeaderValues {
    private static final int MAX_CONTACTS = 20;
    private static final int MAX_USER = 64;
    private static final int DEFAULT_EXPIRES = 3600;
    private static final int MAX_PATH = 2_048;

    /** What a CSeq is below (RFC 3261 section 8.1.1.5). */
    private static final long SEQUENCE_END = 1L << 31;

    private final Cursor cursor;
    private @Nullable TopVia via;
    private @Nullable NameAddress from;
    private @Nullable NameAddress to;
    private @Nullable String callId;
    private int sequence;
    private List<Contact> contacts = List.of();
    private boolean wildcard;
    private OptionalInt expires = OptionalInt.empty();
    private @Nullable String userAgent;
    private List<DigestCredentials> authorizations = List.of();
    private List<String> require = List.of();
    private List<String> supported = List.of();
    private @Nullable String path;
    private @Nullable EdgeSource edgeSource;
    private int contentLength = -1;

    HeaderValues(Cursor cursor) {
        this.cursor = cursor;
    }

    @Nullable
    TopVia via() {
        return via;
    }

    boolean toNeedsTag() {
        return to != null && to.tag() == null;
    }

    int contentLength() {
        return contentLength;
    }

    /** The request, once all that it needs has been read. */
    SipRequest request(ResponseHeaders headers, String method, SipUri uri) {
        return new SipRequest(
                headers,
                method,
                uri,
                headers.via(),
                Objects.requireNonNull(from),
                Objects.requireNonNull(to),
                Objects.requireNonNull(callId),
                sequence,
                contacts,
                wildcard,
                expires,
                userAgent,
                authorizations,
                require,
                supported,
                path,
                edgeSource);
    }

    /**
     * Reads the value that the cursor is bound to.
     *
     * @param first whether no header of this name came before
     */
    void read(HeaderName name, boolean first, String method) throws SyntaxException {
        switch (name) {
            case VIA -> {
                if (first) {
                    topVia();
                }
            }
            case FROM -> from = NameAddress.read(cursor);
            case TO -> {
                to = NameAddress.read(cursor);
                if (to.uri().user().length() > MAX_USER) {
                    throw new SyntaxException("a user longer than " + MAX_USER + " characters");
                }
            }
            case CALL_ID -> callId = callId();
            case CSEQ -> sequence = sequence(method);
            case CONTACT -> contacts();
            case EXPIRES -> {
                var seconds = cursor.digits();
                expires = OptionalInt.of(cursor.atEnd() && seconds >= 0 ? seconds : DEFAULT_EXPIRES);
            }
            case USER_AGENT -> userAgent = userAgent();
            case AUTHORIZATION -> {
                var credentials = DigestReader.read(cursor);
                if (credentials != null) {
                    authorizations = appended(authorizations, credentials);
                }
            }
            case REQUIRE -> require = optionTags(require);
            case SUPPORTED -> {
                if (!cursor.atEnd()) {
                    supported = optionTags(supported);
                }
            }
            case PATH -> path = path();
            case EDGE_SOURCE -> edgeSource = EdgeSource.read(cursor);
            case CONTENT_LENGTH -> {
                var length = cursor.digits();
                if (length < 0 || !cursor.atEnd()) {
                    throw new SyntaxException("no number");
                }
                contentLength = length;
            }
            case MAX_FORWARDS, OTHER -> {}
        }
    }

    private void topVia() throws SyntaxException {
        var top = new TopVia(cursor);
        via = top;
        if (top.defect() != null) {
            throw new SyntaxException(top.defect());
        }
    }

    private String callId() throws SyntaxException {
        var start = cursor.position();
        if (!cursor.skipAll(Characters.WORD)) {
            throw new SyntaxException("no value");
        }
        cursor.expectEnd();
        return cursor.text(start, cursor.position());
    }

    private int sequence(String method) throws SyntaxException {
        var number = cursor.digits(SEQUENCE_END);
        if (number < 0 || number == SEQUENCE_END) {
            throw new SyntaxException("no number below " + SEQUENCE_END);
        }
        cursor.skipSpace();
        if (!cursor.isRest(method)) {
            throw new SyntaxException("another method than the request's");
        }
        return (int) number;
    }

    private void contacts() throws SyntaxException {
        // a display name may begin so
        if (cursor.isRest("*")) {
            refuseAll(wildcard || !contacts.isEmpty());
            wildcard = true;
            return;
        }
        refuseAll(wildcard);
        do {
            if (contacts.size() == MAX_CONTACTS) {
                throw new SyntaxException("more than " + MAX_CONTACTS + " values");
            }
            contacts = appended(contacts, Contact.read(cursor));
        } while (cursor.acceptSeparator(','));
        cursor.expectEnd();
    }

    private static void refuseAll(boolean beside) throws SyntaxException {
        if (beside) {
            throw new SyntaxException("* beside other values");
        }
    }

    /**
     * A text without a grammar worth checking; control characters, which no database and no terminal wants, become
     * spaces.
     */
    private String userAgent() {
        var start = cursor.position();
        cursor.skipAll(Characters.TEXT);
        var text = cursor.shared(start, cursor.limit());
        if (cursor.position() >= cursor.limit()) {
            return text;
        }
        return text.codePoints()
                .map(character -> Character.isISOControl(character) ? ' ' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private List<String> optionTags(List<String> before) throws SyntaxException {
        var tags = before;
        do {
            var start = cursor.position();
            if (!cursor.skipAll(Characters.TOKEN)) {
                throw new SyntaxException("no option tag");
            }
            tags = appended(tags, cursor.text(start, cursor.position()));
        } while (cursor.acceptSeparator(','));
        cursor.expectEnd();
        return tags;
    }

    /** Stored and given back as it is: whoever wrote it reads it. */
    private String path() throws SyntaxException {
        var start = cursor.position();
        if (!cursor.skipAll(Characters.TEXT)) {
            throw new SyntaxException("no value");
        }
        cursor.expectEnd();
        var value = cursor.text(start, cursor.position());
        var all = path == null ? value : path + ", " + value;
        if (all.length() > MAX_PATH) {
            throw new SyntaxException("more than " + MAX_PATH + " bytes");
        }
        return all;
    }

    /** The list with one more: one value needs no list that can grow. */
    private static <T> List<T> appended(List<T> list, T value) {
        if (list.isEmpty()) {
            return List.of(value);
        }
        var longer = list instanceof ArrayList<T> ? list : new ArrayList<>(list);
        longer.add(value);
        return longer;
    }
}
