package holdfast.orchestrator.intents;

import holdfast.protocol.rear.Constraint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What was measured of a part that runs, held against what was asked for (fluidos.md 6.9). Pure.
///
/// @param care with what is known now
/// @param violated what is outside of what was asked for, and was so often enough in a row
record Measured(Care care, Optional<String> violated) {
    /// @param hard conditions of the part
    /// @param seen what was measured, as conditions that hold: `latency = 80`
    static Measured of(Care care, List<Constraint> hard, List<Constraint> seen, Instant now) {
        var after = care;
        var violated = Optional.<String>empty();
        for (var condition : hard) {
            for (var one : seen) {
                if (one.metric() == condition.metric()) {
                    var streak = streak(after, condition, one, now);
                    after = with(after, condition, streak);
                    violated = violated.or(() -> streak.filter(Streak::isEnough)
                            .map(enough -> "'%s' was asked for, and '%s' was measured %d times in a row"
                                    .formatted(condition, one, enough.times())));
                }
            }
        }
        return new Measured(after, violated);
    }

    /// @return empty if it is as it should be
    private static Optional<Streak> streak(Care care, Constraint condition, Constraint seen, Instant now) {
        if (condition.allows(seen)) {
            return Optional.empty();
        }
        return care.streaks().stream()
                .filter(streak -> streak.condition().equals(condition.toString()))
                .findFirst()
                .map(streak -> streak.and(now))
                .or(() -> Optional.of(Streak.first(condition.toString(), now)));
    }

    private static Care with(Care care, Constraint condition, Optional<Streak> streak) {
        var others = care.streaks().stream()
                .filter(one -> !one.condition().equals(condition.toString()))
                .toList();
        return care.measured(Stream.concat(others.stream(), streak.stream()).toList());
    }
}
