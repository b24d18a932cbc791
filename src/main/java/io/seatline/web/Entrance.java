package io.seatline.web;

import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;

/** Where visitors of one kind come in. */
public interface Entrance<V extends Visitor> {
    /** Whose session the request belongs to, if it has not ended. */
    Optional<V> visitor(ServerRequest request);

    /** What is answered to who has none. */
    PageAnswer turnAway(ServerRequest request);
}
