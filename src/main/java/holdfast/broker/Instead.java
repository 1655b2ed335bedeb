package holdfast.broker;

import holdfast.broker.choice.Alternatives;
import holdfast.broker.choice.Alternatives.Alternative;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A request that could be sent instead of one that was refused (promise.md 6.3): the same but for what had to change.
///
/// @param kind what was changed
public record Instead(Alternatives.Kind kind, ReservationRequest request) {
    /// One whose start was not known stays so. Its expiry and its warning move with its start; what of them is no
    /// longer in its time is left out.
    ///
    /// @param claimed what was asked for all in all
    /// @return empty if what would be accepted cannot be said in a request
    static Optional<Instead> of(ReservationRequest asked, Interval claimed, Alternative one) {
        var when = one.ask().when();
        if (asked.flexible().isEmpty()) {
            return Optional.of(during(asked, when, one));
        }
        var flexible =
                when.equals(claimed) ? asked.flexible() : asked.flexible().get().claiming(when, claimed);
        return flexible.map(
                window -> during(asked.starting(window), Interval.of(window.earliest(), window.duration()), one));
    }

    private static Instead during(ReservationRequest asked, Interval term, Alternative one) {
        var by = Duration.between(asked.when().from(), term.from());
        var items = one.ask().items().stream()
                .map(item -> Waiting.stretched(item, one.ask().when(), term))
                .toList();
        return new Instead(
                one.kind(),
                new ReservationRequest(
                        asked.name(),
                        term,
                        asked.flexible(),
                        moved(asked.expiry(), by, one.ask().when()),
                        asked.offer(),
                        moved(asked.warnAt(), by, one.ask().when()),
                        asked.priority(),
                        asked.pinned(),
                        asked.prefer(),
                        items,
                        asked.lapses(),
                        asked.lasts()));
    }

    private static Optional<Instant> moved(Optional<Instant> instant, Duration by, Interval when) {
        return instant.map(by::addTo).map(Instant::from).filter(when::contains);
    }
}
