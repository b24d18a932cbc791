package io.seatline.web;

import io.seatline.http.Exchange;
import java.util.Optional;

/** Where visitors of one kind come in. */
public interface Entrance<V extends Visitor> {
    /** Whose session the request belongs to, if it has not ended. */
    Optional<V> visitor(Exchange exchange);

    /** What is answered to who has none. */
    PageAnswer turnAway(Exchange exchange);
}
