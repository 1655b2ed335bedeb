package holdfast;

import static java.util.stream.Collectors.joining;

import holdfast.broker.market.HoldPolicy;
import holdfast.core.Answer;
import holdfast.core.Quantity;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// What one of those others may hold, and how often it may ask.
///
/// @param perSecond questions of one caller; 20 unless said otherwise
/// @param burst of them at once; 40 unless said otherwise
/// @param holdSeconds how long a piece is held, 30 to 3600; 900 unless said otherwise
/// @param holds of one buyer at once; 20 unless said otherwise
/// @param share percent of one offer that one buyer may hold; 100 unless said otherwise
/// @param contracts of one domain at once; no limit unless said otherwise
/// @param held the most that one domain may hold, such as `cpu: 64`; no limit unless said otherwise
record FederationLimits(
        Optional<Integer> perSecond,
        Optional<Integer> burst,
        Optional<Integer> holdSeconds,
        Optional<Integer> holds,
        Optional<Integer> share,
        Optional<Long> contracts,
        Optional<Map<String, String>> held) {
    Optional<Pace> pace() {
        return perSecond.isEmpty() && burst.isEmpty()
                ? Optional.empty()
                : Optional.of(new Pace(perSecond.orElse(Pace.USUAL.perSecond()), burst.orElse(Pace.USUAL.burst())));
    }

    HoldPolicy policy() {
        var usual = HoldPolicy.USUAL;
        try {
            return new HoldPolicy(
                    holdSeconds.map(Duration::ofSeconds).orElse(usual.life()),
                    holds.orElse(usual.holds()),
                    share.orElse(usual.share()),
                    held.map(FederationLimits::vector).orElse(usual.held()),
                    contracts.orElse(usual.contracts()));
        } catch (IllegalArgumentException e) {
            throw FederationSettings.wrong("limits", "is not right: " + e.getMessage());
        }
    }

    private static Vector vector(Map<String, String> amounts) {
        var vector = Vector.NONE;
        for (var named : amounts.entrySet()) {
            var dimension = Arrays.stream(Dimension.values())
                    .filter(one -> one.word().equals(named.getKey()))
                    .findFirst()
                    .orElseThrow(() -> FederationSettings.wrong(
                            "limits.held",
                            "names " + named.getKey() + "; there are: "
                                    + Arrays.stream(Dimension.values())
                                            .map(Dimension::word)
                                            .collect(joining(", "))));
            vector = switch (Quantity.of(named.getValue())) {
                case Answer.Yes<Quantity>(var amount) -> vector.with(dimension, amount);
                case Answer.No<Quantity>(var why) ->
                    throw FederationSettings.wrong("limits.held." + named.getKey(), "is no amount: " + why.message());
            };
        }
        return vector;
    }

    /// @param perSecond questions of one caller
    /// @param burst of them at once
    record Pace(int perSecond, int burst) {
        static final Pace USUAL = new Pace(20, 40);
        private static final int MOST = 100_000;

        Pace {
            if (perSecond < 1 || perSecond > MOST || burst < 1 || burst > MOST) {
                throw FederationSettings.wrong("limits", "must have perSecond and burst from 1 to " + MOST);
            }
        }
    }
}
