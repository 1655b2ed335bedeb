package holdfast.broker.choice;

import holdfast.broker.choice.Candidates.Candidate;
import holdfast.calendar.Shortage;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Certificate;
import holdfast.core.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Puts instances or leases of whole hosts on hosts: as many as there is room for, up to the most wanted.
///
/// Instances of one flavor on different hosts do not touch each other, and the limits of zones and accounts are nested,
/// so filling host after host finds the greatest number: a no is then proved. Whole hosts of different sizes under a
/// tight limit of a zone are the exception.
///
/// With u hosts of n steps each: O(u (n + D log n)), in which n are the steps before the time; never O(u²).
final class Packing {
    private final Room room;
    private final Ask ask;
    private final Item item;
    private final Load load;
    private final long min;
    private final long max;
    private final Affinity affinity;
    private final PropertyQuery query;
    private final Map<String, Capacities> leastAbove = new HashMap<>();

    private Packing(
            Room room, Ask ask, Item item, Load load, long min, long max, Affinity affinity, PropertyQuery query) {
        this.room = room;
        this.ask = ask;
        this.item = item;
        this.load = load;
        this.min = min;
        this.max = max;
        this.affinity = affinity;
        this.query = query;
    }

    static Packing of(Room room, Ask ask, Item item, Need.Instances need) {
        return new Packing(
                room, ask, item, new Load.Slot(need.flavor()), need.min(), need.max(), need.affinity(), need.query());
    }

    static Packing of(Room room, Ask ask, Item item, Need.Hosts need) {
        return new Packing(room, ask, item, new Load.Lease(), need.min(), need.max(), Affinity.APART, need.query());
    }

    /// Places the item and takes it in the room.
    ///
    /// @param liked ids of hosts that come first
    Answer<Placed> place(Set<String> liked) {
        var groups = Candidates.groups(room.snapshot(), item, query);
        var best = Map.<String, Long>of();
        for (var group : groups) {
            var filled = fill(group, liked);
            if (number(filled) > number(best)) {
                best = filled;
            }
            if (number(best) >= max) {
                break;
            }
        }
        if (number(best) < min) {
            return Answer.no(new Missing(groups, number(best)).refusal());
        }
        var placement = best.entrySet().stream()
                .map(entry -> new Placement(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Placement::place))
                .toList();
        var placed = new Placed(placement, load.claims(room.snapshot(), item.id(), ask.when(), placement, ask.firm()));
        room.take(placed.claims());
        return Answer.yes(placed);
    }

    private static long number(Map<String, Long> slots) {
        return slots.values().stream().mapToLong(Long::longValue).sum();
    }

    /// How many on which hosts of one group; empty if what must stay does not fit.
    private Map<String, Long> fill(List<Candidate> group, Set<String> liked) {
        leastAbove.clear();
        var filled = new LinkedHashMap<String, Long>();
        for (var kept : item.kept()) {
            var host = Candidates.of(room.snapshot(), kept.place());
            if (kept.slots() > count(host)) {
                return Map.of();
            }
            put(filled, host, kept.slots());
        }
        long missing = max - number(filled);
        if (missing <= 0) {
            return filled;
        }
        var open = group.stream()
                .filter(one -> !filled.containsKey(one.place().id()))
                .filter(one -> countOnHost(one) > 0)
                .toList();
        var ordered = Candidates.ordered(open, room, ask, item, load, liked);
        if (affinity == Affinity.TOGETHER) {
            return together(filled, ordered);
        }
        if (affinity == Affinity.NONE) {
            for (var kept : item.kept()) {
                missing -= put(filled, Candidates.of(room.snapshot(), kept.place()), missing, kept.slots());
            }
        }
        for (var one : ordered) {
            if (missing == 0) {
                break;
            }
            long slots = Math.min(count(one), affinity == Affinity.APART ? Math.min(1, missing) : missing);
            put(filled, one, slots);
            missing -= slots;
        }
        return filled;
    }

    private Map<String, Long> together(Map<String, Long> kept, List<Candidate> ordered) {
        if (!kept.isEmpty()) {
            var slots = number(kept);
            var host = Candidates.of(room.snapshot(), kept.keySet().iterator().next());
            put(kept, host, max - slots, slots);
            return kept.size() == 1 ? kept : Map.of();
        }
        var best = Map.<String, Long>of();
        for (var one : ordered) {
            long slots = Math.min(max, count(one));
            if (slots > number(best)) {
                best = Map.of(one.place().id(), slots);
            }
            if (slots == max) {
                break;
            }
        }
        return best;
    }

