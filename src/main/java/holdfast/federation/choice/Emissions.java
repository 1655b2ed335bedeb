package holdfast.federation.choice;

import holdfast.protocol.rear.Carbon;
import java.util.List;
import java.util.Optional;

/// What running a piece of a flavor for some hours emits (fluidos.md 6.8).
///
/// @param forecast grams for each kWh, an hour each, the first is now; empty if nobody knows
/// @param share of the flavor's CPU
/// @param hours for how long it runs
record Emissions(List<Long> forecast, long embodied, double share, int hours) {
    /// What a machine takes.
    private static final double KILOWATT = 0.3;

    /// After how many hours a machine is thrown away: four years.
    private static final double LIFETIME = 365.0 * 4 * 24;

    static Emissions of(Offer offer, int hours) {
        var carbon = offer.flavor().kind().properties().carbon();
        return new Emissions(
                carbon.map(Carbon::operational)
                        .filter(all -> all.stream().allMatch(grams -> grams >= 0))
                        .orElse(List.of()),
                carbon.map(Carbon::embodied).filter(grams -> grams >= 0).orElse(0L),
                offer.share(),
                hours);
    }

    /// The worst hour that is told of.
    Optional<Long> worst() {
        return forecast.stream().max(Long::compare);
    }

    /// Grams if it begins after `slot` hours; empty if nobody knows. Hours beyond the forecast are like its worst.
    Optional<Double> grams(int slot) {
        return worst().map(worst -> grams(slot, worst));
    }

    /// The same, with grams for a kWh in hours of which nobody knows.
    double grams(int slot, long unknown) {
        long sum = 0;
        for (int hour = slot; hour < slot + hours; hour++) {
            sum += hour < forecast.size() ? forecast.get(hour) : unknown;
        }
        return total(sum);
    }

    /// @param sum of grams for a kWh over its hours
    double total(long sum) {
        return sum * share * KILOWATT + embodied / LIFETIME / 2 * hours;
    }
}
