package holdfast.broker.choice;

import holdfast.calendar.UnitTimeline;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The calendar as one read found it. Nothing in it is changed by a decision, so several may look at it.
///
/// @param now no profile says anything about the time before it
/// @param places by id, sorted; those of all candidates, with their accounts and zones
/// @param units when units are held; one that is not in it is free
/// @param pending what may be moved
public record Snapshot(Instant now, Map<String, Place> places, Map<String, UnitTimeline> units, List<Pending> pending) {
    public Snapshot {
        places = new TreeMap<>(places);
        units = Map.copyOf(units);
        pending = List.copyOf(pending);
    }

    /// The same, in which these items do not move: they are decided on.
    public Snapshot without(Set<UUID> items) {
        return new Snapshot(
                now,
                places,
                units,
                pending.stream().filter(one -> !items.contains(one.item().id())).toList());
    }

    /// The same with fewer places to choose from.
    public Snapshot with(Predicate<Place> wanted) {
        var some = new TreeMap<>(places);
        some.values().removeIf(wanted.negate());
        return new Snapshot(now, some, units, pending);
    }

    Optional<Place> find(String id) {
        return Optional.ofNullable(places.get(id));
    }

    Place place(String id) {
        return Objects.requireNonNull(places.get(id), id);
    }

    /// Account and zone of a place, without itself: what is taken of it counts there, too.
    List<Place> above(Place place) {
        return Stream.concat(Stream.of(place.provider()), place.zone().stream())
                .filter(id -> !id.equals(place.id()))
                .flatMap(id -> find(id).stream())
                .toList();
    }

    Collection<Place> all() {
        return places.values();
    }
}
