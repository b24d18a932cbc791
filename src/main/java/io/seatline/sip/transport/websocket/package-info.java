/**
 * SIP over WebSocket (RFC 7118), for phones in browsers: a transport that lives on the HTTP server. Of the SIP edge,
 * only this package knows HTTP.
 */
@NullMarked
package io.seatline.sip.transport.websocket;

import org.jspecify.annotations.NullMarked;
