package holdfast.federation.choice;

import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Prices;
import holdfast.protocol.rear.Vector;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/// What could be bought.
///
/// @param peer from whom
/// @param asked what would be taken of it
/// @param latency milliseconds to the peer, if it was measured
/// @param rating of the peer, 0 to 1, see [Rating]
public record Offer(UUID peer, Flavor flavor, Vector asked, OptionalInt latency, double rating) {
    /// What an hour of what is asked for costs; empty if it is unpriced.
    public Optional<BigDecimal> hourly() {
        return Prices.piece(flavor, asked)
                .flatMap(quote -> flavor.price()
                        .flatMap(price -> price.with(quote.amount()).hourly()));
    }

    String currency() {
        return flavor.price().map(Price::currency).orElse("");
    }

    /// Milliseconds: as measured, else as its owner says; empty if nobody says.
    OptionalInt nearness() {
        int told = flavor.kind().properties().latency();
        return latency.isPresent() || told <= 0 ? latency : OptionalInt.of(told);
    }

    boolean meets(Constraint constraint) {
        return constraint.met(flavor, new Constraint.Known(latency, hourly()));
    }

    /// The share of the flavor's CPU that is asked for; all of it if it has none.
    double share() {
        return ratio(Dimension.CPU, asked).orElse(1.0);
    }

    /// The largest share of what would be left that is too little to be sold again.
    double waste() {
        var rest = flavor.kind().vector().minus(asked);
        var minimum = flavor.kind().policy().minimum();
        double waste = 0;
        for (var dimension : Dimension.values()) {
            if (rest.get(dimension).signum() > 0 && rest.get(dimension).compareTo(minimum.get(dimension)) < 0) {
                waste = Math.max(waste, ratio(dimension, rest).orElse(0.0));
            }
        }
        return waste;
    }

    private Optional<Double> ratio(Dimension dimension, Vector part) {
        var whole = flavor.kind().vector().get(dimension);
        return whole.signum() <= 0
                ? Optional.empty()
                : Optional.of(
                        part.get(dimension).nano().doubleValue() / whole.nano().doubleValue());
    }
}
