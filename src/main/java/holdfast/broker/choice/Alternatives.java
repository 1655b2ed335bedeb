package holdfast.broker.choice;

import holdfast.core.Answer;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What could be had instead of what was refused (promise.md 6.3): less, later, shorter, or in other zones.
///
/// Each is a complete request that was decided over the same snapshot with yes, so it is accepted when it is sent
/// unchanged while nothing else changes.
public final class Alternatives {
    private static final int MOST_ZONES = 32;

    private final Snapshot snapshot;
    private final Instant horizon;
    private int decisions;

    private Alternatives(Snapshot snapshot, Instant horizon, int decisions) {
        this.snapshot = snapshot;
        this.horizon = horizon;
        this.decisions = decisions;
    }

    /// What is changed; the order counts where the distance in time is equal.
    public enum Kind {
        ZONES,
        MAX,
        SHORTER,
        EARLIEST
    }

    /// @param ask what to send
    /// @param distance by how much start and length differ from what was asked
    public record Alternative(Kind kind, Ask ask, Duration distance) {}

    /// The alternatives, nearest in time first; none of a kind where there is none, or where it was not found with
    /// so many decisions. The one that is *earliest* has nothing before it.
    ///
    /// @param horizon an alternative ends no later
    /// @param decisions how often [Choice#decide] may be asked; its cost times this is the cost
    public static List<Alternative> of(Ask ask, Snapshot snapshot, Instant horizon, int decisions) {
        var search = new Alternatives(snapshot, horizon, decisions);
        var found = new ArrayList<Alternative>();
        search.zones(ask).ifPresent(found::add);
        search.most(ask).ifPresent(found::add);
        search.shorter(ask).ifPresent(found::add);
        search.earliest(ask, ask.when().from())
                .map(later -> alternative(Kind.EARLIEST, ask, later))
                .ifPresent(found::add);
        found.sort(Comparator.comparing(Alternative::distance).thenComparing(Alternative::kind));
        return found;
    }

    /// The same request at the earliest start from `from` on at which it is accepted, if it is found and ends by
    /// the horizon.
    static Optional<Ask> earliest(Ask ask, Snapshot snapshot, Instant from, Instant horizon, int decisions) {
        return new Alternatives(snapshot, horizon, decisions).earliest(ask, from);
    }

    private static Alternative alternative(Kind kind, Ask asked, Ask offered) {
        var shift = Duration.between(asked.when().from(), offered.when().from()).abs();
        var shorter = asked.when().length().minus(offered.when().length()).abs();
        return new Alternative(kind, offered, shift.plus(shorter));
    }

    private boolean accepted(Ask ask) {
        if (decisions-- <= 0) {
            return false;
        }
        return Choice.decide(ask, snapshot) instanceof Answer.Yes<Grant>;
    }

    /// All items that name zones in any one other zone.
    private Optional<Alternative> zones(Ask ask) {
        if (ask.items().stream().allMatch(item -> item.zones().isEmpty())) {
            return Optional.empty();
        }
        var named = new HashSet<String>();
        ask.items().forEach(item -> named.addAll(item.zones()));
        return snapshot.all().stream()
                .filter(place -> place.about() instanceof Place.Zone && !named.contains(place.id()))
                .limit(MOST_ZONES)
                .map(place -> ask.asking(ask.items().stream()
                        .map(item -> item.zones().isEmpty() ? item : item.in(List.of(place.id())))
                        .toList()))
                .filter(this::accepted)
                .findFirst()
                .map(other -> alternative(Kind.ZONES, ask, other));
    }

    /// Item by item the most of what it asks for, or all of it.
    private Optional<Alternative> most(Ask ask) {
        var room = new Room(snapshot, ask);
        var items = new ArrayList<Item>();
        for (var item : ask.items()) {
            var need = Most.of(room, ask, item);
            if (need.isEmpty()) {
                return Optional.empty();
            }
            var less = item.asking(need.get());
            if (!(Placing.place(room, ask, less, Set.of()) instanceof Answer.Yes<Placed>)) {
                return Optional.empty();
            }
            items.add(less);
        }
        return Optional.of(ask.asking(items))
                .filter(less -> !less.equals(ask) && accepted(less))
                .map(less -> alternative(Kind.MAX, ask, less));
    }

    /// The longest that begins when asked: a search by halves over the instants at which something becomes scarce.
    private Optional<Alternative> shorter(Ask ask) {
        var ends = Stream.concat(Instants.of(ask, snapshot, ask.when()).stream(), edges(ask))
                .distinct()
                .sorted()
                .filter(instant -> ask.when().from().isBefore(instant)
                        && instant.isBefore(ask.when().until()))
                .toList();
        int least = 0;
        int most = ends.size();
        Optional<Ask> best = Optional.empty();
        while (least < most) {
            int middle = (least + most) / 2;
            var offer = during(ask, new Interval(ask.when().from(), ends.get(middle)));
            if (offer.isPresent() && accepted(offer.get())) {
                best = offer;
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        return best.map(offer -> alternative(Kind.SHORTER, ask, offer));
    }

    /// Room appears only where something ends, so that only such starts are tried, the earliest first.
    private Optional<Ask> earliest(Ask ask, Instant from) {
        if (ask.when().until().equals(Instant.MAX)) {
            return Optional.empty();
        }
        var length = ask.when().length();
        var last = horizon.minus(length);
        if (last.isBefore(from)) {
            return Optional.empty();
        }
        for (var start : Instants.of(ask, snapshot, new Interval(from, horizon))) {
            if (start.isAfter(last) || decisions <= 0) {
                return Optional.empty();
            }
            var later = shifted(ask, Duration.between(ask.when().from(), start));
            if (accepted(later)) {
                return Optional.of(later);
            }
        }
        return Optional.empty();
    }

    /// Where the steps of the request begin and end.
    private static Stream<Instant> edges(Ask ask) {
        return ask.items().stream()
                .flatMap(item -> item.need() instanceof Need.Quantity(var steps) ? steps.stream() : Stream.empty())
                .flatMap(step -> Stream.of(step.when().from(), step.when().until()));
    }

    /// The same request for another time; quantities in steps move with it.
    private static Ask shifted(Ask ask, Duration by) {
        var items = ask.items().stream()
                .map(item -> item.need() instanceof Need.Quantity(var steps)
                        ? item.asking(new Need.Quantity(Steps.shifted(steps, by)))
                        : item)
                .toList();
        return new Ask(
                ask.project(),
                new Interval(ask.when().from().plus(by), ask.when().until().plus(by)),
                ask.firm(),
                ask.prefer(),
                items,
                ask.own());
    }

    /// The same request, cut to `when`; empty if nothing would be left of an item.
    private static Optional<Ask> during(Ask ask, Interval when) {
        var items = new ArrayList<Item>();
        for (var item : ask.items()) {
            if (item.need() instanceof Need.Quantity(var steps)) {
                var left = steps.stream()
                        .filter(step -> step.when().overlaps(when))
                        .map(step -> new Step(cut(step.when(), when), step.amount()))
                        .toList();
                if (left.isEmpty()) {
                    return Optional.empty();
                }
                items.add(item.asking(new Need.Quantity(left)));
            } else {
                items.add(item);
            }
        }
        return Optional.of(new Ask(ask.project(), when, ask.firm(), ask.prefer(), items, ask.own()));
    }

    private static Interval cut(Interval one, Interval to) {
        return new Interval(
                one.from().isBefore(to.from()) ? to.from() : one.from(),
                one.until().isAfter(to.until()) ? to.until() : one.until());
    }
}
