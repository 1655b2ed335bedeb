package holdfast.orchestrator.intents;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// How it goes with a part that is to run: what is wrong with it, and what is to take its place (fluidos.md 3.10, 6.9).
///
/// @param ran whether it ever ran: until then it is not looked after
/// @param doubt what is wrong with it, as far as anybody has said
/// @param next the slice that is to take its place
/// @param former slices that were no good, the latest last
/// @param tries how often another one was looked for
/// @param tried when the last time
/// @param again when it is to be looked at again
/// @param streaks of measurements that its conditions do not allow
public record Care(
        boolean ran,
        Optional<Doubt> doubt,
        Optional<UUID> next,
        List<UUID> former,
        int tries,
        Optional<Instant> tried,
        Optional<Instant> again,
        List<Streak> streaks) {
    /// Of which nothing ill is known.
    static final Care NONE = new Care(
            false, Optional.empty(), Optional.empty(), List.of(), 0, Optional.empty(), Optional.empty(), List.of());

    public Care {
        former = List.copyOf(former);
        streaks = List.copyOf(streaks);
    }

    /// What is wrong with a part.
    ///
    /// @param sure whether it is established; else it may pass
    public record Doubt(String why, Instant since, boolean sure) {}

    /// What is wrong for good.
    Optional<String> broken() {
        return doubt.filter(Doubt::sure).map(Doubt::why);
    }

    Care running() {
        return new Care(true, doubt, next, former, tries, tried, again, streaks);
    }

    Care doubting(Optional<Doubt> wrong) {
        return new Care(ran, wrong, next, former, tries, tried, again, streaks);
    }

    Care lookedAt(Optional<Instant> time) {
        return new Care(ran, doubt, next, former, tries, tried, time, streaks);
    }

    Care measured(List<Streak> all) {
        return new Care(ran, doubt, next, former, tries, tried, again, all);
    }

    /// Another one is looked for.
    Care trying(Instant now) {
        return new Care(ran, doubt, next, former, tries + 1, Optional.of(now), again, streaks);
    }

    Care with(UUID other) {
        return new Care(ran, doubt, Optional.of(other), former, tries, tried, again, streaks);
    }

    /// What was to take its place cannot be had.
    Care without() {
        return new Care(ran, doubt, Optional.empty(), with(next.stream()), tries, tried, again, streaks);
    }

    /// Another one has taken its place.
    Care instead(UUID old) {
        return new Care(
                true,
                Optional.empty(),
                Optional.empty(),
                with(Stream.of(old)),
                tries,
                tried,
                Optional.empty(),
                List.of());
    }

    private List<UUID> with(Stream<UUID> more) {
        return Stream.concat(former.stream(), more).toList();
    }
}
