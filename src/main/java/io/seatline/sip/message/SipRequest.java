package io.seatline.sip.message;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A request that keeps the grammar in all that a registrar reads. Whether it can be served is not said: the method, the
 * schemes of the URIs and the option tags may be unknown ones.
 *
 * @param method as sent; methods are case-sensitive
 * @param uri the request URI
 * @param via the topmost Via
 * @param sequence the number of CSeq, below 2^31
 * @param contacts in their order, at most 20; empty when there are none, and for the wildcard
 * @param wildcardContact {@code Contact: *}, and nothing beside it
 * @param expires the header, in seconds; at most 2^31-1, larger values are cut to that; 3600 when it is no number
 * @param userAgent without control characters
 * @param authorizations the Authorization headers of the scheme Digest
 * @param require the option tags of Require
 * @param supported those of Supported
 * @param path the values of Path, with commas between them (RFC 3327); at most 2,048 bytes
 * @param edgeSource what the sender says of another that the request came from; worth nothing but from an edge
 */
public record SipRequest(
        ResponseHeaders answerHeaders,
        String method,
        SipUri uri,
        Via via,
        NameAddress from,
        NameAddress to,
        String callId,
        long sequence,
        List<Contact> contacts,
        boolean wildcardContact,
        OptionalInt expires,
        @Nullable String userAgent,
        List<DigestCredentials> authorizations,
        List<String> require,
        List<String> supported,
        @Nullable String path,
        @Nullable EdgeSource edgeSource)
        implements SipMessage {
    public SipRequest {
        contacts = List.copyOf(contacts);
        authorizations = List.copyOf(authorizations);
        require = List.copyOf(require);
        supported = List.copyOf(supported);
    }
}
