package holdfast.api.promise;

import holdfast.broker.Reservation;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.Step;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What reservations are for, as quantities over time. Of whole hosts it knows none: what they have is the provider's
/// affair.
final class Shape {
    private Shape() {}

    static List<Step> of(Reservation reservation) {
        var steps = new ArrayList<Step>();
        for (var part : reservation.items()) {
            switch (part.item().need()) {
                case Need.Quantity(var asked) -> steps.addAll(asked);
                case Need.Instances instances -> {
                    long placed = part.placement().stream()
                            .mapToLong(Placement::slots)
                            .sum();
                    long count = placed == 0 ? instances.min() : placed;
                    steps.add(new Step(reservation.when(), size(instances.flavor(), count)));
                }
                case Need.Addresses addresses ->
                    steps.add(new Step(reservation.when(), Capacities.of("address", addresses.count())));
                case Need.Hosts _, Need.Elements _ -> {}
            }
        }
        return steps;
    }

    /// What so many instances take.
    static Capacities size(Flavor flavor, long count) {
        return new Capacities(
                Map.of("vcpu", flavor.vcpus() * count, "memory_mb", flavor.memoryMb() * count, "instance", count));
    }

    /// At one instant.
    static Capacities at(List<Step> steps, Instant instant) {
        return steps.stream()
                .filter(step -> step.when().contains(instant))
                .map(Step::amount)
                .reduce(Capacities.NONE, Capacities::plus);
    }

    /// The most of each at any instant.
    static Capacities most(List<Step> steps) {
        return steps.stream().map(step -> at(steps, step.when().from())).reduce(Capacities.NONE, Capacities::max);
    }

    /// What is left of `whole`, never below zero.
    static Capacities less(Capacities whole, Capacities used) {
        var left = new TreeMap<>(whole.minus(used).amounts());
        left.values().removeIf(amount -> amount < 0);
        return new Capacities(left);
    }

    /// Whether some of it lies in the window.
    static boolean touches(List<Step> steps, Interval window) {
        return steps.stream().anyMatch(step -> step.when().overlaps(window));
    }
}
