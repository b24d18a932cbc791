package io.seatline.sip;

import io.seatline.sip.transport.RemoteAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Places for registrations that are being carried out: so many in all, and a share of them for one source. */
final class Places {
    private final int most;
    private final int share;
    private final AtomicInteger taken = new AtomicInteger();
    private final Map<ByteBuffer, Integer> ofSources = new ConcurrentHashMap<>();

    Places(int most, int share) {
        this.most = most;
        this.share = share;
    }

    /** Takes one, which must be given back; false when there is none for this source. */
    boolean take(RemoteAddress source) {
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            return false;
        }
        if (ofSources.merge(source.network(), 1, Integer::sum) > share) {
            giveBack(source);
            return false;
        }
        return true;
    }

    void giveBack(RemoteAddress source) {
        ofSources.computeIfPresent(source.network(), (network, count) -> count == 1 ? null : count - 1);
        taken.decrementAndGet();
    }

    /** How many are free. */
    int free() {
        return most - taken.get();
    }
}
