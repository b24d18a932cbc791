package io.seatline.sip.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.seatline.db.Notifications;
import io.seatline.sip.auth.Digest.Algorithm;
import io.seatline.sip.message.SipRequest;
import io.seatline.sip.transport.RemoteAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who is known to do SHA-256, and who has to. Nobody else is asked for it: phones there are that give up at an
 * algorithm they do not know, or at a second challenge. What is known of an address depends on what came from there, so
 * the answers tell strangers nothing of an account.
 */
public final class Sha256Clients implements Notifications.Listener {
    private static final int MAX_REMEMBERED = 100_000;

    /** Who is refused in the moment in which the account changes is remembered after it should have been forgotten. */
    private static final Duration MAX_REQUIRED = Duration.ofHours(1);

    /** Of a user agent so much is remembered, which may be a line of 8 kB and another each time. */
    private static final int MAX_AGENT = 100;

    private final List<String> agents;
    private final Cache<Client, Boolean> succeeded =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();
    private final Cache<Client, Boolean> required = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(MAX_REQUIRED)
            .build();

    /** One model of an account's phones: two that are behind one address may differ. */
    private record Client(
            InetAddress address, String user, @Nullable String agent) {
        Client(SipRequest request, RemoteAddress source) {
            this(
                    source.address().getAddress(),
                    request.to().uri().userOrNumber().toLowerCase(Locale.ROOT),
                    beginning(request.userAgent()));
        }

        private static @Nullable String beginning(@Nullable String agent) {
            return agent == null || agent.length() <= MAX_AGENT ? agent : agent.substring(0, MAX_AGENT);
        }
    }

    /**
     * Knows nobody yet but user agents.
     *
     * @param agents what those begin with that do SHA-256, in small letters
     */
    public Sha256Clients(List<String> agents) {
        this.agents = List.copyOf(agents);
    }

    /** What the sender is offered of the algorithms that are {@code taken}. */
    public List<Algorithm> offered(List<Algorithm> taken, SipRequest request, RemoteAddress source) {
        if (taken.size() == 1) {
            return taken;
        }
        return required.getIfPresent(new Client(request, source)) != null
                ? List.of(Algorithm.SHA_256)
                : includes(request, source) ? taken : List.of(Algorithm.MD5);
    }

    /**
     * The same after it has failed with an algorithm, whatever was wrong. Of an account that came from elsewhere only
     * the hash of MD5 may be known: who can do both is asked for that next.
     */
    public List<Algorithm> offeredAfter(
            Algorithm failed, List<Algorithm> taken, SipRequest request, RemoteAddress source) {
        var offered = offered(taken, request, source);
        return failed == Algorithm.SHA_256 && offered.contains(Algorithm.MD5) ? List.of(Algorithm.MD5) : offered;
    }

    /** Whether the sender does SHA-256: it says so, or has done it before. */
    private boolean includes(SipRequest request, RemoteAddress source) {
        var agent = request.userAgent();
        return request.authorizations().stream()
                        .anyMatch(one -> Algorithm.of(one.algorithm())
                                .filter(Algorithm.SHA_256::equals)
                                .isPresent())
                || (agent != null && agents.stream().anyMatch(agent.toLowerCase(Locale.ROOT)::startsWith))
                || succeeded.getIfPresent(new Client(request, source)) != null;
    }

    /** It has registered with SHA-256. */
    public void add(SipRequest request, RemoteAddress source) {
        succeeded.put(new Client(request, source), true);
    }

    /**
     * It has proved its password with MD5, which the account forbids: until that changes, it is offered SHA-256 alone.
     */
    public void require(SipRequest request, RemoteAddress source) {
        required.put(new Client(request, source), true);
    }

    /** The account of that username has changed; empty for any. */
    @Override
    public void onNotification(String username) {
        required.asMap()
                .keySet()
                .removeIf(client -> username.isEmpty() || client.user().equals(username));
    }

    @Override
    public void onReconnect() {
        required.invalidateAll();
    }
}
