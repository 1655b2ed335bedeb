package holdfast.broker.choice;

import static java.util.stream.Collectors.toMap;

import holdfast.core.Capacities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What an item of instances or whole hosts claims when it keeps only some of its slots (promise.md 4.4).
public final class Cut {
    private Cut() {}

    /// The claims with fewer slots: what is given back of a host is given back above it, too. At no place and
    /// instant are they more than before, so nobody has to be asked for room.
    ///
    /// @param claims all of the item that may change
    /// @param before where its slots are
    /// @param kept where they stay, nowhere more than before
    /// @param above account and zone of each of its hosts
    public static List<Claim> of(
            Need need,
            List<Claim> claims,
            List<Placement> before,
            List<Placement> kept,
            Map<String, List<String>> above) {
        var had = slots(before);
        var keeps = slots(kept);
        var left = new ArrayList<Claim>();
        for (var claim : claims) {
            long slots = had.getOrDefault(claim.place(), 0L);
            if (slots == 0) {
                left.add(claim);
                continue;
            }
            long staying = keeps.getOrDefault(claim.place(), 0L);
            var stays = share(claim.amount(), staying, slots);
            left.add(with(claim, claim.place(), stays, staying > 0 ? claim.units() : Set.of()));
            var gone = above(need, claim.amount().minus(stays), slots - staying);
            for (var place : above.getOrDefault(claim.place(), List.of())) {
                left.add(with(claim, place, Capacities.NONE.minus(gone), Set.of()));
            }
        }
        return Hull.flat(left);
    }

    private static Map<String, Long> slots(List<Placement> placements) {
        return placements.stream().collect(toMap(Placement::place, Placement::slots));
    }

    private static Capacities share(Capacities amount, long part, long whole) {
        var share = new TreeMap<>(amount.amounts());
        share.replaceAll((_, value) -> value / whole * part);
        return new Capacities(share);
    }

    private static Capacities above(Need need, Capacities gone, long slots) {
        var above = Dimensions.aboveHost(gone);
        return need instanceof Need.Instances && !above.nothing()
                ? above.plus(Capacities.of(Dimensions.INSTANCE, slots))
                : above;
    }

    private static Claim with(Claim claim, String place, Capacities amount, Set<String> units) {
        return new Claim(claim.item(), place, claim.when(), amount, units, claim.firm());
    }
}
