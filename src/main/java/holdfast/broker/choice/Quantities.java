package holdfast.broker.choice;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Certificate;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Finds the pool for loose quantities: one zone, or the account of one provider, covers the whole vector; never cores
/// of one site and memory of another, unless the user lets it spread (promise.md 4.7).
///
/// Where several pools may share, each step and each dimension is filled pool after pool; limits are nested, so this
/// finds it if there is any way. O(pools x steps x D log n).
final class Quantities {
    private final Room room;
    private final Ask ask;
    private final Item item;
    private final List<Step> steps;

    Quantities(Room room, Ask ask, Item item, List<Step> steps) {
        this.room = room;
        this.ask = ask;
        this.item = item;
        this.steps = steps;
    }

    private record Where(String place, Interval when) {}

    Answer<Placed> place() {
        var groups = groups();
        for (var group : groups) {
            var placed = fill(group);
            if (placed.isPresent()) {
                return Answer.yes(placed.get());
            }
        }
        var certificate =
                groups.stream().flatMap(group -> shortage(group).stream()).reduce(Quantities::nearer);
        var message = certificate
                .map(found -> "there is too little " + found.dimension() + " in " + found.place() + " from "
                        + found.at() + " on: " + found.wanted() + " is wanted, " + found.free()
                        + " is free; ask for less, or for another time")
                .orElse(
                        groups.isEmpty()
                                ? "there is no zone or account that would do"
                                : "there is too little in all zones together; ask for less, or for another time");
        return Answer.no(Refusal.noRoom(message, Optional.empty()).because("capacity", certificate, true));
    }

    /// Where it fits for longer, or else where less is missing, the first of equals.
    private static Certificate nearer(Certificate one, Certificate other) {
        var longer = other.at().compareTo(one.at());
        return longer > 0 || longer == 0 && other.deficit() < one.deficit() ? other : one;
    }

    /// Pools that may share the item, best liked first.
    private List<List<Place>> groups() {
        var zones = item.zones().isEmpty()
                ? List.<Place>of()
                : item.zones().stream()
                        .distinct()
                        .flatMap(id -> room.snapshot().find(id).stream())
                        .filter(this::allowed)
                        .toList();
        return switch (item.within()) {
            case HOST, RACK, ZONE ->
                (item.zones().isEmpty() ? smallest() : zones)
                        .stream().map(List::of).toList();
            case SITE -> {
                var sites = new LinkedHashMap<String, List<Place>>();
                (item.zones().isEmpty() ? accounts() : zones)
                        .forEach(place -> sites.computeIfAbsent(place.provider(), _ -> new ArrayList<>())
                                .add(place));
                yield List.copyOf(sites.values());
            }
            case ANYWHERE -> List.of(item.zones().isEmpty() ? accounts() : zones);
        };
    }

    private List<Place> accounts() {
        return room.snapshot().all().stream()
                .filter(place -> place.about() instanceof Place.Account)
                .filter(this::allowed)
                .toList();
    }

    /// All zones, and accounts of which no zones are known.
    private List<Place> smallest() {
        var zones = room.snapshot().all().stream()
                .filter(place -> place.about() instanceof Place.Zone)
                .filter(this::allowed)
                .toList();
        var divided = zones.stream().map(Place::provider).toList();
        var smallest = new ArrayList<>(zones);
        accounts().stream().filter(place -> !divided.contains(place.id())).forEach(smallest::add);
        return smallest;
    }

    private boolean allowed(Place place) {
        return item.provider().map(place.provider()::equals).orElse(true);
    }

    private Optional<Placed> fill(List<Place> pools) {
        var mark = room.mark();
        var taken = new LinkedHashMap<Where, Capacities>();
        var placement = new TreeMap<String, Long>();
        for (var step : steps) {
            var missing = step.amount();
            for (var pool : pools) {
                var part = Dimensions.least(missing, free(pool, step.when()));
                if (!part.nothing()) {
                    missing = missing.minus(part);
                    placement.put(pool.id(), 1L);
                    take(pool, step.when(), part, taken);
                }
            }
            if (!missing.nothing()) {
                room.back(mark);
                return Optional.empty();
            }
        }
        return Optional.of(new Placed(
                placement.keySet().stream().map(id -> new Placement(id, 1)).toList(), claims(taken)));
    }

    /// What is free of the pool and of the account above it; never below zero.
    private Capacities free(Place pool, Interval when) {
        var free = room.least(pool, when);
        for (var above : room.snapshot().above(pool)) {
            free = Dimensions.least(free, room.least(above, when));
        }
        return Dimensions.positive(free);
    }

    private void take(Place pool, Interval when, Capacities part, Map<Where, Capacities> taken) {
        var claimed = new LinkedHashMap<Where, Capacities>();
        claimed.put(new Where(pool.id(), when), part);
        room.snapshot().above(pool).forEach(above -> claimed.put(new Where(above.id(), when), part));
        room.take(claims(claimed));
        claimed.forEach((where, amount) -> taken.merge(where, amount, Capacities::plus));
    }

    private List<Claim> claims(Map<Where, Capacities> amounts) {
        return amounts.entrySet().stream()
                .map(entry -> new Claim(
                        item.id(),
                        entry.getKey().place,
                        entry.getKey().when,
                        entry.getValue(),
                        java.util.Set.of(),
                        ask.firm()))
                .toList();
    }

    /// Where one pool fails; several that share have no one place that shows it, unless it is their account.
    private Optional<Certificate> shortage(List<Place> pools) {
        var first = pools.getFirst();
        var places = new ArrayList<>(room.snapshot().above(first));
        if (pools.size() == 1) {
            places.addFirst(first);
        } else if (pools.stream().map(Place::provider).distinct().count() > 1) {
            return Optional.empty();
        }
        return steps.stream()
                .flatMap(step -> places.stream()
                        .flatMap(place -> room.shortage(place, step.amount(), step.when()).stream()
                                .map(found -> Packing.certificate(place, found))))
                .min(java.util.Comparator.comparing(Certificate::at));
    }
}
