package io.seatline.sip.auth;

import io.seatline.sip.message.SipRequest;
import java.util.List;

/**
 * What phones log in to.
 *
 * @param usual where nothing else is meant
 * @param others domains of other servers whose accounts are here now, with hashes that hold their domain as the realm
 */
public record Realms(String usual, List<String> others) {
    public Realms {
        others = List.copyOf(others);
    }

    /** The one of the domain that the request is for. */
    public String of(SipRequest request) {
        var domain = request.to().uri().host();
        return others.stream().filter(domain::equalsIgnoreCase).findFirst().orElse(usual);
    }
}
