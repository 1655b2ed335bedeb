package holdfast.pools.clouds.choice;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;

import holdfast.pools.clouds.choice.Rank.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// In which order ranked accounts are tried (aeolus.md 6.5, step 4): group by group; in a group drawn one after the
/// other with chances that go by score plus 101.
///
/// Each account draws a lot of its own from seed and id: exponentially distributed with its weight as rate, which gives
/// the same orders with the same chances as drawing without replacement (Efraimidis and Spirakis, 2006). So the order
/// of others does not change when one account is left out.
final class Draw {
    private static final int SHIFT = 101;
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private Draw() {}

    /// An account at its first place.
    ///
    /// @param number from 1
    record Place(UUID account, int number, int group, double score, boolean isLastResort) {}

    /// @param deterministic by score instead, then by id
    static List<Place> order(Rank rank, long seed, boolean deterministic) {
        var places = new ArrayList<Place>();
        var seen = new HashSet<UUID>();
        for (var group : rank.groups()) {
            group.scores().entrySet().stream()
                    .sorted(deterministic ? byScore() : byLot(seed))
                    .filter(entry -> seen.add(entry.getKey()))
                    .forEach(entry -> places.add(place(entry, places.size() + 1, group)));
        }
        return places;
    }

    private static Place place(Map.Entry<UUID, Double> entry, int number, Group group) {
        return new Place(entry.getKey(), number, group.score(), entry.getValue(), group.isLastResort());
    }

    private static Comparator<Map.Entry<UUID, Double>> byScore() {
        return comparing(Map.Entry<UUID, Double>::getValue).reversed().thenComparing(Map.Entry.comparingByKey());
    }

    private static Comparator<Map.Entry<UUID, Double>> byLot(long seed) {
        Comparator<Map.Entry<UUID, Double>> lot =
                comparingDouble(entry -> -Math.log(uniform(seed, entry.getKey())) / (entry.getValue() + SHIFT));
        return lot.thenComparing(Map.Entry.comparingByKey());
    }

    /// Above 0, below 1.
    private static double uniform(long seed, UUID account) {
        long lot = mixed(mixed(mixed(seed) ^ account.getMostSignificantBits()) ^ account.getLeastSignificantBits());
        return ((lot >>> 11) + 0.5) * 0x1.0p-53;
    }

    /// The step of SplitMix64.
    private static long mixed(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }
}
