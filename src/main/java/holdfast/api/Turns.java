package holdfast.api;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets only some at a time do what costs much, and of each client fewer: one that asks again and again is in its own
/// way, not in that of others.
public final class Turns {
    private final int each;
    private final Duration patience;
    private final String crowded;
    private final Semaphore room;
    private final Map<String, Share> shares = new HashMap<>();

    private static final class Share {
        private final Semaphore free;
        private int users;

        Share(int most) {
            this.free = new Semaphore(most);
        }
    }

    /// To be given back.
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /// @param each how many of one client
    /// @param patience how long a turn is waited for, in the own share and in the room
    /// @param crowded what those are told who waited in vain
    public Turns(int atOnce, int each, Duration patience, String crowded) {
        this.room = new Semaphore(atOnce);
        this.each = each;
        this.patience = patience;
        this.crowded = crowded;
    }

    /// @param client its address, or who it is
    /// @throws CannotTellException if there is none for too long
    public Turn take(String client) throws InterruptedException {
        var share = enter(client);
        boolean own = false;
        boolean mine = false;
        try {
            own = within(share.free);
            mine = own && within(room);
            if (!mine) {
                throw new CannotTellException(crowded);
            }
            return () -> {
                room.release();
                share.free.release();
                leave(client, share);
            };
        } finally {
            if (!mine) {
                if (own) {
                    share.free.release();
                }
                leave(client, share);
            }
        }
    }

    private boolean within(Semaphore permits) throws InterruptedException {
        return permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Share enter(String client) {
        synchronized (shares) {
            var share = shares.computeIfAbsent(client, _ -> new Share(each));
            share.users++;
            return share;
        }
    }

    private void leave(String client, Share share) {
        synchronized (shares) {
            share.users--;
            if (share.users == 0) {
                shares.remove(client);
            }
        }
    }

    /// How many clients have turns, or wait for them.
    int clients() {
        synchronized (shares) {
            return shares.size();
        }
    }
}
