package holdfast.pools.clouds.costs;

import static java.util.stream.Collectors.groupingBy;

import holdfast.pools.clouds.costs.Cost.Chargeable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Prices that are known, and what follows from them (aeolus.md 6.7).
public final class Tariff {
    /// Nothing is known.
    public static final Tariff NONE = new Tariff(List.of());

    private static final List<Chargeable> MEASURES = List.of(Chargeable.CPU, Chargeable.MEMORY, Chargeable.STORAGE);

    private final Map<Place, List<Cost>> costs;

    private record Place(UUID provider, String profile) {}

    public Tariff(Collection<Cost> costs) {
        this.costs = costs.stream().collect(groupingBy(cost -> new Place(cost.provider(), cost.profile())));
    }

    /// What an instance costs from start to end, at the prices of the start.
    ///
    /// @param sizes of the instance by measure, as far as they are known
    /// @return empty if it is not known
    public Optional<BigDecimal> estimate(
            UUID provider, String profile, Map<String, String> sizes, Instant start, Instant end) {
        var then = new EnumMap<Chargeable, Cost>(Chargeable.class);
        for (var cost : costs.getOrDefault(new Place(provider, profile), List.of())) {
            if (cost.holds(start)) {
                then.put(cost.of(), cost);
            }
        }
        return Optional.ofNullable(then.get(Chargeable.HARDWARE_PROFILE))
                .filter(whole -> whole.billing() != Billing.PER_PROPERTY)
                .map(whole -> charge(whole, start, end))
                .or(() -> byMeasures(then, sizes, start, end));
    }

    /// The same of one hour.
    public Optional<BigDecimal> hourly(UUID provider, String profile, Map<String, String> sizes, Instant at) {
        return estimate(provider, profile, sizes, at, at);
    }

    /// A measure without a price costs nothing if another has one; one with a price and of unknown size leaves all
    /// unknown.
    private static Optional<BigDecimal> byMeasures(
            Map<Chargeable, Cost> then, Map<String, String> sizes, Instant start, Instant end) {
        var sum = BigDecimal.ZERO;
        boolean known = false;
        for (var measure : MEASURES) {
            var cost = Optional.ofNullable(then.get(measure));
            if (cost.isPresent()) {
                var size = Optional.ofNullable(sizes.get(measure.word()));
                if (size.isEmpty()) {
                    return Optional.empty();
                }
                sum = sum.add(charge(cost.get(), start, end).multiply(new BigDecimal(size.get())));
                known = true;
            }
        }
        return known ? Optional.of(sum) : Optional.empty();
    }

    private static BigDecimal charge(Cost cost, Instant start, Instant end) {
        return cost.price().multiply(BigDecimal.valueOf(cost.billing().units(start, end)));
    }
}
