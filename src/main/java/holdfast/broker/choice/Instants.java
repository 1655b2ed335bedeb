package holdfast.broker.choice;

import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The instants at which the answer to a request may change. Between two of them it is the same for each start, and for
/// each end.
final class Instants {
    private Instants() {}

    /// In order, those in `when`, its start and its end among them. With n changes in all places, c different gaps
    /// for cleaning and s steps of the request: O(n c s log n).
    static List<Instant> of(Ask ask, Snapshot snapshot, Interval when) {
        var offsets = offsets(ask, snapshot);
        var longest = offsets.stream().max(Duration::compareTo).orElse(Duration.ZERO);
        var shortest = offsets.stream().min(Duration::compareTo).orElse(Duration.ZERO);
        var wide = new Interval(when.from().plus(shortest), plus(when.until(), longest));
        var changes = new TreeSet<Instant>();
        for (var place : snapshot.all()) {
            place.free().steps(wide).forEach(step -> edges(step.when()).forEach(changes::add));
        }
        snapshot.units()
                .values()
                .forEach(unit ->
                        unit.freeWindows(wide).forEach(free -> edges(free).forEach(changes::add)));
        snapshot.pending()
                .forEach(pending ->
                        pending.claims().forEach(claim -> edges(claim.when()).forEach(changes::add)));
        ask.own().forEach(claim -> edges(claim.when()).forEach(changes::add));
        var found = new TreeSet<Instant>();
        found.add(when.from());
        found.add(when.until());
        for (var change : changes) {
            for (var offset : offsets) {
                var instant = change.minus(offset);
                if (when.contains(instant)) {
                    found.add(instant);
                }
            }
        }
        return List.copyOf(found);
    }

    private static Stream<Instant> edges(Interval interval) {
        return Stream.of(interval.from(), interval.until())
                .filter(instant -> !instant.equals(Instant.MIN) && !instant.equals(Instant.MAX));
    }

    /// By how much before a change something may begin or end because of it.
    private static Set<Duration> offsets(Ask ask, Snapshot snapshot) {
        var offsets = new TreeSet<Duration>();
        offsets.add(Duration.ZERO);
        snapshot.all().forEach(place -> {
            if (place.about() instanceof Place.Host host) {
                offsets.add(host.cleaning());
                offsets.add(host.cleaning().negated());
            }
        });
        for (var item : ask.items()) {
            if (item.need() instanceof Need.Quantity(var steps)) {
                steps.forEach(step -> offsets.add(
                        Duration.between(ask.when().from(), step.when().from())));
            }
        }
        return offsets;
    }

    private static Instant plus(Instant instant, Duration duration) {
        return instant.isAfter(Instant.MAX.minus(duration)) ? Instant.MAX : instant.plus(duration);
    }
}
