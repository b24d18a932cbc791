package io.seatline.provisioning;

import java.util.OptionalInt;

/**
 * What phones are told of this server.
 *
 * @param host a name or an address, an IPv6 one without brackets
 * @param port of UDP and TCP
 * @param tlsPort of TLS, empty where there is no certificate
 * @param trusted whether phones that know the public authorities accept the certificate for {@code host}
 * @param webSocket the address of SIP over WebSocket
 * @param realm what phones log in to
 * @param publicUrl what browsers know the server by, without a slash at the end
 */
public record PhoneServer(
        String host, int port, OptionalInt tlsPort, boolean trusted, String webSocket, String realm, String publicUrl) {
    /**
     * The transport that works for a phone that knows nothing of this server: TLS only where its certificate is no
     * hindrance.
     */
    String transport() {
        return tlsPort.isPresent() && trusted ? "tls" : "tcp";
    }

    /** The host as a URI has it. */
    String uriHost() {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** Where a phone registers by that transport. */
    String uri() {
        var transport = transport();
        return "sip:" + uriHost() + ":" + (transport.equals("tls") ? tlsPort.orElseThrow() : port) + ";transport="
                + transport;
    }

    /** Whether what is fetched from here can be read on its way. */
    public boolean readable() {
        return publicUrl.startsWith("http:");
    }
}
