/**
 * HTTP itself: ports and their limits, a request and its answer, path patterns, where a client is, the access log and
 * the metrics. It may import {@code jsonapi} and {@code validation}. Nothing here knows what is served; nobody else but
 * SIP over WebSocket knows Jetty.
 */
@NullMarked
package io.seatline.http;

import org.jspecify.annotations.NullMarked;
