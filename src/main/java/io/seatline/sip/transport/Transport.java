package io.seatline.sip.transport;

/** What a SIP message came by. */
public enum Transport {
    /** Datagrams: a request may come twice, and an answer may be lost. */
    UDP,
    /** A stream. */
    TCP,
    /** A stream under TLS. */
    TLS,
    /** WebSocket, RFC 7118. */
    WS,
    /** WebSocket under TLS. */
    WSS
}
