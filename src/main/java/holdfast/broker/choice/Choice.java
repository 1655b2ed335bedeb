package holdfast.broker.choice;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// The decision on a request: all its items or none (promise.md 6.1).
///
/// 1. Items are placed one after the other, what has a name first. If one fails it is tried again as the first, each
///    once.
/// 2. If that fails, pending items of others are packed anew together with the request ([Repacking]).
/// 3. Then the answer is no, with the wish to relax, and a certificate that can be checked against the profile. It is
///    *proved* if the item would fail also alone and with all pending items gone.
///
/// With i items, u hosts and n steps on each: O(i² u (n + D log n)) at worst, and what re-packing costs.
public final class Choice {
    private Choice() {}

    /// Yes with all that is to be booked and moved, or no.
    public static Answer<Grant> decide(Ask ask, Snapshot snapshot) {
        var unknown = unknown(ask, snapshot);
        if (unknown.isPresent()) {
            return Answer.no(unknown.get());
        }
        var order = new ArrayList<>(ask.items());
        order.sort(java.util.Comparator.comparingInt(Choice::freedom));
        for (int tries = 0; ; tries++) {
            switch (attempt(ask, order, snapshot)) {
                case Attempt.All(var placed) -> {
                    return Answer.yes(grant(ask, placed, List.of()));
                }
                case Attempt.Failed(var item, var why) -> {
                    if (tries < order.size() && !order.getFirst().equals(item)) {
                        order.remove(item);
                        order.addFirst(item);
                        continue;
                    }
                    var packed = Repacking.pack(ask, snapshot, Repacking.MOVES);
                    return packed.<Answer<Grant>>map(found -> Answer.yes(grant(ask, found.placed(), found.moves())))
                            .orElseGet(() -> Answer.no(explain(ask, snapshot, item, why)));
                }
            }
        }
    }

    private sealed interface Attempt {
        record All(Map<UUID, Placed> placed) implements Attempt {}

        record Failed(Item item, Refusal why) implements Attempt {}
    }

    /// What has the fewest places to go comes first.
    private static int freedom(Item item) {
        return switch (item.need()) {
            case Need.Elements _ -> 0;
            case Need.Addresses _ -> 1;
            case Need.Hosts _ -> 2;
            case Need.Instances _ -> 3;
            case Need.Quantity _ -> 4;
        };
    }

    private static Attempt attempt(Ask ask, List<Item> order, Snapshot snapshot) {
        var room = new Room(snapshot, ask);
        var placed = new HashMap<UUID, Placed>();
        for (var item : order) {
            switch (Placing.place(room, ask, item, Set.of())) {
                case Answer.Yes<Placed>(var where) -> placed.put(item.id(), where);
                case Answer.No<Placed>(var why) -> {
                    return new Attempt.Failed(item, why);
                }
            }
        }
        return new Attempt.All(placed);
    }

    private static Grant grant(Ask ask, Map<UUID, Placed> placed, List<Move> moves) {
        var placements = new LinkedHashMap<UUID, List<Placement>>();
        var claims = new ArrayList<Claim>();
        for (var item : ask.items()) {
            var where = java.util.Objects.requireNonNull(placed.get(item.id()));
            placements.put(item.id(), where.placement());
            claims.addAll(where.claims());
        }
        return new Grant(placements, claims, moves);
    }

    private static Refusal explain(Ask ask, Snapshot snapshot, Item item, Refusal together) {
        var alone = refusal(new Room(snapshot, ask), ask, item);
        var why = alone.orElse(together);
        var certificate = why.certificate();
        var empty = new Room(snapshot, ask);
        snapshot.pending().forEach(pending -> empty.give(pending.claims()));
        boolean proved = alone.map(Refusal::proved).orElse(false)
                && refusal(empty, ask, item).map(Refusal::proved).orElse(false);
        return why.because(wish(ask, snapshot, item, why), certificate, proved);
    }

    private static Optional<Refusal> refusal(Room room, Ask ask, Item item) {
        return switch (Placing.place(room, ask, item, Set.of())) {
            case Answer.Yes<Placed> _ -> Optional.empty();
            case Answer.No<Placed>(var why) -> Optional.of(why);
        };
    }

    /// The one wish without which there would be room, else what the refusal says.
    private static String wish(Ask ask, Snapshot snapshot, Item item, Refusal why) {
        if (item.need() instanceof Need.Instances need && need.affinity() != Affinity.NONE) {
            var any = new Need.Instances(need.flavor(), need.min(), need.max(), Affinity.NONE, need.query());
            if (refusal(new Room(snapshot, ask), ask, item.asking(any)).isEmpty()) {
                return "affinity";
            }
        }
        if (!item.zones().isEmpty()
                && refusal(new Room(snapshot, ask), ask, item.in(List.of())).isEmpty()) {
            return "zone";
        }
        return why.wish().orElse("capacity");
    }

    private static Optional<Refusal> unknown(Ask ask, Snapshot snapshot) {
        for (var item : ask.items()) {
            for (var zone : item.zones()) {
                if (snapshot.find(zone)
                        .filter(place -> place.about() instanceof Place.Zone)
                        .isEmpty()) {
                    return Optional.of(Refusal.malformed(
                                    "zones",
                                    "there is no zone " + zone + "; there are: " + names(snapshot, Place.Zone.class))
                            .because("zone", Optional.empty(), true));
                }
            }
            var provider = item.provider().filter(id -> snapshot.find(id).isEmpty());
            if (provider.isPresent()) {
                return Optional.of(Refusal.malformed(
                                "provider",
                                "there is no provider " + provider.get() + "; there are: "
                                        + names(snapshot, Place.Account.class))
                        .because("zone", Optional.empty(), true));
            }
            for (var kept : item.kept()) {
                if (snapshot.find(kept.place())
                        .filter(place -> place.about() instanceof Place.Host)
                        .isEmpty()) {
                    return Optional.of(Refusal.notThere("there is no host " + kept.place())
                            .because("placement", Optional.empty(), true));
                }
            }
        }
        return Optional.empty();
    }

    private static String names(Snapshot snapshot, Class<? extends Place.About> kind) {
        return snapshot.all().stream()
                .filter(place -> kind.isInstance(place.about()))
                .map(Place::id)
                .limit(20)
                .collect(Collectors.joining(", "));
    }
}
