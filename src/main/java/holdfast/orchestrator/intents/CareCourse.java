package holdfast.orchestrator.intents;

import holdfast.orchestrator.intents.Care.Doubt;
import holdfast.orchestrator.intents.IntentCourse.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is done about a part that is lost, or no longer what was promised: another one is looked for, and takes its
/// place once it runs. A pure function of what there is to see: to look once more changes nothing.
///
/// Bounded: each part is replaced at most [#MOST] times, with longer and longer pauses, and not for the last minutes
/// of its term.
final class CareCourse {
    /// How often another one is looked for.
    static final int MOST = 3;
    /// Trouble that is told of may pass within this time.
    static final Duration PATIENCE = Duration.ofMinutes(2);
    /// For less of a term nothing else is bought.
    static final Duration WORTH = Duration.ofMinutes(10);

    private static final List<Duration> PAUSES = List.of(Duration.ZERO, Duration.ofMinutes(5), Duration.ofMinutes(20));

    private CareCourse() {}

    /// What there is to see of a part.
    ///
    /// @param now how far what it has is
    /// @param lost why that is gone, if it went by itself
    /// @param trouble what is wrong with it just now
    /// @param next how far what is to take its place is
    /// @param at the time
    /// @param until the end of its term
    record Sight(
            Progress now,
            Optional<String> lost,
            Optional<String> trouble,
            Optional<Progress> next,
            Instant at,
            Instant until) {}

    /// What is to be done.
    enum Act {
        NOTHING,
        /// Look for another one.
        REPLACE,
        /// What was to take its place runs: the old one is given back.
        SWITCH
    }

    /// @param progress how far the part is, with all that is done about it
    record Turn(Care care, Act act, Progress progress) {}

    static Turn next(Care care, Sight sight) {
        if (!care.ran() && sight.now != Progress.RUNNING) {
            return new Turn(care, Act.NOTHING, sight.now);
        }
        var known = care.running().doubting(doubt(care, sight)).lookedAt(Optional.empty());
        if (sight.next.equals(Optional.of(Progress.RUNNING))) {
            return new Turn(known, Act.SWITCH, Progress.RUNNING);
        }
        if (sight.next.filter(Progress.OVER::equals).isPresent()) {
            return idle(known.without(), sight);
        }
        return sight.next
                .map(progress -> new Turn(known, Act.NOTHING, progress))
                .orElseGet(() -> idle(known, sight));
    }

    private static Optional<Doubt> doubt(Care care, Sight sight) {
        var wrong = sight.lost.or(() -> sight.trouble);
        if (wrong.isEmpty()) {
            return care.doubt().filter(Doubt::sure);
        }
        var since = care.doubt().map(Doubt::since).orElse(sight.at);
        boolean sure = care.broken().isPresent() || sight.lost.isPresent() || !sight.at.isBefore(since.plus(PATIENCE));
        return Optional.of(new Doubt(care.broken().orElse(wrong.get()), since, sure));
    }

    /// Nothing takes its place yet.
    private static Turn idle(Care care, Sight sight) {
        boolean isThere = sight.now != Progress.OVER;
        if (care.broken().isEmpty()) {
            var again = care.doubt().map(doubt -> doubt.since().plus(PATIENCE));
            return new Turn(care.lookedAt(again), Act.NOTHING, sight.now);
        }
        if (!isThere && sight.lost.isEmpty()) {
            return new Turn(care, Act.NOTHING, Progress.OVER); // taken down by its user, or its term is over
        }
        if (care.tries() >= MOST || sight.until.minus(WORTH).isBefore(sight.at)) {
            return new Turn(care, Act.NOTHING, isThere ? Progress.BROKEN : Progress.OVER);
        }
        var earliest =
                care.tried().map(last -> last.plus(PAUSES.get(care.tries()))).orElse(sight.at);
        return earliest.isAfter(sight.at)
                ? new Turn(care.lookedAt(Optional.of(earliest)), Act.NOTHING, Progress.BROKEN)
                : new Turn(care.trying(sight.at), Act.REPLACE, Progress.BROKEN);
    }
}