    /// Adds more beside those that are on the host already.
    private long put(Map<String, Long> filled, Candidate one, long wanted, long there) {
        long slots = Math.min(wanted, Math.min(countOnHost(one) - there, countAbove(one)));
        put(filled, one, Math.max(0, slots));
        return Math.max(0, slots);
    }

    private void put(Map<String, Long> filled, Candidate one, long slots) {
        if (slots > 0) {
            filled.merge(one.place().id(), slots, Long::sum);
            var taken = Dimensions.times(load.above(one.host()), slots);
            room.snapshot()
                    .above(one.place())
                    .forEach(place ->
                            leastAbove.put(place.id(), leastAbove(place).minus(taken)));
        }
    }

    private long count(Candidate one) {
        return Math.min(countOnHost(one), countAbove(one));
    }

    private long countOnHost(Candidate one) {
        var amounts = room.least(one.place(), ask.when());
        long slots = Dimensions.count(amounts, load.ofHost(one.host()));
        if (slots == 0) {
            return 0;
        }
        var clean = room.least(one.place(), Load.withCleaning(ask.when(), one.host()));
        long whole = Math.max(0, clean.get(Dimensions.WHOLE)) / load.whole();
        return Math.min(slots, whole);
    }

    private long countAbove(Candidate one) {
        var each = load.above(one.host());
        return room.snapshot().above(one.place()).stream()
                .mapToLong(place -> Dimensions.count(leastAbove(place), each))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private Capacities leastAbove(Place place) {
        return leastAbove.computeIfAbsent(place.id(), _ -> room.least(place, ask.when()));
    }

    /// Says why there is too little, and whether that is proved.
    private final class Missing {
        private final List<List<Candidate>> groups;
        private final long found;

        Missing(List<List<Candidate>> groups, long found) {
            this.groups = groups;
            this.found = found;
        }

        Refusal refusal() {
            var what = load instanceof Load.Lease ? "hosts" : "instances";
            var none = Candidates.none(room.snapshot(), item, groups);
            if (none.isPresent()) {
                return Refusal.noRoom(none.get(), Optional.empty())
                        .because(item.zones().isEmpty() ? "placement" : "zone", Optional.empty(), true);
            }
            leastAbove.clear();
            var above = shortAbove();
            var message = "there is room for " + found + " of the " + min + " " + what + " wanted for all of "
                    + ask.when() + "; ask for fewer, or for another time";
            return Refusal.noRoom(message, Optional.empty())
                    .because(
                            above.isPresent() ? "capacity" : "placement",
                            above.isPresent() ? above : nearest(),
                            isProved());
        }

        /// Filling is exact for instances, and for hosts if there are too few whatever the limits above them.
        private boolean isProved() {
            return load instanceof Load.Slot
                    || groups.stream()
                            .allMatch(group -> group.stream()
                                            .filter(one -> countOnHost(one) > 0)
                                            .count()
                                    < min);
        }

        /// The account, if it is too small for the instances wherever they go.
        private Optional<Certificate> shortAbove() {
            var accounts = groups.stream()
                    .flatMap(List::stream)
                    .map(one -> one.place().provider())
                    .collect(Collectors.toSet());
            if (accounts.size() != 1 || !(load instanceof Load.Slot)) {
                return Optional.empty();
            }
            var any = groups.stream().flatMap(List::stream).findFirst().orElseThrow();
            var wanted = Dimensions.times(load.above(any.host()), min);
            return room.snapshot()
                    .find(any.place().provider())
                    .flatMap(account ->
                            room.shortage(account, wanted, ask.when()).map(shortage -> certificate(account, shortage)));
        }

        /// The host where one more would fit for longest.
        private Optional<Certificate> nearest() {
            var misses = new ArrayList<Certificate>();
            for (var group : groups) {
                for (var one : group) {
                    miss(one).ifPresent(misses::add);
                }
            }
            return misses.stream()
                    .max(Comparator.comparing(Certificate::at)
                            .thenComparing(Certificate::place, Comparator.reverseOrder()));
        }

        private Optional<Certificate> miss(Candidate one) {
            long more = load instanceof Load.Lease ? 1 : countOnHost(one) + 1;
            var amount = Dimensions.times(load.ofHost(one.host()), more);
            return room.shortage(one.place(), amount, ask.when())
                    .or(() -> room.shortage(
                            one.place(),
                            Dimensions.whole(load.whole() * more),
                            Load.withCleaning(ask.when(), one.host())))
                    .map(shortage -> certificate(one.place(), shortage));
        }
    }

    static Certificate certificate(Place place, Shortage shortage) {
        return new Certificate(place.id(), shortage.dimension(), shortage.at(), shortage.wanted(), shortage.free());
    }
}
