package holdfast.federation.choice;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;

import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Objective;
import holdfast.protocol.rear.Wish;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Orders offers, the best first (fluidos.md 6.8). What it says does not depend on the order in which they come.
public final class Ranking {
    /// What it costs an offer to meet none of the soft constraints: less than the worst price, more than the worst
    /// rating.
    private static final double SOFT = 0.5;

    /// For how long emissions are reckoned when offers are compared.
    private static final int HOURS = 2;

    private Ranking() {}

    /// An offer that meets every hard constraint.
    ///
    /// @param score the lower the better, 0 to 1.5
    /// @param unmet the soft constraints that it does not meet
    public record Ranked(Offer offer, double score, List<Constraint> unmet) {}

    private record Weights(double price, double carbon, double latency, double rating, double waste) {
        /// As in fluidos.md 6.8; hops and age, which no offer tells of here, go to the first of each.
        static Weights of(Objective objective) {
            return switch (objective) {
                case CHEAPEST -> new Weights(0.7, 0, 0, 0.2, 0.1);
                case GREENEST -> new Weights(0.2, 0.7, 0, 0.1, 0);
                case NEAREST -> new Weights(0, 0, 0.7, 0.3, 0);
                case BEST_RATED -> new Weights(0.2, 0, 0, 0.8, 0);
                case BALANCED -> new Weights(0.25, 0.25, 0.25, 0.25, 0);
            };
        }
    }

    /// Those that meet every hard constraint. A price counts only in the currency that most of them have: nothing
    /// is converted. Who is cheapest is not asked of what has no such price; that comes last.
    public static List<Ranked> rank(List<Offer> offers, Wish wish) {
        var fit = offers.stream()
                .filter(offer -> wish.hard().stream().allMatch(offer::meets))
                .toList();
        var currency = currency(fit);
        Function<Offer, Optional<BigDecimal>> price =
                offer -> offer.hourly().filter(_ -> offer.currency().equals(currency));
        var prices = scale(fit, offer -> price.apply(offer).map(BigDecimal::doubleValue));
        var carbon = scale(fit, offer -> Emissions.of(offer, HOURS).grams(0));
        var latency = scale(
                fit,
                offer -> offer.nearness().isPresent()
                        ? Optional.of((double) offer.nearness().getAsInt())
                        : Optional.empty());
        var weights = Weights.of(wish.objective());
        Comparator<Ranked> unpriced = comparing(ranked -> wish.objective() == Objective.CHEAPEST
                && price.apply(ranked.offer).isEmpty());
        return fit.stream()
                .map(offer -> {
                    var unmet = wish.soft().stream()
                            .filter(constraint -> !offer.meets(constraint))
                            .toList();
                    double score = weights.price * prices.apply(offer)
                            + weights.carbon * carbon.apply(offer)
                            + weights.latency * latency.apply(offer)
                            + weights.rating * (1 - offer.rating())
                            + weights.waste * offer.waste()
                            + (unmet.isEmpty()
                                    ? 0
                                    : SOFT * unmet.size() / wish.soft().size());
                    return new Ranked(offer, score, unmet);
                })
                .sorted(unpriced.thenComparing(comparingDouble(Ranked::score))
                        .thenComparing(
                                ranked -> price.apply(ranked.offer),
                                comparing((Optional<BigDecimal> one) -> one.isEmpty())
                                        .thenComparing(one -> one.orElse(BigDecimal.ZERO)))
                        .thenComparing(ranked -> ranked.offer.flavor().id())
                        .thenComparing(ranked -> ranked.offer.peer()))
                .toList();
    }

    /// Why none of them is an offer for that: for people, empty if one is.
    public static Optional<String> hindrance(List<Offer> offers, Wish wish) {
        if (offers.isEmpty() || !rank(offers, wish).isEmpty()) {
            return Optional.empty();
        }
        var never = wish.hard().stream()
                .filter(constraint -> offers.stream().noneMatch(offer -> offer.meets(constraint)))
                .map(Constraint::toString)
                .collect(Collectors.joining("', '"));
        return Optional.of("of " + offers.size() + " that are large enough none meets "
                + (never.isEmpty() ? "all of its hard conditions" : "'" + never + "'"));
    }

    /// That of most offers with a price, of as many the first by name; empty if none has any.
    private static String currency(List<Offer> offers) {
        return offers.stream()
                .filter(offer -> offer.hourly().isPresent())
                .collect(Collectors.groupingBy(Offer::currency, Collectors.counting()))
                .entrySet()
                .stream()
                .min(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("");
    }

    /// From 0 for the least to 1 for the greatest and for what is not known; 0 if all that is known is equal.
    private static Function<Offer, Double> scale(List<Offer> offers, Function<Offer, Optional<Double>> value) {
        var known = offers.stream()
                .flatMap(offer -> value.apply(offer).stream())
                .collect(Collectors.summarizingDouble(Double::doubleValue));
        return offer -> value.apply(offer).map(one -> scaled(one, known)).orElse(1.0);
    }

    private static double scaled(double value, DoubleSummaryStatistics known) {
        double width = known.getMax() - known.getMin();
        return width > 0 ? (value - known.getMin()) / width : 0;
    }
}
