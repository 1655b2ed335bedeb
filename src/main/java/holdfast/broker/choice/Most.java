package holdfast.broker.choice;

import holdfast.core.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The most of an item that there is room for (promise.md 6.1 MAXVEC and COUNT).
final class Most {
    private Most() {}

    /// What to ask for instead; the same if all of it fits, empty if there is nothing.
    static Optional<Need> of(Room room, Ask ask, Item item) {
        return switch (item.need()) {
            case Need.Quantity quantity -> quantity(room, ask, item, quantity);
            case Need.Instances need ->
                count(
                        room,
                        ask,
                        item,
                        need.max(),
                        number -> new Need.Instances(
                                need.flavor(), Math.min(number, need.min()), number, need.affinity(), need.query()));
            case Need.Hosts need ->
                count(
                        room,
                        ask,
                        item,
                        need.max(),
                        number -> new Need.Hosts(Math.min(number, need.min()), number, need.query()));
            case Need.Addresses need -> {
                long least = Math.max(1, need.required().size());
                yield largest(
                                least,
                                need.count(),
                                number -> fits(
                                        room,
                                        ask,
                                        item.asking(new Need.Addresses(need.network(), number, need.required()))))
                        .map(number -> new Need.Addresses(need.network(), number, need.required()));
            }
            case Need.Elements need -> fits(room, ask, item) ? Optional.of(need) : Optional.empty();
        };
    }

    private interface Sized {
        Need of(long number);
    }

    private interface Test {
        boolean passes(long number);
    }

    private static Optional<Need> count(Room room, Ask ask, Item item, long max, Sized sized) {
        var mark = room.mark();
        var answer = Placing.place(room, ask, item.asking(atLeastOne(sized.of(max))), Set.of());
        room.back(mark);
        return switch (answer) {
            case Answer.Yes<Placed>(var placed) ->
                Optional.of(sized.of(
                        placed.placement().stream().mapToLong(Placement::slots).sum()));
            case Answer.No<Placed> _ -> Optional.empty();
        };
    }

    private static Need atLeastOne(Need need) {
        return switch (need) {
            case Need.Instances(var flavor, var _, var max, var affinity, var query) ->
                new Need.Instances(flavor, 1, max, affinity, query);
            case Need.Hosts(var _, var max, var query) -> new Need.Hosts(1, max, query);
            default -> need;
        };
    }

    /// The whole vector in the pool that has most of it, each dimension and each step cut to what is free there.
    private static Optional<Need> quantity(Room room, Ask ask, Item item, Need.Quantity quantity) {
        if (fits(room, ask, item)) {
            return Optional.of(quantity);
        }
        return room.snapshot().all().stream()
                .filter(place -> serves(item, place))
                .flatMap(place -> cut(room, place, quantity).stream())
                .filter(less -> fits(room, ask, item.asking(less)))
                .reduce((one, other) -> sum(other) > sum(one) ? other : one)
                .map(less -> less);
    }

    private static boolean serves(Item item, Place place) {
        boolean kind = item.zones().isEmpty()
                ? place.about() instanceof Place.Zone || place.about() instanceof Place.Account
                : item.zones().contains(place.id());
        return kind && item.provider().map(place.provider()::equals).orElse(true);
    }

    private static Optional<Need.Quantity> cut(Room room, Place place, Need.Quantity quantity) {
        List<Step> steps = new ArrayList<>();
        for (var step : quantity.steps()) {
            var free = room.least(place, step.when());
            for (var above : room.snapshot().above(place)) {
                free = Dimensions.least(free, room.least(above, step.when()));
            }
            var amount = Dimensions.positive(Dimensions.least(step.amount(), free));
            if (!amount.nothing()) {
                steps.add(new Step(step.when(), amount));
            }
        }
        return steps.isEmpty() ? Optional.empty() : Optional.of(new Need.Quantity(steps));
    }

    private static double sum(Need.Quantity quantity) {
        return quantity.steps().stream()
                .flatMap(step -> step.amount().amounts().values().stream())
                .mapToDouble(Long::doubleValue)
                .sum();
    }

    private static boolean fits(Room room, Ask ask, Item item) {
        var mark = room.mark();
        var answer = Placing.place(room, ask, item, Set.of());
        room.back(mark);
        return answer instanceof Answer.Yes<Placed>;
    }

    /// The largest number that passes, by halves.
    private static Optional<Long> largest(long least, long most, Test test) {
        long below = least - 1;
        long above = most + 1;
        while (above - below > 1) {
            long middle = below + (above - below) / 2;
            if (test.passes(middle)) {
                below = middle;
            } else {
                above = middle;
            }
        }
        return below < least ? Optional.empty() : Optional.of(below);
    }
}
