package holdfast.broker.market;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;

/// The claims of roots that have many, as this server has seen them last: to read a thousand of them takes longer than
/// to judge the next. They are believed only under the lock of their root, and only if the database names the same
/// epoch: a number that no other state of that root ever has, and that goes when its transaction is rolled back.
final class ByHeart {
    /// Fewer are read as fast.
    private static final int WORTH = 16;

    private final int most;
    private final LinkedHashMap<UUID, Known> known = new LinkedHashMap<>(16, 0.75f, true);
    private int claims;

    private record Known(long epoch, Claims claims) {}

    /// @param most claims of all roots together: those that were not asked for longest are forgotten
    ByHeart(int most) {
        this.most = most;
    }

    /// Whether they are so many.
    static boolean isWorth(Collection<Claim> claims) {
        return claims.size() >= WORTH;
    }

    synchronized Optional<Claims> at(UUID root, long epoch) {
        return Optional.ofNullable(known.get(root))
                .filter(one -> one.epoch == epoch)
                .map(Known::claims);
    }

    synchronized void learn(UUID root, long epoch, Claims now) {
        forget(root);
        if (isWorth(now) && now.size() <= most) {
            known.put(root, new Known(epoch, now));
            claims += now.size();
        }
        while (claims > most) {
            forget(known.firstEntry().getKey());
        }
    }

    private void forget(UUID root) {
        Optional.ofNullable(known.remove(root)).ifPresent(one -> claims -= one.claims.size());
    }
}
