package holdfast.federation.catalog;

import java.time.Duration;

/// How often what somebody publishes is not there when it is wanted, and what follows from that (fluidos.md 6.10): of
/// fifty tries each.
///
/// @param tries since it was judged last: that it was sold, and that it was not there
/// @param gone how many of them found nothing
/// @param halvings how often its ttl was halved
/// @param delisted whether nothing of it is told any more
public record Honesty(int tries, int gone, int halvings, boolean delisted) {
    public static final Honesty FRESH = new Honesty(0, 0, 0, false);
    static final Duration FLOOR = Duration.ofSeconds(30);
    private static final int JUDGED = 50;
    private static final int MOST_HALVINGS = 10;

    /// With one more try.
    ///
    /// @param found whether it was there
    public Honesty tried(boolean found) {
        int all = tries + 1;
        int lost = gone + (found ? 0 : 1);
        if (all < JUDGED) {
            return new Honesty(all, lost, halvings, delisted);
        }
        boolean often = 10 * lost > JUDGED;
        return new Honesty(0, 0, Math.min(MOST_HALVINGS, halvings + (often ? 1 : 0)), delisted || 2 * lost > JUDGED);
    }

    /// How long what it publishes counts.
    ///
    /// @param wanted as it says
    /// @return at least 30 s, unless it wants less
    public Duration ttl(Duration wanted) {
        var cut = wanted.dividedBy(1L << halvings);
        return cut.compareTo(FLOOR) > 0 ? cut : wanted.compareTo(FLOOR) < 0 ? wanted : FLOOR;
    }
}
