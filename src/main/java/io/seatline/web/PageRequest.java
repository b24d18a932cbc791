package io.seatline.web;

import inet.ipaddr.IPAddress;
import io.seatline.audit.Actor;
import java.util.List;
import java.util.Optional;

/**
 * A visitor's request, checked and read.
 *
 * @param ids the ids in the path, in their order
 * @param query what follows the question mark
 * @param form the fields of a form that was sent, empty for none
 * @param source the address it comes from
 * @param part the id of the element that the browser will replace, when it asks for a part of a page
 */
public record PageRequest<V extends PagePrincipal>(
        V principal,
        Texts texts,
        List<String> ids,
        Fields query,
        Fields form,
        IPAddress source,
        String requestId,
        Optional<String> part) {
    /** The first id in the path. */
    public String id() {
        return ids.getFirst();
    }

    /** Who makes a change. */
    public Actor actor() {
        return new Actor(principal.name(), source.toCanonicalString(), requestId);
    }
}
