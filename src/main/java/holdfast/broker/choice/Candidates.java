package holdfast.broker.choice;

import holdfast.core.CloudSupply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Which hosts an item may go to, and in which order they are liked (promise.md 6.8).
///
/// Order: hosts where the item is already; zones as the user likes them; hosts that others are kept off; the tightest
/// gap around the time (or the largest after it); those where the fewest have to leave to whom it is lent; hosts that
/// the project uses already; the lowest number. The same calendar gives the same order.
final class Candidates {
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE / 4);

    private static final String FREE_POOL = CloudSupply.Host.FREE_POOL;

    private static final String NO_MATCH =
            "there is no host that matches the query in the zones asked for; ask for other properties or zones";
    private static final String NOT_SHOWN =
            "no provider that may do shows its hosts, so only quantities can be reserved there; ask for amounts,"
                    + " such as vcpu=8, or for another provider";

    private Candidates() {}

    /// A host that may do.
    record Candidate(Place place, Place.Host host) {}

    /// Groups of hosts; an item lies in one of them. The group with the best liked zone is first. O(hosts).
    static List<List<Candidate>> groups(Snapshot snapshot, Item item, PropertyQuery query) {
        var groups = new TreeMap<String, List<Candidate>>();
        for (var place : snapshot.all()) {
            if (place.about() instanceof Place.Host host && allows(item, place)) {
                groups.computeIfAbsent(key(item, place, host), _ -> new ArrayList<>())
                        .add(new Candidate(place, host));
            }
        }
        var keptIn = item.kept().stream()
                .map(kept -> snapshot.place(kept.place()))
                .map(place -> key(item, place, (Place.Host) place.about()))
                .distinct()
                .toList();
        var ranks = ranks(item);
        return groups.entrySet().stream()
                .filter(group -> keptIn.isEmpty() || keptIn.equals(List.of(group.getKey())))
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparingInt(group -> bestRank(group, ranks)))
                .map(group -> only(group, item, query))
                .toList();
    }

    private static List<Candidate> only(List<Candidate> group, Item item, PropertyQuery query) {
        var kept = Set.copyOf(item.kept().stream().map(Placement::place).toList());
        return group.stream()
                .filter(one ->
                        kept.contains(one.place.id()) || one.host.reservable() && query.matches(one.host.properties()))
                .toList();
    }

    private static boolean allows(Item item, Place place) {
        return item.provider().map(place.provider()::equals).orElse(true)
                && (item.zones().isEmpty()
                        || place.zone().map(item.zones()::contains).orElse(false));
    }

    private static String key(Item item, Place place, Place.Host host) {
        return switch (item.within()) {
            case HOST -> place.id();
            case RACK ->
                place.provider() + " " + place.zone().orElse("") + " "
                        + host.rack().orElse(place.id());
            case ZONE -> place.provider() + " " + place.zone().orElse("");
            case SITE -> place.provider();
            case ANYWHERE -> "";
        };
    }

    private static Map<String, Integer> ranks(Item item) {
        var ranks = new HashMap<String, Integer>();
        item.zones().forEach(zone -> ranks.putIfAbsent(zone, ranks.size()));
        return ranks;
    }

    private static int bestRank(List<Candidate> group, Map<String, Integer> ranks) {
        return group.stream().mapToInt(one -> rank(one.place, ranks)).min().orElse(Integer.MAX_VALUE);
    }

    private static int rank(Place place, Map<String, Integer> ranks) {
        return place.zone()
                .map(zone -> ranks.getOrDefault(zone, Integer.MAX_VALUE))
                .orElse(Integer.MAX_VALUE);
    }

    private record Ranked(Candidate candidate, boolean liked, int zone, Duration gap, long leave, boolean used) {}

    /// The candidates as they are liked. With n steps before the time on a host, O(n + D log n) for each.
    static List<Candidate> ordered(
            Collection<Candidate> candidates, Room room, Ask ask, Item item, Load load, Set<String> liked) {
        var ranks = ranks(item);
        return candidates.stream()
                .map(one -> new Ranked(
                        one,
                        liked.contains(one.place.id()),
                        rank(one.place, ranks),
                        gap(one, room, ask, load),
                        leave(one, room, ask, load),
                        one.host.projects().contains(ask.project())))
                .sorted(Comparator.comparing((Ranked one) -> !one.liked)
                        .thenComparingInt(Ranked::zone)
                        .thenComparing(one -> !one.candidate.host.properties().containsKey(FREE_POOL))
                        .thenComparing(Ranked::gap)
                        .thenComparingLong(Ranked::leave)
                        .thenComparing(one -> !one.used)
                        .thenComparingLong(one -> one.candidate.host.number())
                        .thenComparing(one -> one.candidate.place.id()))
                .map(Ranked::candidate)
                .toList();
    }

    /// On the room and not on the snapshot, so that an update that changes nothing is decided as before.
    private static Duration gap(Candidate one, Room room, Ask ask, Load load) {
        var amount = load.ofHost(one.host).plus(Dimensions.whole(load.whole()));
        var end = ask.when().until();
        var after = room.freeFor(one.place, amount, end).orElse(FOR_EVER);
        return switch (ask.prefer()) {
            case TIGHTEST ->
                Duration.between(
                                room.freeSince(one.place, amount, ask.when().from()),
                                ask.when().from())
                        .plus(after);
            case EXTENDABLE -> after.negated();
        };
    }

    /// How many servers that are lent there would have to leave.
    private static long leave(Candidate one, Room room, Ask ask, Load load) {
        var lent = one.host.lent();
        if (lent.nothing() || !ask.firm()) {
            return 0;
        }
        var left = room.least(one.place, ask.when()).minus(lent);
        var amount = load.ofHost(one.host).plus(Dimensions.whole(load.whole()));
        return Dimensions.count(left, amount) > 0 ? 0 : lent.get(Dimensions.WHOLE);
    }

    /// The place of a candidate of the snapshot, which the caller knows to be a host.
    static Candidate of(Snapshot snapshot, String id) {
        var place = snapshot.place(id);
        return new Candidate(place, (Place.Host) Objects.requireNonNull(place.about()));
    }

    /// Why no host may do, if none may, and the way out.
    static Optional<String> none(Snapshot snapshot, Item item, List<List<Candidate>> groups) {
        if (!groups.stream().allMatch(List::isEmpty)) return Optional.empty();
        boolean shown = !item.zones().isEmpty()
                || snapshot.all().stream()
                        .anyMatch(place -> place.about() instanceof Place.Host && allows(item, place));
        return Optional.of(shown ? NO_MATCH : NOT_SHOWN);
    }
}
