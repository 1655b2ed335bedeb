package holdfast.broker.choice;

import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A start that is not known yet (promise.md 4.4).
///
/// @param earliest first instant at which it may start
/// @param latest last instant at which it may start
/// @param duration how long it lasts then, positive
/// @param recall for [Mode#STANDBY]: how long those to whom it is lent have to leave, never negative
public record FlexibleWindow(Mode mode, Instant earliest, Instant latest, Duration duration, Duration recall) {
    public enum Mode {
        /// The system picks the earliest start at which it fits, and tells it.
        FIX,
        /// All of the time in which it may be is claimed, until it is activated.
        ENVELOPE,
        /// Claimed for ever and lent to others, until it is activated.
        STANDBY
    }

    /// @throws holdfast.core.RefusedException if it cannot start or does not last
    public FlexibleWindow {
        if (latest.isBefore(earliest)) {
            throw Limits.malformed("start.latest", "start.latest is " + latest + ", before start.earliest " + earliest);
        }
        if (duration.isNegative() || duration.isZero()) {
            throw Limits.malformed("duration", "duration is " + duration + "; it must be positive");
        }
        if (recall.isNegative()) {
            throw Limits.malformed("recall", "recall is " + recall + "; it must not be negative");
        }
    }

    /// What is claimed until it is activated; for [Mode#FIX] the first time that it may have.
    public Interval envelope() {
        return switch (mode) {
            case FIX -> Interval.of(earliest, duration);
            case ENVELOPE -> new Interval(earliest, latest.plus(duration));
            case STANDBY -> new Interval(earliest, Instant.MAX);
        };
    }

    /// The same when it claims `when` instead of `claimed`: another range of starts, of which at least one is left;
    /// it lasts less only where there is no time for more.
    ///
    /// @return empty if there is none that does
    public Optional<FlexibleWindow> claiming(Interval when, Interval claimed) {
        var from = when.from();
        return switch (mode) {
            case FIX -> {
                var last = latest.isBefore(from) ? from : latest;
                yield Optional.of(new FlexibleWindow(mode, from, last, when.length(), recall));
            }
            case ENVELOPE -> {
                var whole = when.until().minus(duration);
                var last = whole.isBefore(from) ? from : whole;
                yield Optional.of(new FlexibleWindow(mode, from, last, Duration.between(last, when.until()), recall));
            }
            case STANDBY -> {
                var last = latest.isBefore(from) ? from : latest;
                yield from.equals(claimed.from())
                        ? Optional.empty() // it is claimed for as long as policy allows, not for less
                        : Optional.of(new FlexibleWindow(mode, from, last, duration, recall));
            }
        };
    }

    /// The same that starts no later than this, but may start at its earliest.
    public FlexibleWindow startingBy(Instant last) {
        return last.isBefore(latest)
                ? new FlexibleWindow(mode, earliest, last.isBefore(earliest) ? earliest : last, duration, recall)
                : this;
    }

    /// What is left of the claim once it is activated: from now for the duration, after the time to recall what was
    /// lent. All else of the claim is free again.
    public Answer<Interval> activate(Instant now) {
        if (mode == Mode.FIX) {
            return Answer.no(Refusal.clash("its start is fixed; there is nothing to activate"));
        }
        if (now.isBefore(earliest)) {
            return Answer.no(Refusal.clash("it may start from " + earliest + " on, and it is " + now));
        }
        if (mode == Mode.ENVELOPE && now.isAfter(latest)) {
            return Answer.no(Refusal.clash("it had to start by " + latest + ", and it is " + now));
        }
        var ready = mode == Mode.STANDBY ? now.plus(recall) : now;
        return Answer.yes(new Interval(now, ready.plus(duration)));
    }

    /// The request at the earliest start from `earliest` to `latest` at which it is accepted.
    ///
    /// @param ask begins at `earliest` and lasts for `duration`
    /// @param decisions how often [Choice#decide] may be asked
    public Optional<Ask> fix(Ask ask, Snapshot snapshot, int decisions) {
        return Alternatives.earliest(ask, snapshot, earliest, latest.plus(duration), decisions);
    }
}
