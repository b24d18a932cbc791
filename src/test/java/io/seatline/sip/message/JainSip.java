package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import gov.nist.javax.sip.address.AddressImpl;
import gov.nist.javax.sip.address.GenericURI;
import gov.nist.javax.sip.address.SipUri;
import gov.nist.javax.sip.header.Contact;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.net.URLDecoder;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What JAIN SIP, the reference implementation of the Java API for SIP, reads from a message. */
final class JainSip {
    /** URIs of other schemes are not compared: JAIN SIP leaves out characters of their escapes. */
    private static final String FOREIGN = "foreign";

    private JainSip() {}

    /** The request's fields, one a line; empty when JAIN SIP does not take the message, or not as a request. */
    static Optional<List<String>> read(byte[] bytes) {
        try {
            var message = new StringMsgParser()
                    .parseSIPMessage(bytes, true, false, (failure, sip, type, header, text) -> {
                        throw failure;
                    });
            return message instanceof SIPRequest request ? Optional.of(fields(request)) : Optional.empty();
        } catch (ParseException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static List<String> fields(SIPRequest request) throws ParseException {
        var via = request.getTopmostVia();
        var fields = new ArrayList<String>();
        fields.add("method " + request.getMethod());
        fields.add("call-id " + request.getCallId().getCallId());
        fields.add("cseq " + request.getCSeq().getSeqNumber());
        fields.add("via " + via.getTransport() + " " + via.getHost() + " " + via.getPort() + " " + via.getBranch());
        fields.add("from " + uri(request.getFrom().getAddress()) + " "
                + request.getFrom().getTag());
        fields.add("to " + uri(request.getTo().getAddress()) + " "
                + request.getTo().getTag());
        fields.add("expires "
                + (request.getExpires() == null ? "" : request.getExpires().getExpires()));
        var contacts = request.getContactHeaders();
        if (contacts != null) {
            contacts.forEach(contact -> fields.add("contact " + contact(contact)));
        }
        return fields;
    }

    private static String contact(Contact contact) {
        if (contact.getWildCardFlag()) {
            return "*";
        }
        var instance = contact.getParameter("+sip.instance");
        return uri(contact.getAddress()) + " " + contact.getExpires() + " " + (instance == null ? "" : bare(instance));
    }

    private static String uri(javax.sip.address.Address address) {
        return uri((GenericURI) ((AddressImpl) address).getURI());
    }

    private static String uri(GenericURI uri) {
        return uri instanceof SipUri sip
                ? sip.getScheme() + ":" + unescaped(Objects.requireNonNullElse(sip.getUser(), "")) + "@" + sip.getHost()
                        + ":" + sip.getPort()
                : FOREIGN;
    }

    private static String unescaped(String user) {
        return URLDecoder.decode(user.replace("+", "%2B"), UTF_8);
    }

    /** The same fields of what we read. */
    static List<String> fields(SipRequest request) {
        var fields = new ArrayList<String>();
        fields.add("method " + request.method());
        fields.add("call-id " + request.callId());
        fields.add("cseq " + request.sequence());
        fields.add("via " + request.via().transport() + " " + request.via().host() + " "
                + request.via().port() + " " + request.via().branch());
        fields.add("from " + uri(request.from().uri()) + " " + request.from().tag());
        fields.add("to " + uri(request.to().uri()) + " " + request.to().tag());
        fields.add("expires "
                + (request.expires().isEmpty() ? "" : request.expires().getAsInt()));
        if (request.wildcardContact()) {
            fields.add("contact *");
        }
        request.contacts()
                .forEach(contact -> fields.add("contact " + uri(contact.uri()) + " "
                        + contact.expires().orElse(-1) + " "
                        + (contact.instance() == null ? "" : bare(contact.instance()))));
        return fields;
    }

    /** JAIN SIP keeps the brackets, which are part of the value, and the backslashes of quoted-pairs, which are not. */
    private static String bare(String instance) {
        return instance.replaceAll("[<>\\\\]", "");
    }

    private static String uri(io.seatline.sip.message.SipUri uri) {
        return uri.scheme().matches("sips?")
                ? uri.scheme() + ":" + uri.user() + "@" + uri.host() + ":" + uri.port()
                : FOREIGN;
    }
}
