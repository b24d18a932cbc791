package io.seatline.sip.transport.websocket;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The opening of a WebSocket (RFC 6455 section 4.2), with the subprotocol that RFC 7118 section 4 asks for. */
final class WebSocketHandshake {
    static final String VERSION = "13";
    static final String SUBPROTOCOL = "sip";

    private static final int KEY_BYTES = 16;

    private WebSocketHandshake() {}

    /**
     * An answer that opens nothing.
     *
     * @param detail for who wrote the client
     */
    record Refusal(int status, String detail) {}

    /**
     * Why there is none; empty when it may be opened. The HTTP library answers it, and looks less closely.
     *
     * @param headers a header's values by its name, with commas between them
     */
    static Optional<Refusal> refusal(String method, Function<String, Optional<String>> headers) {
        if (!method.equals("GET")) {
            return Optional.of(new Refusal(405, "A WebSocket is opened with GET."));
        }
        if (tokens(headers, "Upgrade").noneMatch("websocket"::equalsIgnoreCase)
                || tokens(headers, "Connection").noneMatch("upgrade"::equalsIgnoreCase)) {
            return Optional.of(new Refusal(
                    426, "Here SIP is spoken over WebSocket (RFC 7118): Upgrade: websocket and Connection: Upgrade."));
        }
        if (!tokens(headers, "Sec-WebSocket-Version").toList().equals(List.of(VERSION))) {
            return Optional.of(
                    new Refusal(426, "The server speaks version 13 of WebSocket: Sec-WebSocket-Version: 13."));
        }
        if (!tokens(headers, "Sec-WebSocket-Protocol").toList().contains(SUBPROTOCOL)) {
            return Optional.of(new Refusal(
                    400, "The subprotocol sip must be offered (RFC 7118 section 4): Sec-WebSocket-Protocol: sip."));
        }
        if (!isKey(tokens(headers, "Sec-WebSocket-Key").toList())) {
            return Optional.of(new Refusal(400, "Sec-WebSocket-Key must be 16 bytes in base64."));
        }
        return Optional.empty();
    }

    private static Stream<String> tokens(Function<String, Optional<String>> headers, String name) {
        return headers.apply(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip);
    }

    private static boolean isKey(List<String> keys) {
        try {
            return keys.size() == 1 && Base64.getDecoder().decode(keys.getFirst()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
