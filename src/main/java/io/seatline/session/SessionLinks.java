package io.seatline.session;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.api.OperatorApi;
import io.seatline.session.SessionTokens.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Makes links into customers' web interface. */
public final class SessionLinks {
    private final Sessions sessions;
    private final SessionTokens tokens;
    private final String publicUrl;
    private final Duration lifetime;

    /**
     * A link that opens a session.
     *
     * @param uri holds the session's token: nobody but the customer may see it
     * @param expires until when it opens, unless a newer one replaces it
     */
    public record Link(String uri, Instant expires) {}

    /**
     * Links to {@code sessions}.
     *
     * @param publicUrl what the links begin with
     * @param lifetime how long a link opens
     */
    public SessionLinks(Sessions sessions, SessionTokens tokens, String publicUrl, Duration lifetime) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.publicUrl = publicUrl;
        this.lifetime = lifetime;
    }

    /**
     * Begins a session and makes its link; empty when there is no such customer.
     *
     * @param admin whether it is for the operator's staff; one for the customer ends the customer's earlier one
     */
    public Optional<Link> make(Opener opener, String customerId, boolean admin) {
        var id = UuidCreator.getTimeOrderedEpoch();
        var expires = Instant.now().plus(lifetime);
        if (!sessions.begin(id, opener, customerId, admin, expires)) {
            return Optional.empty();
        }
        var token = tokens.issue(Use.LINK, id, customerId, expires);
        return Optional.of(new Link(publicUrl + OperatorApi.BASE + "/auth?token=" + token, expires));
    }
}
