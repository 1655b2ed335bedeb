package holdfast.broker.choice;

import holdfast.core.Answer;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Late binding: pending items that are not pinned go to other hosts, so that a request fits (promise.md 6.1).
///
/// The pending items that the request touches, directly or through others, are taken out and placed again with it, by
/// start; hosts where they are already come first. When one finds no host, others make way for it, one after the
/// other, three deep. For like hosts that are held alone, with nothing pinned in the future, the first of it succeeds
/// exactly if at no instant more hosts are wanted than there are; in general it may miss a way, so its no proves
/// nothing.
///
/// With p pending items (1,000 at most), u hosts and n steps: O(p u (n + D log n)), and as much again for each
/// 2,000,000 / u of at most 20,000 attempts to make way. What has a name and loose quantities never move.
final class Repacking {
    /// Attempts to make way, at most.
    static final int MOVES = 20_000;

    private static final long LOOKS = 2_000_000;
    private static final int DEEPEST = 3;

    private final Room room;
    private final Map<UUID, Entry> placed = new LinkedHashMap<>();
    private long budget;

    private Repacking(Room room, long budget) {
        this.room = room;
        this.budget = budget;
    }

    /// What was found.
    record Packed(Map<UUID, Placed> placed, List<Move> moves) {}

    /// An item that may be moved.
    ///
    /// @param context the request that it comes from
    private record Entry(Ask context, Item item, Set<String> liked, Optional<Pending> pending, Placed where) {
        UUID id() {
            return item.id();
        }

        Interval when() {
            return context.when();
        }

        Entry at(Placed other) {
            return new Entry(context, item, liked, pending, other);
        }
    }

    private static final Placed NOWHERE = new Placed(List.of(), List.of());

    /// The placements of the items of `ask` and what must move for them, or empty if no way was found.
    ///
    /// @param moves attempts to make way, at most
    static Optional<Packed> pack(Ask ask, Snapshot snapshot, int moves) {
        var affected = affected(ask, snapshot);
        if (affected.isEmpty()
                || affected.size() > Limits.MOVABLE
                || ask.items().stream().noneMatch(Repacking::moves)) {
            return Optional.empty();
        }
        var room = new Room(snapshot, ask);
        affected.forEach(pending -> room.give(pending.claims()));
        var budget = Math.min(moves, LOOKS / Math.max(1, snapshot.places().size()));
        return new Repacking(room, budget).pack(ask, affected);
    }

    private static boolean moves(Item item) {
        return item.need() instanceof Need.Hosts || item.need() instanceof Need.Instances;
    }

    /// The pending items whose time touches that of the request, or of one that does. O(p log p).
    private static List<Pending> affected(Ask ask, Snapshot snapshot) {
        var own = ask.items().stream().map(Item::id).collect(Collectors.toSet());
        var movable = snapshot.pending().stream()
                .filter(pending ->
                        moves(pending.item()) && !own.contains(pending.item().id()))
                .filter(pending -> !pending.when().from().isBefore(snapshot.now()))
                .sorted(Comparator.comparing((Pending pending) -> pending.when().from())
                        .thenComparing(pending -> pending.item().id()))
                .toList();
        var found = new ArrayList<Pending>();
        var run = new ArrayList<Pending>();
        var end = Instant.MIN;
        boolean touches = false;
        var busyUntil = busyUntil(ask, snapshot);
        for (var pending : movable) {
            if (pending.when().from().isAfter(end)) {
                if (touches) {
                    found.addAll(run);
                }
                run.clear();
                touches = false;
            }
            run.add(pending);
            var until = busyUntil(pending);
            end = until.isAfter(end) ? until : end;
            touches |= !pending.when().from().isAfter(busyUntil)
                    && !until.isBefore(ask.when().from());
        }
        if (touches) {
            found.addAll(run);
        }
        return found;
    }

    private static Instant busyUntil(Pending pending) {
        return pending.claims().stream()
                .map(claim -> claim.when().until())
                .max(Comparator.naturalOrder())
                .orElse(pending.when().until());
    }

    private static Instant busyUntil(Ask ask, Snapshot snapshot) {
        return snapshot.all().stream()
                .filter(place -> place.about() instanceof Place.Host)
                .map(place -> Load.withCleaning(ask.when(), (Place.Host) place.about())
                        .until())
                .max(Comparator.naturalOrder())
                .orElse(ask.when().until());
    }

