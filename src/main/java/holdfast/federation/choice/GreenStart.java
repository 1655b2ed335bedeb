package holdfast.federation.choice;

import java.util.List;
import java.util.Optional;

/// When to begin, and where, so that the least is emitted, for who may wait (fluidos.md 6.8).
public final class GreenStart {
    /// Hours that anybody may wait.
    public static final int LONGEST = 24;

    private GreenStart() {}

    /// @param slot after how many hours it begins
    /// @param grams what it emits
    public record Choice(Offer offer, int slot, double grams) {}

    /// Whether anybody forecasts anything.
    public static boolean isForecast(List<Offer> offers) {
        return offers.stream().anyMatch(offer -> Emissions.of(offer, 1).worst().isPresent());
    }

    /// The offer and the hour with the least emissions; of equals the earlier hour, then the smaller id. What
    /// nobody forecasts is taken to be as bad as the worst that somebody does.
    ///
    /// @param hours for how long it runs, at least 1
    /// @param deadline hours within which it must begin: 0 to 24, of which the last may be used
    /// @return empty if there is no offer
    public static Optional<Choice> best(List<Offer> offers, int hours, int deadline) {
        if (hours < 1 || deadline < 0 || deadline > LONGEST) {
            throw new IllegalArgumentException(
                    "for " + hours + " hours within " + deadline + " hours; at least 1, and 0 to " + LONGEST);
        }
        long worst = offers.stream()
                .flatMap(offer -> Emissions.of(offer, hours).worst().stream())
                .max(Long::compare)
                .orElse(0L);
        return offers.stream().map(offer -> best(offer, hours, deadline, worst)).min(GreenStart::compare);
    }

    /// A window that slides over the forecast: O(deadline + hours) rather than their product.
    private static Choice best(Offer offer, int hours, int deadline, long worst) {
        var emissions = Emissions.of(offer, hours);
        var forecast = emissions.forecast();
        long sum = 0;
        for (int hour = 0; hour < hours; hour++) {
            sum += at(forecast, hour, worst);
        }
        int slot = 0;
        long least = sum;
        for (int begin = 1; begin <= deadline; begin++) {
            sum += at(forecast, begin + hours - 1, worst) - at(forecast, begin - 1, worst);
            if (sum < least) {
                least = sum;
                slot = begin;
            }
        }
        return new Choice(offer, slot, emissions.total(least));
    }

    private static long at(List<Long> forecast, int hour, long worst) {
        return hour < forecast.size() ? forecast.get(hour) : worst;
    }

    private static int compare(Choice one, Choice other) {
        int grams = Double.compare(one.grams, other.grams);
        if (grams != 0) {
            return grams;
        }
        int slot = Integer.compare(one.slot, other.slot);
        if (slot != 0) {
            return slot;
        }
        int id = one.offer.flavor().id().compareTo(other.offer.flavor().id());
        return id != 0 ? id : one.offer.peer().compareTo(other.offer.peer());
    }
}
