package io.seatline.portal;

import static java.util.stream.Collectors.toSet;

import io.seatline.account.AccountQuota;
import io.seatline.account.AccountQuota.Owner;
import io.seatline.account.SipAccounts;
import io.seatline.registration.LivePhone;
import io.seatline.registration.LivePhones;
import io.seatline.registration.LivePhones.Asked;
import io.seatline.session.Sessions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the open pages of this node show of accounts, read once a second for all of them together: the database is asked
 * the same three questions however many browsers there are, and none while there are none. So it does not matter which
 * node a phone registers at.
 */
public final class LiveAccounts {
    private static final Logger LOG = System.getLogger(LiveAccounts.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(1);

    /**
     * How many pages of one customer listen at a time. One more ends the oldest, which is most likely one that nobody
     * sees any more.
     */
    private static final int MAX_OF_A_CUSTOMER = 20;

    private final LivePhones phones;
    private final SipAccounts accounts;
    private final Sessions sessions;
    private final Set<Watch> watches = new LinkedHashSet<>();
    private @Nullable Thread reader;

    /** What a page that listens learns. */
    sealed interface News {
        /** How things are now; accounts that are not there, or not the customer's, are left out. */
        record Now(Map<UUID, LivePhone> phones, AccountQuota seats) implements News {}

        /** There is no news yet: the database may be away. */
        record Silence() implements News {}

        /** The page's session has ended, or too many others listen. */
        record End() implements News {}
    }

    /** Reads from the database, while pages listen. */
    public LiveAccounts(LivePhones phones, SipAccounts accounts, Sessions sessions) {
        this.phones = phones;
        this.accounts = accounts;
        this.sessions = sessions;
    }

    /** One page that listens. */
    final class Watch implements AutoCloseable {
        private final UUID session;
        private final Owner owner;
        private final Set<UUID> accountIds;
        private final BlockingQueue<News> latest = new ArrayBlockingQueue<>(1);
        private boolean over;

        private Watch(UUID session, Owner owner, Set<UUID> accountIds) {
            this.session = session;
            this.owner = owner;
            this.accountIds = Set.copyOf(accountIds);
        }

        /** Waits for news, for no longer than {@code limit}. */
        News next(Duration limit) throws InterruptedException {
            return Optional.ofNullable(latest.poll(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .orElseGet(News.Silence::new);
        }

        /**
         * What comes after the end is not told: a reader that knew this page before may still have something to say.
         */
        private synchronized void tell(News news) {
            if (over) {
                return;
            }
            over = news instanceof News.End;
            latest.clear();
            var _ = latest.offer(news);
        }

        @Override
        public void close() {
            stop(this);
        }
    }

    /** The phones of some accounts, of those that are the customer's. */
    Map<UUID, LivePhone> phones(Owner owner, List<UUID> accountIds) {
        return of(owner, phones.read(asked(owner, accountIds).toList()), Set.copyOf(accountIds));
    }

    /** Keeps a page informed until it closes the watch. */
    synchronized Watch watch(UUID session, Owner owner, Set<UUID> accountIds) {
        var others = watches.stream().filter(other -> other.owner.equals(owner)).toList();
        if (others.size() >= MAX_OF_A_CUSTOMER) {
            others.getFirst().tell(new News.End());
            watches.remove(others.getFirst());
        }
        var watch = new Watch(session, owner, accountIds);
        watches.add(watch);
        if (reader == null || !reader.isAlive()) {
            reader = Thread.ofVirtual().name("live-accounts").start(this::readOn);
        }
        return watch;
    }

    private synchronized void stop(Watch watch) {
        watches.remove(watch);
    }

    /** The pages that listen; when there are none, this round of reading is over. */
    private synchronized List<Watch> listening() {
        if (watches.isEmpty()) {
            reader = null;
        }
        return new ArrayList<>(watches);
    }

    private void readOn() {
        var failing = false;
        for (var all = listening(); !all.isEmpty(); all = listening()) {
            try {
                tell(all);
                failing = false;
            } catch (RuntimeException e) {
                // They show what they know until the next time.
                if (!failing) {
                    LOG.log(Level.WARNING, "The open pages cannot be kept up to date: {0}", e.getMessage());
                }
                failing = true;
            }
            LockSupport.parkNanos(EVERY.toNanos());
        }
    }

    private void tell(List<Watch> all) {
        var alive = sessions.alive(all.stream().map(watch -> watch.session).collect(toSet()));
        var found = phones.read(all.stream()
                .flatMap(watch -> asked(watch.owner, watch.accountIds))
                .collect(toSet()));
        var seats = accounts.seats(all.stream().map(watch -> watch.owner).collect(toSet()));
        for (var watch : all) {
            var own = seats.get(watch.owner);
            watch.tell(
                    own == null || !alive.contains(watch.session)
                            ? new News.End()
                            : new News.Now(of(watch.owner, found, watch.accountIds), own));
        }
    }

    private static Stream<Asked> asked(Owner owner, Collection<UUID> accountIds) {
        return accountIds.stream().map(id -> new Asked(owner, id));
    }

    private static Map<UUID, LivePhone> of(Owner owner, Map<Asked, LivePhone> found, Set<UUID> accountIds) {
        var own = new HashMap<UUID, LivePhone>();
        for (var id : accountIds) {
            var phone = found.get(new Asked(owner, id));
            if (phone != null) {
                own.put(id, phone);
            }
        }
        return own;
    }
}