    private Optional<Packed> pack(Ask ask, List<Pending> affected) {
        var results = new HashMap<UUID, Placed>();
        for (var item : ask.items()) {
            if (!moves(item)) {
                switch (Placing.place(room, ask, item, Set.of())) {
                    case Answer.Yes<Placed>(var where) -> results.put(item.id(), where);
                    case Answer.No<Placed> _ -> {
                        return Optional.empty();
                    }
                }
            }
        }
        for (var entry : inOrder(ask, affected)) {
            if (!put(entry) && !makeWay(entry, Set.of(), DEEPEST)) {
                return Optional.empty();
            }
        }
        var moved = new ArrayList<Move>();
        for (var entry : placed.values()) {
            if (entry.pending.isEmpty()) {
                results.put(entry.id(), entry.where);
            } else if (!slots(entry.pending.get().placement()).equals(slots(entry.where.placement()))) {
                moved.add(new Move(
                        entry.id(), entry.where.placement(), entry.pending.get().claims(), entry.where.claims()));
            }
        }
        return Optional.of(new Packed(results, moved));
    }

    private static Map<String, Long> slots(List<Placement> placements) {
        return placements.stream().collect(Collectors.toMap(Placement::place, Placement::slots, Long::sum));
    }

    /// By start; at one instant those that are there already before the new.
    private static List<Entry> inOrder(Ask ask, List<Pending> affected) {
        var entries = new ArrayList<Entry>();
        for (var pending : affected) {
            var context = new Ask(
                    pending.project(),
                    pending.when(),
                    pending.claims().stream().allMatch(Claim::firm),
                    ask.prefer(),
                    List.of(),
                    List.of());
            long number =
                    pending.placement().stream().mapToLong(Placement::slots).sum();
            entries.add(new Entry(
                    context,
                    pending.item().asking(exactly(pending.item().need(), number)),
                    slots(pending.placement()).keySet(),
                    Optional.of(pending),
                    NOWHERE));
        }
        for (var item : ask.items()) {
            if (moves(item)) {
                entries.add(new Entry(
                        ask,
                        item.asking(exactly(item.need(), least(item.need()))),
                        Set.of(),
                        Optional.empty(),
                        NOWHERE));
            }
        }
        entries.sort(Comparator.comparing((Entry entry) -> entry.when().from())
                .thenComparing(entry -> entry.pending.isEmpty())
                .thenComparing(Entry::id));
        return entries;
    }

    private static long least(Need need) {
        return switch (need) {
            case Need.Instances instances -> instances.min();
            case Need.Hosts hosts -> hosts.min();
            default -> 1;
        };
    }

    private static Need exactly(Need need, long number) {
        return switch (need) {
            case Need.Instances(var flavor, var _, var _, var affinity, var query) ->
                new Need.Instances(flavor, number, number, affinity, query);
            case Need.Hosts(var _, var _, var query) -> new Need.Hosts(number, number, query);
            default -> need;
        };
    }

    private boolean put(Entry entry) {
        return switch (Placing.place(room, entry.context, entry.item, entry.liked)) {
            case Answer.Yes<Placed>(var where) -> {
                placed.put(entry.id(), entry.at(where));
                yield true;
            }
            case Answer.No<Placed> _ -> false;
        };
    }

    /// Takes out one of those in the way, places `entry`, and finds another place for what was taken out.
    private boolean makeWay(Entry entry, Set<UUID> settled, int depth) {
        if (depth == 0) {
            return false;
        }
        var now = new LinkedHashSet<>(settled);
        now.add(entry.id());
        for (var other : List.copyOf(placed.values())) {
            if (settled.contains(other.id()) || !near(other, entry)) {
                continue;
            }
            if (budget-- <= 0) {
                return false;
            }
            var mark = room.mark();
            var before = new LinkedHashMap<>(placed);
            room.drop(other.where.claims());
            placed.remove(other.id());
            if (put(entry) && (put(other) || makeWay(other, now, depth - 1))) {
                return true;
            }
            room.back(mark);
            placed.clear();
            placed.putAll(before);
        }
        return false;
    }

    private static boolean near(Entry one, Entry other) {
        var hosts = new HashSet<Instant>();
        one.where.claims().forEach(claim -> hosts.add(claim.when().until()));
        var until =
                hosts.stream().max(Comparator.naturalOrder()).orElse(one.when().until());
        return one.when().from().isBefore(other.when().until())
                && other.when().from().isBefore(until);
    }
}
