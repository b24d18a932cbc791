package io.seatline.web;

import io.seatline.http.Exchange;
import java.util.Optional;

/** How those come in whom a web app is for, and by what they are known afterwards. */
public interface Login<V extends PagePrincipal> {
    /** Whose session the request belongs to, if it has not ended. */
    Optional<V> principal(Exchange exchange);

    /** What is answered to who has none. */
    PageResponse unauthenticated(Exchange exchange);
}
