package io.seatline.sip;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.seatline.sip.Digest.Algorithm;
import io.seatline.sip.message.SipRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who is known to do SHA-256. Nobody else is asked for it: phones there are that give up at an algorithm they do not know, or at a
 * second challenge. What is known of an address depends on what came from there, so the answers tell strangers nothing of an account.
 */
final class Sha256Clients {
    private static final int MAX_REMEMBERED = 100_000;

    private final List<String> agents;
    private final Cache<Client, Boolean> succeeded =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

    /** One model of an account's phones: two that are behind one address may differ. */
    private record Client(
            InetAddress address, String user, @Nullable String agent) {
        Client(SipRequest request, Source source) {
            this(
                    source.address().getAddress(),
                    request.to().uri().user().toLowerCase(Locale.ROOT),
                    request.userAgent());
        }
    }

    /**
     * Knows nobody yet but user agents.
     *
     * @param agents what those begin with that do SHA-256, in small letters
     */
    Sha256Clients(List<String> agents) {
        this.agents = List.copyOf(agents);
    }

    /** Whether the sender does SHA-256: it says so, or has done it before. */
    boolean includes(SipRequest request, Source source) {
        var agent = request.userAgent();
        return request.authorizations().stream()
                        .anyMatch(one -> Algorithm.of(one.algorithm())
                                .filter(Algorithm.SHA_256::equals)
                                .isPresent())
                || (agent != null && agents.stream().anyMatch(agent.toLowerCase(Locale.ROOT)::startsWith))
                || succeeded.getIfPresent(new Client(request, source)) != null;
    }

    /** It has registered with SHA-256. */
    void add(SipRequest request, Source source) {
        succeeded.put(new Client(request, source), true);
    }
}
