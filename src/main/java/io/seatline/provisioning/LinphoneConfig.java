package io.seatline.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.seatline.account.SipAccount;
import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * An account as Linphone's remote provisioning reads it: the sections and entries of its own configuration file, in
 * XML.
 */
final class LinphoneConfig {
    private static final String NAMESPACE = "http://www.linphone.org/xsds/lpconfig.xsd";

    /** Seconds; the registrar grants up to two hours. */
    private static final String EXPIRES = "3600";

    private LinphoneConfig() {}

    /** The document, in UTF-8; it holds the password. */
    static byte[] of(SipAccount account, PhoneServer server) {
        var text = new StringWriter();
        try {
            var xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("config");
            xml.writeDefaultNamespace(NAMESPACE);
            // The link works once: without this Linphone would ask it again at each start.
            section(xml, "misc", "transient_provisioning", "1");
            section(
                    xml,
                    "proxy_0",
                    "reg_proxy",
                    "<" + server.uri() + ">",
                    "reg_identity",
                    name(account) + "<sip:" + account.username() + "@" + server.uriHost() + ">",
                    "reg_expires",
                    EXPIRES,
                    "reg_sendregister",
                    "1",
                    "publish",
                    "0");
            section(
                    xml,
                    "auth_info_0",
                    "username",
                    account.username(),
                    "realm",
                    server.realm(),
                    "passwd",
                    requireNonNull(account.settings().secret().password()));
            section(xml, "sip", "default_proxy", "0");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("text can be written to memory", e);
        }
        return text.toString().getBytes(UTF_8);
    }

    /** The display name as a quoted string of RFC 3261 25.1. */
    private static String name(SipAccount account) {
        var name = account.settings().callerIdName();
        return name == null ? "" : "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\" ";
    }

    private static void section(XMLStreamWriter xml, String name, String... entries) throws XMLStreamException {
        xml.writeStartElement("section");
        xml.writeAttribute("name", name);
        for (var i = 0; i < entries.length; i += 2) {
            xml.writeStartElement("entry");
            xml.writeAttribute("name", entries[i]);
            xml.writeAttribute("overwrite", "true");
            xml.writeCharacters(entries[i + 1]);
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
